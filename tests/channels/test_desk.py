"""A messenger's messages become turns once and in order, and every reply is told."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.channels.messengers import NOW, GatedConversations
from tests.databases import stored_bytes

from donghaeng.channels.desk import ChannelDesk
from donghaeng.channels.protocol import Answer, Incoming, Later
from donghaeng.conversation.reply import Handover, Reply, Show
from donghaeng.errors import StoreError
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer

PATIENT = 30.0
AT_ONCE = 0.0
"""The messenger waits no moment: every answer is late."""
USER = "user-key-of-the-messenger"


def wrote(text: str, *, user: str = USER, message: str | None = None) -> Incoming:
    return Incoming("kakao", user, text, message=message)


async def late(desk: ChannelDesk, incoming: Incoming, later: Later | None = None) -> Answer:
    """What is told at once of a message whose answer takes longer."""
    await desk.close()
    return await desk.take(incoming, seconds=AT_ONCE, later=later)


def told(answer: Answer) -> list[str | None]:
    return [reply.heard for reply in answer.replies]


async def test_the_first_message_is_greeted_and_answered_and_later_ones_go_on(desk, runtime) -> None:
    first = await desk.take(wrote("약국"), seconds=PATIENT)
    assert told(first) == [None, "약국"]
    assert "인공지능" in first.replies[0].show.text
    second = await desk.take(wrote("버스"), seconds=PATIENT)
    assert told(second) == ["버스"]
    assert second.replies[0].conversation == first.replies[0].conversation
    [talk] = runtime.talks.values()
    assert talk.opening.channel == "chat"


async def test_a_message_without_words_is_greeted_and_repeats_the_last_reply(desk, runtime) -> None:
    assert told(await desk.take(wrote(" "), seconds=PATIENT)) == [None]
    assert told(await desk.take(wrote("버스"), seconds=PATIENT)) == ["버스"]
    assert told(await desk.take(wrote(""), seconds=PATIENT)) == ["버스"]
    assert runtime.heard == ["버스"]


async def test_an_answer_that_took_long_comes_with_the_next_message(desk, runtime, words) -> None:
    await desk.take(wrote("안녕하세요"), seconds=PATIENT)
    told_now = await late(desk, wrote("약국"))
    assert told_now == Answer(notice="waiting")
    await desk.close()
    assert told(await desk.take(wrote(words.show), seconds=PATIENT)) == ["약국"]
    assert runtime.heard == ["안녕하세요", "약국"]
    assert told(await desk.take(wrote("버스"), seconds=PATIENT)) == ["버스"]


async def test_a_first_answer_that_took_long_still_greets(desk, words) -> None:
    assert (await late(desk, wrote("약국"))).notice == "waiting"
    await desk.close()
    assert told(await desk.take(wrote(words.show), seconds=PATIENT)) == [None, "약국"]


async def test_a_yes_to_a_question_that_was_not_seen_confirms_nothing(desk, runtime) -> None:
    await late(desk, wrote("소파 버려 줘"))
    await desk.close()
    answer = await desk.take(wrote("네"), seconds=PATIENT)
    assert answer.replies[-1].expects == "confirm"
    assert answer.notice == "unused"
    assert runtime.heard == ["소파 버려 줘"]
    confirmed = await desk.take(wrote("네"), seconds=PATIENT)
    assert confirmed.replies[-1].calls[0].receipt == "마23-4567"


async def test_a_wish_for_a_person_is_taken_whatever_was_not_seen(desk, runtime) -> None:
    await late(desk, wrote("소파 버려 줘"))
    await desk.close()
    answer = await desk.take(wrote("상담사"), seconds=PATIENT)
    assert told(answer) == [None, "소파 버려 줘", "상담사"]
    assert answer.replies[-1].handover is not None


async def test_words_after_an_unseen_answer_that_asks_nothing_are_taken(desk) -> None:
    await late(desk, wrote("약국"))
    await desk.close()
    assert told(await desk.take(wrote("버스"), seconds=PATIENT)) == [None, "약국", "버스"]


async def test_late_answers_are_all_told_in_their_order(desk, words) -> None:
    await desk.take(wrote("안녕"), seconds=PATIENT)
    for text in ("소파", "상담사"):
        assert (await late(desk, wrote(text))).notice == "waiting"
        await desk.close()
    assert told(await desk.take(wrote(words.show), seconds=PATIENT)) == ["소파", "상담사"]


async def test_the_last_late_answer_outlives_the_process(desk, runtime, store, words) -> None:
    await desk.take(wrote("안녕"), seconds=PATIENT)
    await late(desk, wrote("약국"))
    await desk.close()
    after = ChannelDesk(runtime, store, clock=lambda: NOW, stands_alone=lambda text: False, shows=words.show)
    assert told(await after.take(wrote(words.show), seconds=PATIENT)) == ["약국"]


async def test_a_message_that_comes_while_one_is_answered_is_not_taken(desk, runtime) -> None:
    await desk.take(wrote("안녕"), seconds=PATIENT)
    runtime.gate.clear()
    runtime.begun.clear()
    waiting = asyncio.ensure_future(desk.take(wrote("소파"), seconds=PATIENT))
    await runtime.begun.wait()
    assert await desk.take(wrote("네"), seconds=AT_ONCE) == Answer(notice="busy")
    runtime.gate.set()
    assert told(await waiting) == ["소파"]
    assert runtime.heard == ["안녕", "소파"]


async def test_one_user_does_not_wait_for_another(desk, runtime) -> None:
    await desk.take(wrote("안녕"), seconds=PATIENT)
    runtime.gate.clear()
    assert (await late(desk, wrote("약국"))).notice == "waiting"
    runtime.gate.set()
    assert told(await desk.take(wrote("버스", user="another"), seconds=PATIENT)) == [None, "버스"]
    assert len(runtime.talks) == 2


async def test_a_late_answer_that_was_handed_over_is_not_told_again(desk) -> None:
    handed: list[Answer] = []

    async def later(answer: Answer) -> bool:
        handed.append(answer)
        return True

    await desk.take(wrote("안녕"), seconds=PATIENT)
    told_now = await late(desk, wrote("소파"), later)
    assert told_now == Answer(notice="waiting_callback")
    await desk.close()
    assert [told(answer) for answer in handed] == [["소파"]]
    # It was seen, so a yes counts.
    assert (await desk.take(wrote("네"), seconds=PATIENT)).replies[-1].calls


@pytest.mark.parametrize("fails", [False, True])
async def test_a_late_answer_that_nobody_took_comes_with_the_next_message(desk, words, fails) -> None:
    async def later(answer: Answer) -> bool:
        if fails:
            raise OSError("no connection")
        return False

    await desk.take(wrote("안녕"), seconds=PATIENT)
    await late(desk, wrote("소파"), later)
    await desk.close()
    assert told(await desk.take(wrote(words.show), seconds=PATIENT)) == ["소파"]


async def test_the_same_message_again_does_nothing_twice(desk, runtime) -> None:
    once = await desk.take(wrote("소파", message="m1"), seconds=PATIENT)
    again = await desk.take(wrote("소파", message="m1"), seconds=PATIENT)
    assert again.replies[-1] == once.replies[-1]
    assert runtime.heard == ["소파"]


async def test_the_same_message_again_while_it_is_answered_waits_for_that_answer(desk, runtime) -> None:
    await desk.take(wrote("안녕"), seconds=PATIENT)
    runtime.gate.clear()
    runtime.begun.clear()
    first = asyncio.ensure_future(desk.take(wrote("소파", message="m1"), seconds=PATIENT))
    await runtime.begun.wait()
    second = asyncio.ensure_future(desk.take(wrote("소파", message="m1"), seconds=PATIENT))
    runtime.gate.set()
    assert told(await first) == told(await second) == ["소파"]
    assert (await second).notice is None
    assert runtime.heard == ["안녕", "소파"]


async def test_after_a_goodbye_a_new_conversation_begins(desk, runtime) -> None:
    await desk.take(wrote("끝"), seconds=PATIENT)
    assert told(await desk.take(wrote("약국"), seconds=PATIENT)) == [None, "약국"]
    assert len(runtime.talks) == 2


async def test_a_conversation_that_is_gone_is_begun_anew(desk, runtime) -> None:
    await desk.take(wrote("버스"), seconds=PATIENT)
    runtime.talks.clear()
    assert told(await desk.take(wrote("약국"), seconds=PATIENT)) == [None, "약국"]


async def test_after_a_day_of_silence_a_new_conversation_begins(desk, runtime, clock) -> None:
    await desk.take(wrote("버스"), seconds=PATIENT)
    clock[0] = NOW + timedelta(hours=23)
    assert told(await desk.take(wrote("약국"), seconds=PATIENT)) == ["약국"]
    clock[0] = NOW + timedelta(hours=47)
    assert told(await desk.take(wrote("버스"), seconds=PATIENT)) == [None, "버스"]


@pytest.mark.parametrize("failure", [StoreError("locked"), RuntimeError("소파는 비밀")])
async def test_a_failure_is_told_and_the_next_message_is_answered(desk, runtime, failure, capsys) -> None:
    await desk.take(wrote("안녕"), seconds=PATIENT)
    runtime.failure = failure
    assert await desk.take(wrote("소파"), seconds=PATIENT) == Answer(notice="sorry")
    assert told(await desk.take(wrote("소파"), seconds=PATIENT)) == ["소파"]
    logged = "".join(capsys.readouterr())
    assert USER not in logged
    assert "소파" not in logged


async def test_words_that_are_too_many_are_told_so(desk) -> None:
    assert (await desk.take(wrote("가" * 3000), seconds=PATIENT)).notice == "too_long"
    assert told(await desk.take(wrote("약국"), seconds=PATIENT)) == [None, "약국"]


async def test_neither_the_users_key_nor_the_token_is_stored(desk, store, database: Path) -> None:
    answer = await desk.take(
        wrote("버스", message="https://bot-api.kakao.com/callback/secret"), seconds=PATIENT
    )
    store.close()
    stored = stored_bytes(database)
    for private in (USER, answer.replies[0].token, "callback/secret"):
        assert private.encode() not in stored


class Counsellor:
    """A person who has every conversation, and what they said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    async def answers(self, conversation: str, token: str, *, after: int, seconds: float) -> SimpleNamespace:
        told = [
            SimpleNamespace(
                reply=Reply(
                    conversation=conversation,
                    token=token,
                    turn=0,
                    say=words,
                    show=Show(text=words),
                    handover=Handover(state="joined"),
                )
            )
            for words in self.lines[after:]
        ]
        return SimpleNamespace(last=len(self.lines), told=told)


