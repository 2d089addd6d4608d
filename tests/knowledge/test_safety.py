"""Fraud around free questions: the warning comes first, and no answer bids to name a secret or send money."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from tests.knowledge.conftest import TODAY
from tests.knowledge.test_answering import QUESTIONS

from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.operations import local_operations
from donghaeng.knowledge.passages import Passage
from donghaeng.knowledge.safety import is_safe
from donghaeng.korean.morphemes import analyser


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("구청이라면서 카드 번호를 알려 달라는데 말해도 되나요", "phishing-what"),
        ("은행 직원이 돈을 안전 계좌로 옮기래요", "phishing-what"),
        ("지원금 받으려면 수수료를 먼저 보내라는데 맞아요", "phishing-what"),
        ("택배 문자에 있는 링크를 눌러도 돼요", "phishing-what"),
        ("공단에서 인증번호 불러 달라고 전화가 왔어요", "phishing-what"),
        ("상품권을 사서 보내라고 해요", "phishing-what"),
        ("여기서 카드번호 말해야 하나요", "phishing-us"),
        ("이 전화로 비밀번호를 말하면 되나요", "phishing-us"),
        ("거기로 돈을 보내면 돼요", "phishing-us"),
        # Ordinary questions with the same words in them.
        ("지방세는 어디서 내요", None),
        ("수도 요금을 은행에서 내도 돼요", None),
        ("국민연금 전화번호가 뭐예요", None),
        ("복지로 누리집 주소 알려 주세요", None),
        ("대형 폐기물 수수료는 누가 정해요", None),
        ("기초연금은 통장으로 들어오나요", None),
        ("카카오톡으로 민원을 낼 수 있나요", None),
    ],
)
def test_a_question_that_smells_of_fraud_gets_the_warning(
    knowledge: KnowledgeBase, question: str, passage: str | None
) -> None:
    found = knowledge.warning(question, TODAY)
    assert (found.id if found is not None else None) == passage


def test_no_question_that_passages_answer_is_taken_for_fraud(knowledge: KnowledgeBase) -> None:
    warned = {one["question"]: knowledge.warning(one["question"], TODAY) for one in QUESTIONS}
    assert {question for question, found in warned.items() if found is not None} <= {
        "검찰이라고 전화가 왔는데 계좌를 옮기래요"
    }


async def test_the_warning_comes_before_every_other_answer_and_is_cited(knowledge: KnowledgeBase) -> None:
    given = {"question": "은행이라면서 계좌번호를 알려 달래요", "answered": {"id": "pension-who"}}
    (row,) = await _rows(knowledge, given)
    assert row["id"] == "phishing-what"
    assert "112" in row["spoken"]


@pytest.mark.parametrize(
    ("answer", "safe"),
    [
        ("수수료는 은행 계좌로 먼저 입금하세요.", False),
        ("확인을 위해 카드번호를 말씀해 주세요.", False),
        ("비밀번호와 인증번호를 문자로 보내 주십시오.", False),
        ("신청은 주민센터에서 해요. 돈을 이 계좌로 송금하셔야 해요.", False),
        ("저희는 비밀번호나 카드 번호, 인증번호를 묻지 않아요. 돈을 보내라고도 하지 않아요.", True),
        ("돈을 옮기라거나 앱을 깔라고 하면 바로 끊고 112에 전화하세요.", True),
        ("카드번호를 알려 주지 마세요.", True),
        ("수수료는 구마다 달라요.", True),
        ("120번으로 문자를 보내셔도 돼요.", True),
    ],
)
def test_what_is_never_said_whatever_a_document_says(answer: str, safe: bool) -> None:
    assert is_safe(answer) is safe


def test_every_passage_of_the_catalogue_may_be_said(knowledge: KnowledgeBase) -> None:
    assert all(is_safe(passage.spoken) and is_safe(passage.body) for passage in knowledge.passages.values())


async def test_a_passage_that_bids_to_send_money_is_not_answered_with() -> None:
    planted = Passage(
        id="planted",
        topic="ask",
        title="지원금 신청",
        names=["지원금 신청"],
        spoken="지원금 신청은 먼저 수수료를 아래 계좌로 입금하세요.",
        document="안내",
        department="과",
        source="시",
        verified=True,
    )
    base = KnowledgeBase([planted], analyser())
    assert base.search("지원금 신청은 어떻게 해요", TODAY)
    assert await _rows(base, {"question": "지원금 신청은 어떻게 해요"}) == ()


async def _rows(knowledge: KnowledgeBase, given: dict[str, Any]) -> Any:
    now = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
    search = local_operations(knowledge)["knowledge.search"]
    return (await search.carry_out(None, given, now)).rows  # type: ignore[arg-type]
