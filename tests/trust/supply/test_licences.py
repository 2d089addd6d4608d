"""Licences are read from what packages say in three ways, and none slips in that the policy does not name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from donghaeng.trust.supply.components import Package, installed
from donghaeng.trust.supply.licences import UNKNOWN, judge, licence_of, load_policy

PLAIN = Package("thing", "1.0", None, None, (), "", ())


@pytest.mark.parametrize(
    ("package", "licence"),
    [
        (replace(PLAIN, licence_expression="MIT OR GPL-3.0-only", licence_text="BSD"), "MIT OR GPL-3.0-only"),
        (replace(PLAIN, licence_text="3-Clause BSD License"), "BSD-3-Clause"),
        (replace(PLAIN, licence_text="MPL-2.0 AND MIT"), "MPL-2.0 AND MIT"),
        (replace(PLAIN, licence_text="see LICENSE", classifiers=("OSI Approved :: MIT License",)), "MIT"),
        (
            replace(PLAIN, classifiers=("OSI Approved :: MIT License", "OSI Approved :: BSD License")),
            "BSD-3-Clause AND MIT",
        ),
        (replace(PLAIN, licence_text="ask me", classifiers=("Other/Proprietary License",)), UNKNOWN),
        (PLAIN, UNKNOWN),
    ],
)
def test_the_licence_is_what_the_package_says(package: Package, licence: str) -> None:
    assert licence_of(package, load_policy()) == licence


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MIT AND Apache-2.0", True),
        ("GPL-3.0-only OR MIT", True),
        ("(GPL-3.0-only OR MIT) AND BSD-3-Clause", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only AND MIT", False),
        ("LGPL-3.0-only", False),
        ("No-Such-Licence", False),
        ("MIT AND", False),
        (UNKNOWN, False),
    ],
)
def test_only_what_the_policy_names_is_let_in(expression: str, allowed: bool) -> None:
    (judged,) = judge([replace(PLAIN, licence_expression=expression)], load_policy())
    assert judged.allowed is allowed


def test_an_exemption_holds_for_its_package_alone() -> None:
    exempt, other = judge(
        [
            replace(PLAIN, name="soxr", licence_expression="LGPL-2.1-or-later"),
            replace(PLAIN, licence_expression="LGPL-2.1-or-later"),
        ],
        load_policy(),
    )
    assert (exempt.allowed, bool(exempt.why)) == (True, True)
    assert not other.allowed


def test_every_package_of_this_program_is_allowed() -> None:
    refused = [
        (one.package.name, one.licence)
        for one in judge(installed(extras=frozenset({"cluster", "postgresql", "wyoming"})), load_policy())
        if not one.allowed
    ]
    assert refused == []
