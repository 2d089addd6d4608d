"""The bill of materials holds to its schema and leaves nothing out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from donghaeng.trust.supply.bom import bill_of_materials
from donghaeng.trust.supply.components import installed
from donghaeng.trust.supply.licences import load_policy
from donghaeng.trust.supply.weights import load_weights

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_the_bill_is_valid_and_whole() -> None:
    packages, weights = installed(), load_weights()
    text = bill_of_materials(packages, weights, load_policy(), serial=UUID(int=7), now=NOW)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    assert bill["metadata"]["component"]["name"] == "donghaeng"
    names = {component["name"] for component in bill["components"]}
    assert names == {one.name for one in packages if one.name != "donghaeng"} | {one.name for one in weights}
    models = [one for one in bill["components"] if one["type"] == "machine-learning-model"]
    assert {one["hashes"][0]["content"] for one in models} == {one.sha256 for one in weights}
    ours = next(one for one in bill["dependencies"] if one["ref"].startswith("pkg:pypi/donghaeng@"))
    assert any(ref.startswith("pkg:pypi/click@") for ref in ours["dependsOn"])


def test_two_bills_differ_in_nothing_but_what_is_given() -> None:
    made = [
        bill_of_materials(installed(), load_weights(), load_policy(), serial=UUID(int=7), now=NOW)
        for _ in range(2)
    ]
    assert made[0] == made[1]
