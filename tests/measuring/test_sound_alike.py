from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean.jamo import split
from donghaeng.measuring.sound_alike import _lose_particle, change_sound, change_space, sound_alike

SENTENCE = "소파를 하나 버려야 하는데 어떻게 해요"


def test_short_answers_are_heard_as_they_are() -> None:
    assert all(sound_alike("아니요", Random(seed)) == "아니요" for seed in range(200))


def test_the_same_seed_gives_the_same_words_and_seeds_differ() -> None:
    heard = [sound_alike(SENTENCE, Random(seed)) for seed in range(100)]
    assert heard == [sound_alike(SENTENCE, Random(seed)) for seed in range(100)]
    assert SENTENCE in heard
    assert len(set(heard)) > 5


def test_a_particle_is_lost_only_where_one_stands() -> None:
    assert _lose_particle("소파를 버려요", Random(1)) == "소파 버려요"
    assert _lose_particle("아이 둘이 가요", Random(1)) == "아이 둘이 가요"
    assert _lose_particle("시월 십이일은 돼요", Random(1)) == "시월 십이일은 돼요"


def test_one_sound_is_taken_for_one_near_it() -> None:
    for seed in range(50):
        heard = change_sound("소파 버려", Random(seed))
        changed = [(one, other) for one, other in zip("소파 버려", heard, strict=True) if one != other]
        assert len(changed) == 1
        before, after = (split(char) for char in changed[0])
        assert before is not None
        assert after is not None
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    assert change_sound("이 삼 오", Random(1)) == "이 삼 오"


def test_spaces_come_and_go_outside_numbers() -> None:
    heard = {change_space(SENTENCE, Random(seed)) for seed in range(100)}
    assert len({text.count(" ") for text in heard}) == 2
    assert change_space("삼백이", Random(1)) == "삼백이"


@given(st.text(max_size=60), st.integers(0, 1000))
def test_any_text_is_survived_and_digits_stay(text: str, seed: int) -> None:
    heard = sound_alike(text, Random(seed))
    assert [char for char in heard if char.isdigit()] == [char for char in text if char.isdigit()]
    assert abs(len(heard) - len(text)) <= 2


@given(st.text(alphabet="가나다를은 영일이삼사오육칠팔구십백", max_size=30), st.integers(0, 1000))
def test_number_words_stay(text: str, seed: int) -> None:
    numbers = "영일이삼사오육칠팔구십백"
    heard = sound_alike(text, Random(seed))
    assert [char for char in heard if char in numbers and char != "이"] == [
        char for char in text if char in numbers and char != "이"
    ]
