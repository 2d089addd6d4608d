from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from donghaeng.speech.completeness import NOTHING_SAID, Completeness, Judged
from donghaeng.speech.rhythm import MOST_STRETCH, Rhythm
from donghaeng.speech.turn_taking import (
    Expectation,
    Kind,
    TurnEvent,
    TurnTaker,
    TurnTiming,
    ending_silence,
)

TIMING = TurnTiming()
OPEN_SECONDS = ending_silence(TIMING, Expectation(), NOTHING_SAID)
"""Silence that ends a turn of which no words are known."""
CLOSED = Judged(Completeness.CLOSED, 1.0)
SENTENCE = Judged(Completeness.SENTENCE, 0.9)
UNFINISHED = Judged(Completeness.UNFINISHED, 0.02)
Track = list[tuple[float, bool]]
"""(seconds, whether somebody speaks), one after the other."""


def run(
    track: Track,
    *,
    chunk: float = 0.02,
    expectation: Expectation | None = None,
    wait: bool = False,
    judged: Judged | None = None,
    rhythm: Rhythm | None = None,
) -> list[tuple[float, TurnEvent]]:
    """Feed a track cut into chunks; a chunk's probability is its share of speech."""
    taker = TurnTaker(TIMING, rhythm)
    taker.expect(expectation or Expectation())
    if wait:
        taker.wait_for_answer()
    edges = list(itertools.accumulate(seconds for seconds, _ in track))
    spoken = [(end - seconds, end) for end, (seconds, speech) in zip(edges, track, strict=True) if speech]
    out: list[tuple[float, TurnEvent]] = []
    for index in range(round(edges[-1] / chunk)):
        start, end = index * chunk, (index + 1) * chunk
        share = sum(max(0.0, min(end, b) - max(start, a)) for a, b in spoken) / chunk
        events = taker.feed(chunk, 0.95 * share)
        for event in events:
            out.append((end, event))
            if event.kind is Kind.PAUSE and judged:
                out += [(end, later) for later in taker.consider(judged)]
    return out


def kinds(events: list[tuple[float, TurnEvent]]) -> list[Kind]:
    return [event.kind for _, event in events]


def end_of(events: list[tuple[float, TurnEvent]]) -> float:
    return next(at for at, event in events if event.kind is Kind.SPEECH_END)


def test_one_sentence_is_one_turn() -> None:
    events = run([(1.0, False), (2.0, True), (3.0, False)])
    assert kinds(events) == [Kind.STIR, Kind.SPEECH_START, Kind.PAUSE, Kind.SPEECH_END]
    assert events[0][0] == pytest.approx(1.03, abs=0.03)
    assert events[1][0] == pytest.approx(1.09, abs=0.03)
    assert end_of(events) == pytest.approx(3.0 + OPEN_SECONDS, abs=0.03)
    assert events[-1][1].reason == "silence"


@pytest.mark.parametrize("answer", [0.16, 0.2, 0.3, 0.4])
def test_a_short_yes_right_after_the_question_is_heard(answer: float) -> None:
    events = run(
        [(0.02, False), (answer, True), (2.0, False)],
        expectation=Expectation("confirm"),
        wait=True,
        judged=CLOSED,
    )
    assert kinds(events)[:2] == [Kind.STIR, Kind.SPEECH_START]
    assert end_of(events) == pytest.approx(0.02 + answer + TIMING.closed_seconds, abs=0.05)


def test_a_telephone_number_with_long_pauses_is_one_turn() -> None:
    groups = [(1.0, True), (1.5, False), (1.2, True), (1.5, False), (1.2, True), (4.0, False)]
    for judged in (None, NOTHING_SAID, UNFINISHED):
        events = run(groups, expectation=Expectation("slot", "phone"), judged=judged)
        assert kinds(events).count(Kind.SPEECH_END) == 1
        assert end_of(events) > 6.4


def test_a_whole_number_ends_at_once() -> None:
    events = run(
        [(3.0, True), (3.0, False)],
        expectation=Expectation("slot", "phone"),
        judged=CLOSED,
    )
    assert end_of(events) == pytest.approx(3.3, abs=0.05)


