"""Questions without a subject: answered from what was answered last and its programme, or not at all."""

from __future__ import annotations

import pytest
from tests.knowledge.conftest import TODAY

from donghaeng.knowledge.base import KnowledgeBase
from donghaeng.knowledge.following import about_own_case, answer_about, is_akin, told_of_service

SERVICE = {
    "id": "WLF1",
    "name": "에너지바우처",
    "what": "추위와 더위를 견디기 어려운 분께 전기와 가스 이용권을 드려요",
    "targets": "저소득",
    "online": True,
    "phone": "129",
    "source": "복지로",
}


@pytest.mark.parametrize(
    ("before", "question", "found"),
    [
        ("pension-who", "그럼 몇 살부터 받아요", "pension-who"),
        ("pension-who", "어디로 가요", "pension-where"),
        ("pension-who", "신청은 어떻게 해요", "pension-where"),
        ("pension-who", "전화번호는요 번호가 뭐예요", "pension-where"),
        ("pension-where", "누가 받아요", "pension-who"),
        ("pension-who", "저도 받을 수 있어요", "pension-who"),
        ("safe-return-hours", "몇 시까지 해요", "safe-return-hours"),
        ("safe-return-hours", "주말에도 해요", "safe-return-hours"),
        ("safe-return-hours", "전화번호가 뭐예요", "safe-return-hours"),
        ("tax-property", "언제까지요", "tax-property"),
        ("tax-property", "어디서 내요", "tax-how"),
        ("certificate-register", "뭐 가져가요", "certificate-identity"),
        ("water-bill-where", "뭐가 필요해요", "water-bill-where"),
        ("disabled-taxi", "전화번호가 뭐예요", "disabled-taxi"),
        ("complaint-where", "어디에 올려요", "complaint-where"),
        # What nothing of the same programme says is not answered.
        ("pension-who", "그럼 얼마나 받아요", None),
        ("pension-who", "서류는 뭐가 필요해요", None),
        ("disabled-taxi", "얼마예요", None),
        ("disabled-taxi", "몇 시까지 해요", None),
        ("tax-how", "언제까지 내요", None),
        ("right-cctv", "언제까지요", None),
        ("call-120", "얼마예요", None),
        ("welfare-apply", "얼마나 줘요", None),
        # Neither what asks for nothing, nor what was never answered from.
        ("pension-who", "아이고 그렇구나", None),
        ("no-such-passage", "어디로 가요", None),
        ("pension-amount-2026", "얼마예요", None),
        ("tax-vehicle", "언제까지요", None),
    ],
)
def test_a_question_about_the_answer_before(
    knowledge: KnowledgeBase, before: str, question: str, found: str | None
) -> None:
    answer = knowledge.follow(question, before, TODAY)
    assert (answer[0].id if answer is not None else None) == found
    if answer is not None:
        assert all(part in answer[0].body for part in answer[1].split(". "))


def test_only_what_is_about_the_same_thing_is_akin(knowledge: KnowledgeBase) -> None:
    all_of = knowledge.passages
    assert is_akin(all_of["tax-property"], all_of["tax-how"])
    assert not is_akin(all_of["tax-how"], all_of["tax-property"]), "it is about one tax of three"
    assert not is_akin(all_of["tax-property"], all_of["tax-property-july"]), "it is about one month"
    assert not is_akin(all_of["welfare-apply"], all_of["care-sos"])
    assert not is_akin(all_of["right-data"], all_of["right-automated"])
    assert not is_akin(all_of["pension-who"], all_of["pension-who"])


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("누가 받아요", "대상은 저소득"),
        ("어디서 신청해요", "주민센터나 복지로 누리집"),
        ("전화번호가 뭐예요", "129번"),
        ("얼마나 줘요", None),
    ],
)
def test_a_service_is_asked_about_by_its_own_fields(question: str, held: str | None) -> None:
    answer = answer_about(question, told_of_service(SERVICE))
    assert answer is None if held is None else answer is not None and held in answer


def test_what_a_service_does_not_have_is_not_told() -> None:
    bare = SERVICE | {"targets": None, "online": False, "phone": None}
    assert told_of_service(bare) == f"{SERVICE['what']}. 신청은 주민센터에서 하세요."


@pytest.mark.parametrize(
    ("question", "own"),
    [
        ("저 받을 수 있어요", True),
        ("저도 되나요", True),
        ("우리 어머니도 해당되나요", True),
        ("기초연금을 제가 받을 수 있는지 봐 주세요", True),
        ("누가 받을 수 있어요", False),
        ("어디에 등록해야 탈 수 있어요", False),
        ("통화 녹음해도 되나요", False),
        ("몇 살부터 받을 수 있어요", False),
    ],
)
def test_who_asks_for_their_own_case_is_told_who_decides(question: str, own: bool) -> None:
    conditions = "기초연금은 만 65세 이상이고 소득이 하위 70%인 분께 드려요."
    assert about_own_case(question, conditions) is own
    assert not about_own_case(question, "등본은 주민센터에서 떼요.")
