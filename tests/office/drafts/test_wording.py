"""Sentences of a draft worded anew by a model over HTTP: only what says the same is offered."""

from __future__ import annotations

import json
from functools import partial

import pytest
from tests.language_models.server import Manner, answers, model_server, says

from donghaeng.knowledge.grounding import flaws
from donghaeng.korean.morphemes import placer
from donghaeng.language_models.chat_completions import ChatCompletions
from donghaeng.language_models.guard import GuardedModel
from donghaeng.office.drafts.editing import Row, text_of
from donghaeng.office.drafts.model import Look
from donghaeng.office.drafts.wording import DraftRewording, Offer

SENTENCE = "자료를 5일 안에 보내 주시기 바랍니다."
GOOD = "자료를 5일 안에 보내 주십시오."
ROWS = (
    Row("디지털 안내사 배치에 관한 협조 요청입니다.", Look.HEAD),
    Row(f"1. {SENTENCE}", body=True),
    Row("2. 교육은 모두에게 무료로 합니다. (근거: 교육 계획)", body=True),
    Row("3. 문의는 010-1234-5678 번호로 해 주시기 바랍니다.", body=True),
)


def said(sentence: str) -> Manner:
    return says(json.dumps({"sentences": [sentence]}))


async def offers(manner: Manner) -> tuple[list[Offer], list[str]]:
    with model_server(manner) as server:
        model = GuardedModel(ChatCompletions(server.url, "small"), deadline_s=5)
        found = await DraftRewording(model, partial(flaws, place=placer())).offers("제목", ROWS)
        return found, [str(one["messages"]) for one in server.asked]


async def test_what_says_the_same_is_offered_at_its_place_and_nothing_else_is_sent() -> None:
    (offer,), asked = await offers(said(GOOD))
    assert (offer.before, offer.after) == (SENTENCE, GOOD)
    assert text_of(ROWS)[offer.start : offer.end] == SENTENCE
    assert len(asked) == 1
    assert "010-1234" not in asked[0]
    assert "무료" not in asked[0]


@pytest.mark.parametrize(
    "manner",
    [
        said("자료를 7일 안에 보내 주십시오."),
        said("자료를 5일 안에 보내지 마십시오."),
        said(SENTENCE),
        says("아무 말"),
        answers(b"", 500),
    ],
    ids=["figure", "negation", "same", "nonsense", "error"],
)
async def test_what_says_something_else_or_nothing_is_not_shown(manner: Manner) -> None:
    assert (await offers(manner))[0] == []