async def test_what_a_counsellor_says_comes_with_the_next_message(desk, runtime, store, words) -> None:
    person = Counsellor()
    joined = ChannelDesk(
        runtime, store, clock=lambda: NOW, stands_alone=lambda text: False, shows=words.show, people=person
    )

    async def texts(text: str) -> tuple[list[str], str | None]:
        answer = await joined.take(wrote(text), seconds=PATIENT)
        await joined.close()
        return [reply.show.text for reply in answer.replies], answer.notice

    await texts("상담사")
    runtime.silent = True
    assert await texts("여보세요") == ([], "passed_on")
    assert await texts(words.show) == ([], "passed_on")
    person.lines += ["", "안녕하세요. 상담사예요.", "무엇을 도와드릴까요?"]
    assert await texts(words.show) == (person.lines[1:], None)
    person.lines.append("잠시만요.")
    assert await texts("여권이요") == (["잠시만요."], "passed_on")
    assert await texts(words.show) == ([], "passed_on")
    runtime.silent = False
    assert await texts("버스") == (["네, 합정역 정류장에 6411번 버스가 3분 뒤에 와요."], None)
    assert runtime.heard == ["상담사", "여보세요", "여권이요", "버스"]


SAID = st.tuples(st.sampled_from(["소파", "네", "버스", "상담사", "답 보기", "끝"]), st.booleans())


@given(st.lists(SAID, max_size=8))
def test_whatever_is_written_every_reply_is_told_once_and_nothing_unseen_is_confirmed(said) -> None:
    """Texts and whether the messenger waits for the answer."""

    async def run() -> None:
        with Store.open("sqlite://", Sealer([b"k" * 32])) as store:
            runtime = GatedConversations(store)
            desk = ChannelDesk(
                runtime, store, clock=lambda: NOW, stands_alone=lambda text: "상담사" in text, shows="답 보기"
            )
            seen: list[tuple[str, int]] = []
            for text, waits in [*said, ("답 보기", True)]:
                before = set(runtime.replies)
                answer = await desk.take(wrote(text), seconds=PATIENT if waits else AT_ONCE)
                await desk.close()
                for conversation, turn in set(runtime.replies) - before:
                    question = runtime.replies.get((conversation, turn - 1))
                    if runtime.replies[conversation, turn].heard == "네" and question.expects == "confirm":
                        assert (conversation, turn - 1) in seen
                shown = [(one.conversation, one.turn) for one in answer.replies]
                assert waits or not shown
                seen += [one for one in shown if one not in seen]
            assert seen == list(runtime.replies)

    asyncio.run(run())
