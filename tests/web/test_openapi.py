"""Property-based calls of every operation that `/openapi.json` documents."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection
from tests.profiles import examples, thorough

from donghaeng.conversation.door import Opening

EXAMPLES = 15
"""Cases per operation and test; more find nothing new and use up the minute that this file may last."""
OPERATIONS = 23
OWNERS_EXCLUDED = [
    ignored_auth,  # a wrong token is answered like an unknown conversation: 404, where the check wants 401
    negative_data_rejection,  # the owner's token and path repair what a case got wrong
]


@pytest.fixture
def api(app: FastAPI) -> BaseSchema:
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def try_all(api: BaseSchema, mode: GenerationMode, call: Callable[[Case], object]) -> int:
    """Call every operation with generated cases; how many operations there were."""
    tried = 0
    for result in api.get_all_operations():

        @hypothesis_settings(
            max_examples=examples(EXAMPLES),
            deadline=None,
            derandomize=not thorough(),
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=result.ok().as_strategy(mode))
        def check(case: Case) -> None:
            call(case)

        with contextlib.suppress(Unsatisfiable):  # an operation without input has nothing to get wrong
            check()
        tried += 1
    return tried


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_strangers_calls_are_answered_as_documented(api: BaseSchema, mode: GenerationMode) -> None:
    assert try_all(api, mode, Case.call_and_validate) == OPERATIONS


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_owners_calls_are_answered_as_documented(
    api: BaseSchema, conversations, mode: GenerationMode
) -> None:
    def call(case: Case) -> None:
        reply = asyncio.run(conversations.open(Opening()))
        case.path_parameters["conversation"] = reply.conversation
        case.call_and_validate(
            headers={"Authorization": f"Bearer {reply.token}"}, excluded_checks=OWNERS_EXCLUDED
        )

    assert try_all(api.include(path_regex="conversation}"), mode, call) == 5
