"""N-grams of morphemes: what is spoken of and the frame it stands in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean.morphemes import Morpheme
from donghaeng.understanding.ranking.frames import LONGEST_SKIP, morpheme_grams

GOING = [Morpheme("학교", "NNG"), Morpheme("에", "JKB"), Morpheme("가", "VV"), Morpheme("나요", "EF")]
ELSEWHERE = [Morpheme("병원", "NNG"), *GOING[1:]]
TAGS = ("NNG", "NP", "JKB", "VV", "VX", "EP", "EF", "MAG", "SF", "W_EMOJI", "SW", "IC")
morphemes = st.lists(st.builds(Morpheme, st.text(min_size=1, max_size=3), st.sampled_from(TAGS)), max_size=12)


def test_an_empty_sentence_has_its_bounds_alone() -> None:
    assert set(morpheme_grams([])) == {"<s>", "</s>", "<s> </s>", "o <s> </s>", "e <s> </s>"}


def test_sentences_of_one_frame_share_the_open_n_grams_and_differ_in_the_plain_ones() -> None:
    one, other = set(morpheme_grams(GOING)), set(morpheme_grams(ELSEWHERE))
    assert "o <s> NNG 에/JKB 가/VV" in one & other
    assert "학교/NNG 에/JKB" in one - other
    assert {gram for gram in one if gram[:2] in ("o ", "e ", "s ")} == {
        gram for gram in other if gram[:2] in ("o ", "e ", "s ")
    }


def test_endings_are_taken_together_across_what_lies_between() -> None:
    wish = [Morpheme("가", "VV"), Morpheme("고", "EC"), Morpheme("싶", "VX"), Morpheme("어요", "EF")]
    grams = set(morpheme_grams(wish))
    assert "e 고/EC 싶/VX 어요/EF" in grams
    assert "s 고/EC 어요/EF" in grams
    assert "c 가/VV 싶/VX" in grams


@given(morphemes)
def test_the_number_of_n_grams_grows_with_the_sentence_alone(sentence: list[Morpheme]) -> None:
    grams = list(morpheme_grams(sentence))
    assert len(grams) <= (3 + 3 + 3 + LONGEST_SKIP + 1) * (len(sentence) + 2)
    assert all(gram.strip() for gram in grams)
