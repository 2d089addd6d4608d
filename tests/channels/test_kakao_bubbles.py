"""Whatever is told fits KakaoTalk's limits, and loses nothing that fits."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.messengers import packaged_words
from tests.web.fake_conversations import ANSWERS

from donghaeng.channels.kakao.bubbles import response, texts
from donghaeng.channels.protocol import Answer
from donghaeng.channels.writing import Choice, Message, Reach, written
from donghaeng.conversation.reply import Reply

WORDS = packaged_words()
CUT = "(끝)"


def sent(*messages: Message, first: tuple[str, ...] = ()) -> dict:
    return json.loads(response(messages, WORDS, first=first).body())


def labels(body: dict) -> list[str]:
    return [each["label"] for each in body["template"]["quickReplies"]]


def test_a_plain_answer_has_the_documented_form() -> None:
    assert sent(Message("버스가 와요.")) == {
        "version": "2.0",
        "template": {
            "outputs": [{"simpleText": {"text": "버스가 와요."}}],
            "quickReplies": [{"label": "상담사", "action": "message", "messageText": "상담사"}],
        },
    }


def test_numbers_to_call_are_buttons_of_a_card() -> None:
    reply = Reply(conversation="c", token="t", turn=1, **ANSWERS["약국"])
    body = sent(*written(Answer((reply,)), WORDS))
    text, card = body["template"]["outputs"]
    assert "02-300-0001" in text["simpleText"]["text"]
    assert card["textCard"]["buttonLayout"] == "vertical"
    assert card["textCard"]["buttons"] == [
        {"label": "우리약국 전화", "action": "phone", "phoneNumber": "02-300-0001"},
        {"label": "합정온누리약국 전화", "action": "phone", "phoneNumber": "02-300-0002"},
        {"label": "참사랑약국 전화", "action": "phone", "phoneNumber": "02-300-0003"},
    ]


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("우리약국", "우리약국 전화"),
        ("서울특별시립 동부병원 응급실", "전화 02-300-0001"),
        ("", "전화"),
    ],
)
def test_a_button_that_calls_says_whom(title: str, label: str) -> None:
    body = sent(Message("곳", reaches=(Reach(title, number="02-300-0001"),)))
    [button] = body["template"]["outputs"][1]["textCard"]["buttons"]
    assert button["label"] == label


def test_an_address_is_opened_by_a_button() -> None:
    body = sent(Message("열어요.", reaches=(Reach("정부24", url="https://www.gov.kr"),)))
    [button] = body["template"]["outputs"][1]["textCard"]["buttons"]
    assert button == {"label": "정부24 열기", "action": "webLink", "webLinkUrl": "https://www.gov.kr"}


def test_a_person_is_one_touch_away_whatever_is_asked() -> None:
    choices = tuple(Choice(f"고를 것 {number}", f"말 {number}") for number in range(20))
    body = sent(Message("무엇이에요?", choices=choices))
    assert len(labels(body)) == 10
    assert labels(body)[-1] == "상담사"
    assert body["template"]["quickReplies"][0]["messageText"] == "말 0"


def test_long_labels_stay_apart() -> None:
    long = "국립중앙도서관 디지털도서관"
    body = sent(Message("어디요?", choices=(Choice(long + " 1관", "일"), Choice(long + " 2관", "이"))))
    assert labels(body) == ["국립중앙도서관 디지털도서…", "2. 국립중앙도서관 디지…", "상담사"]


def test_a_late_answer_is_asked_for_by_the_first_button() -> None:
    assert labels(sent(Message(WORDS.waiting), first=(WORDS.show,))) == ["답 보기", "상담사"]


def test_a_text_is_parted_where_it_breaks_before_it_would_be_folded() -> None:
    sentence = "이 문장은 스물다섯 글자쯤 되는 문장이에요. "
    pieces = texts([sentence * 55], 3, CUT)
    assert len(pieces) == 3
    assert all(len(piece) <= 500 and piece.endswith("문장이에요.") for piece in pieces)
    assert " ".join(pieces) == (sentence * 55).strip()


def test_what_fits_nowhere_is_left_out_and_said_so() -> None:
    pieces = texts(["가" * 5000], 3, CUT)
    assert [len(piece) for piece in pieces] == [1000, 1000, 1000]
    assert pieces[-1].endswith("\n" + CUT)


@given(
    st.lists(st.text(alphabet="가나 .\n", min_size=1, max_size=3000), min_size=1, max_size=5),
    st.integers(1, 3),
)
def test_texts_fit_and_lose_nothing_that_fits(parts: list[str], room: int) -> None:
    pieces = texts(parts, room, CUT)
    assert len(pieces) <= room
    assert all(0 < len(piece) <= 1000 for piece in pieces)
    if not any(piece.endswith(CUT) for piece in pieces):
        assert "".join("".join(pieces).split()) == "".join("".join(parts).split())


LINES = st.text(min_size=1, max_size=60).filter(str.strip)
MESSAGES = st.builds(
    Message,
    text=st.text(min_size=1, max_size=1500).filter(str.strip),
    reaches=st.lists(
        st.one_of(
            st.builds(Reach, title=LINES, number=st.just("02-300-0001")),
            st.builds(Reach, title=LINES, url=st.just("https://www.gov.kr")),
        ),
        max_size=5,
    ).map(tuple),
    choices=st.lists(st.builds(Choice, label=LINES, says=LINES), max_size=15).map(tuple),
)


@given(st.lists(MESSAGES, min_size=1, max_size=4))
def test_every_response_keeps_the_limits(messages: list[Message]) -> None:
    # The models refuse what breaks a limit, so that it is made is the proof.
    body = sent(*messages)
    assert 1 <= len(body["template"]["outputs"]) <= 3
    found = labels(body)
    assert len(found) == len(set(found)) <= 10
    assert found[-1] == "상담사"
