"""What the card for the fridge says can be said is understood as it stands."""

from __future__ import annotations

from tests.lessons.given import LEARNING
from tests.understanding.scene import understood

from donghaeng.understanding.acts import ActKind

SAYINGS = {
    "버스 언제 와요?": "bus_arrival",
    "지하철 언제 와요?": "subway_arrival",
    "장애인 콜택시 불러 줘요": "call_taxi",
    "문 연 약국 어디예요?": "pharmacy",
    "병원 찾아 줘요": "hospital",
    "치매 검사 예약할게요": "dementia_check",
    "소파 버리고 싶어요": "bulky_waste",
    "수도가 얼었어요": "meter_freeze",
    "오늘 비 와요?": "weather",
    "받을 수 있는 복지 알려 줘요": "welfare_search",
    "혼자라 안부 전화 좀 해 줘요": "check_in_call",
    "기초연금 알려 줘요": "basic_pension",
    "스마트폰 배우고 싶어요": "digital_class",
    "복지관 어디 있어요?": "senior_center",
    "도서관에 책 있어요?": "library_book",
}


def test_every_saying_of_the_card_reaches_its_service() -> None:
    assert [words for group in LEARNING.card.groups for words in group.says] == list(SAYINGS)
    assert {words: understood(words).service for words in SAYINGS} == SAYINGS


def test_the_words_that_always_work_are_understood() -> None:
    acts = {words: understood(words) for words in LEARNING.card.always[0].says}
    kinds = [ActKind.REPEAT, ActKind.SLOWER, ActKind.LOUDER, ActKind.START_OVER, ActKind.ASK]
    assert [act.kind for act in acts.values()] == kinds
    assert acts["상담사"].service == "counsellor"
