"""Replies in writing: every figure of a card stands in the text, and only what may be tapped can be."""

from __future__ import annotations

import pytest
from tests.web.fake_conversations import ANSWERS

from donghaeng.channels.protocol import Answer
from donghaeng.channels.writing import Choice, Message, Reach, written
from donghaeng.conversation.reply import Card, Handover, Reply, Show


def replied(**parts) -> Reply:
    return Reply(conversation="c_1", token="t", turn=1, heard="말", **parts)


def one(words, **parts) -> Message:
    [message] = written(Answer((replied(**parts),)), words)
    return message


def test_numbers_are_written_and_a_card_is_a_list(words) -> None:
    message = one(words, **ANSWERS["약국"])
    assert message.text == (
        "지금 문 연 약국이 3곳 있어요. 제일 가까운 곳은 걸어서 4분 거리예요.\n\n[가까운 약국]\n\n"
        "· 우리약국: 250 m\n  마포구 양화로 45\n  전화 02-300-0001\n\n"
        "· 합정온누리약국: 480 m\n  마포구 월드컵로 12\n  전화 02-300-0002\n\n"
        "· 참사랑약국: 900 m\n  마포구 독막로 7\n  전화 02-300-0003\n\n"
        "출처: 국립중앙의료원 · 오전 10시 00분 기준"
    )
    assert message.reaches[0] == Reach("우리약국", number="02-300-0001")
    assert message.choices == ()


def test_a_receipt_is_written_out(words) -> None:
    text = one(words, **ANSWERS["네"]).text
    assert "· 접수번호: 마23-4567\n· 물건: 소파 1개\n" in text
    assert "· 수수료: 10,000원" in text


def test_a_question_offers_its_answers_and_what_tells_them_apart(words) -> None:
    message = one(words, **ANSWERS["정류장"])
    assert message.choices == (
        Choice("홍대입구역 쪽", "홍대입구역 쪽이요"),
        Choice("당산역 쪽", "당산역 쪽이요"),
    )
    assert "· 홍대입구역 쪽 - 합정역 1번 출구 앞\n· 당산역 쪽 - 합정역 8번 출구 앞" in message.text


def test_a_confirmation_offers_yes_and_no(words) -> None:
    assert one(words, **ANSWERS["소파"]).choices == (Choice("네", "네"), Choice("아니요", "아니요"))


def test_citations_name_the_source(words) -> None:
    assert one(words, **ANSWERS["여권"]).text.endswith("출처: 여권 발급 안내, 서울시 민원 편람")


def test_only_https_addresses_are_opened(words) -> None:
    assert one(words, **ANSWERS["정부이십사"]).reaches == (Reach("정부24", url="https://www.gov.kr"),)


@pytest.mark.parametrize("number", ["120", "02-300-0001", "010-1234-5678", "+82-2-120"])
def test_numbers_can_be_called(words, number) -> None:
    card = Card(kind="list", rows=[{"title": "곳", "phone": number}])
    assert one(words, say="곳", show=Show(text="곳", card=card)).reaches == (Reach("곳", number=number),)


@pytest.mark.parametrize("number", ["없음", "", "120; rm", "javascript:1", None])
def test_what_is_no_number_is_not_called(words, number) -> None:
    card = Card(kind="list", rows=[{"title": "곳", "phone": number}])
    assert one(words, say="곳", show=Show(text="곳", card=card)).reaches == ()


def test_who_waits_for_a_person_reads_their_place(words) -> None:
    message = one(words, say="네", show=Show(text="네."), handover=Handover(state="queued", position=2))
    assert message.text == "네.\n상담사를 기다리고 있어요. 순서는 2번째예요."


def test_the_channels_own_sentence_comes_last_and_leaves_the_question_answerable(words) -> None:
    asked = replied(**ANSWERS["소파"])
    messages = written(Answer((asked,), "unused"), words)
    assert [message.text for message in messages] == [asked.show.text, words.unused]
    assert messages[-1].choices == messages[0].choices
    assert written(Answer(notice="busy"), words) == (Message(words.busy),)