@pytest.mark.parametrize(
    ("expectation", "judged", "silence"),
    [
        (Expectation(), NOTHING_SAID, 1.4045),
        (Expectation(), Judged(Completeness.UNKNOWN, 0.7), 0.5),
        (Expectation(), Judged(Completeness.UNKNOWN, 0.15), 2.0),
        (Expectation(), SENTENCE, 0.5),
        (Expectation(), UNFINISHED, 2.0),
        (Expectation("confirm"), NOTHING_SAID, 0.5),
        (Expectation("confirm"), CLOSED, 0.3),
        (Expectation("confirm"), UNFINISHED, 2.0),
        (Expectation("choice"), NOTHING_SAID, 0.5),
        (Expectation("slot", "address"), UNFINISHED, 3.0),
        (Expectation("slot", "address"), SENTENCE, 1.5),
        (Expectation("slot", "phone"), CLOSED, 0.3),
        (Expectation("slot", "station"), NOTHING_SAID, 1.4045),
        (Expectation(slow=True), NOTHING_SAID, 2.4045),
        (Expectation("confirm", slow=True), CLOSED, 0.3),
    ],
)
def test_silences(expectation: Expectation, judged: Judged, silence: float) -> None:
    assert ending_silence(TIMING, expectation, judged) == pytest.approx(silence, abs=1e-3)
    longer = ending_silence(TIMING, expectation, judged, stretch=1.5)
    slow = 1.0 if expectation.slow and judged is not CLOSED else 0.0
    assert longer == pytest.approx(1.5 * (silence - slow) + slow, abs=1e-3)


def test_a_caller_who_pauses_long_is_given_longer_silences() -> None:
    rhythm = Rhythm()
    track = [(0.6, True), *[(1.0, False), (0.6, True)] * 4, (6.0, False)]
    first = run(track, rhythm=rhythm)
    assert kinds(first).count(Kind.SPEECH_END) == 1
    assert rhythm.stretch == pytest.approx(MOST_STRETCH, abs=0.1)
    assert end_of(run([(1.0, True), (6.0, False)], rhythm=rhythm)) == pytest.approx(
        1.0 + OPEN_SECONDS * rhythm.stretch, abs=0.05
    )


def test_short_pauses_stretch_nothing_and_one_long_one_is_a_thought() -> None:
    rhythm = Rhythm()
    for seconds in (0.3, 0.4, 0.3, 0.5, 20.0):
        rhythm.went_on_after(seconds)
    assert rhythm.stretch == 1.0


def test_whoever_is_cut_off_is_waited_for_the_next_time() -> None:
    rhythm = Rhythm()
    track = [(1.0, True), (OPEN_SECONDS + 0.4, False)] * 4
    run([*track, (4.0, False)], rhythm=rhythm)
    assert rhythm.stretch > 1.0


def test_speech_after_a_pause_makes_its_words_stale() -> None:
    taker = TurnTaker()
    for _ in range(50):
        taker.feed(0.02, 0.9)
    for _ in range(15):
        taker.feed(0.02, 0.0)
    assert taker.consider(UNFINISHED) == []
    assert [event.kind for _ in range(4) for event in taker.feed(0.02, 0.9)] == [Kind.RESUMED]
    silent = itertools.takewhile(
        lambda events: not any(event.kind is Kind.SPEECH_END for event in events),
        (taker.feed(0.02, 0.0) for _ in range(200)),
    )
    assert len(list(silent)) * 0.02 == pytest.approx(OPEN_SECONDS, abs=0.05)


def test_words_that_come_late_end_the_turn_when_they_come() -> None:
    taker = TurnTaker()
    for _ in range(50):
        taker.feed(0.02, 0.9)
    for _ in range(40):
        assert not any(event.kind is Kind.SPEECH_END for event in taker.feed(0.02, 0.0))
    assert [event.kind for event in taker.consider(SENTENCE)] == [Kind.SPEECH_END]
    assert taker.consider(SENTENCE) == []


def test_clicks_are_no_speech_and_do_not_stretch_a_silence() -> None:
    assert set(kinds(run([(0.5, False), (0.04, True)] * 20))) == {Kind.STIR, Kind.STILL}
    clicking = [(1.0, True), *[(0.4, False), (0.04, True)] * 8]
    assert end_of(run(clicking)) == pytest.approx(1.0 + OPEN_SECONDS, abs=0.1)


def test_a_click_is_a_sign_that_comes_to_nothing() -> None:
    assert kinds(run([(0.5, False), (0.04, True), (3.0, False)])) == [Kind.STIR, Kind.STILL]


@pytest.mark.parametrize("probability", [0.2, 0.3, 0.45])
def test_a_lasting_noise_is_one_sign_and_no_more(probability: float) -> None:
    taker = TurnTaker(TIMING)
    seen = [event.kind for _ in range(500) for event in taker.feed(0.032, probability)]
    assert seen == [Kind.STIR, Kind.STILL]


def test_after_quiet_a_new_sign_is_seen() -> None:
    click: Track = [(0.04, True), (1.0, False)]
    assert kinds(run([(0.5, False), *click, *click])) == [Kind.STIR, Kind.STILL] * 2


def test_reminders_come_after_8_then_10_seconds_and_stop_with_an_answer() -> None:
    events = run([(40.0, False)], wait=True)
    assert [round(at) for at, _ in events] == [8, 18, 28, 38]
    assert [event.count for _, event in events] == [1, 2, 3, 4]
    assert kinds(run([(7.0, False), (1.0, True), (12.0, False)], wait=True)).count(Kind.TIMEOUT) == 0
    assert run([(40.0, False)]) == []


def test_an_endless_talker_is_ended_by_the_cap() -> None:
    events = run([(70.0, True)])
    ends = [(at, event.reason) for at, event in events if event.kind is Kind.SPEECH_END]
    assert [reason for _, reason in ends] == ["cap", "cap"]
    assert ends[0][0] == pytest.approx(30.0, abs=0.1)


@pytest.mark.parametrize("sentinel", [-1.0, float("nan"), float("inf"), 2.0])
def test_a_sentinel_is_neither_speech_nor_silence(sentinel: float) -> None:
    taker = TurnTaker()
    for _ in range(20):
        taker.feed(0.05, 0.9)
    assert [event for _ in range(40) for event in taker.feed(0.05, sentinel)] == []
    assert taker.speaking
    idle = TurnTaker()
    idle.wait_for_answer()
    assert [event for _ in range(400) for event in idle.feed(0.05, sentinel)] == []


def test_push_to_talk() -> None:
    taker = TurnTaker()
    assert taker.commit() == []
    taker.feed(0.05, 0.9)
    assert [event.kind for event in taker.commit()] == [Kind.SPEECH_START, Kind.SPEECH_END]
    for _ in range(20):
        taker.feed(0.05, 0.9)
    (end,) = taker.commit()
    assert end.reason == "commit"
    assert taker.commit() == []


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(4, 30), st.sampled_from([1.05, 1.75, 2.65])), min_size=1, max_size=4),
    st.sampled_from([Expectation(), Expectation("confirm"), Expectation("slot", "phone")]),
)
def test_the_frame_size_makes_no_difference(spans: list[tuple[int, float]], expectation: Expectation) -> None:
    """Pauses keep clear of every ending silence, stretched or not, by more than a chunk of 200 ms."""
    track: Track = [(0.8, False)]
    for speech, pause in spans:
        track += [(speech / 10, True), (pause, False)]
    track.append((6.0, False))

    def turns(chunk: float) -> list[float]:
        events = run(track, chunk=chunk, expectation=expectation)
        return [at for at, event in events if event.kind in (Kind.SPEECH_START, Kind.SPEECH_END)]

    reference = turns(0.01)
    for chunk in (0.032, 0.04, 0.1, 0.2):
        got = turns(chunk)
        assert len(got) == len(reference)
        assert all(abs(a - b) <= 2 * chunk + 0.01 for a, b in zip(got, reference, strict=True))


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("feed"), st.floats(0.01, 0.2), st.floats(-1, 2)),
            st.tuples(st.just("commit"), st.none(), st.none()),
            st.tuples(st.just("wait"), st.none(), st.none()),
            st.tuples(st.just("stop"), st.none(), st.none()),
            st.tuples(st.just("cancel"), st.none(), st.none()),
            st.tuples(
                st.just("consider"), st.sampled_from([CLOSED, SENTENCE, UNFINISHED, NOTHING_SAID]), st.none()
            ),
        ),
        max_size=200,
    )
)
def test_starts_and_ends_alternate_in_any_order_of_events(steps: list[tuple]) -> None:
    taker = TurnTaker()
    speaking = stirring = False
    for what, value, probability in steps:
        events: list[TurnEvent] = []
        if what == "feed":
            events = taker.feed(value, probability)
        elif what == "commit":
            events = taker.commit()
        elif what == "wait":
            taker.wait_for_answer()
        elif what == "stop":
            taker.stop_waiting()
        elif what == "cancel":
            taker.cancel()
            speaking = stirring = False
        else:
            events = taker.consider(value)
        for event in events:
            if event.kind is Kind.SPEECH_START:
                assert not speaking
                speaking, stirring = True, False
            elif event.kind is Kind.SPEECH_END:
                assert speaking
                speaking = False
            elif event.kind in (Kind.STIR, Kind.STILL):
                assert stirring is (event.kind is Kind.STILL)
                assert not speaking
                stirring = event.kind is Kind.STIR
            elif event.kind is not Kind.TIMEOUT:
                assert speaking
        assert taker.speaking is speaking
