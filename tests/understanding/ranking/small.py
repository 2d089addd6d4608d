"""A small problem and an analyser without a model, so that learning takes milliseconds."""

from __future__ import annotations

from collections.abc import Sequence

from donghaeng.korean.morphemes import Morpheme
from donghaeng.understanding.embed.fake import HashingEmbedder
from donghaeng.understanding.embed.protocol import Vectors
from donghaeng.understanding.ranking.ranker import Learnt
from donghaeng.understanding.ranking.training import learn

PLACES = ("합정역", "강남역", "시청", "집 앞", "학교 앞", "병원 앞")
EXAMPLES = {
    "bus": [
        *(f"{place} 버스 언제 와요" for place in PLACES),
        *(f"{place} 버스 몇 분 남았어요" for place in PLACES),
        *(f"{place}에서 버스가 안 와요" for place in PLACES),
    ],
    "rain": [
        *(f"오늘 {place} 비 와요" for place in PLACES),
        *(f"{place} 우산 챙겨야 하나요" for place in PLACES),
        *(f"내일 {place} 비 소식 있어요" for place in PLACES),
    ],
    "sofa": [
        *(f"{place}에 소파 버려야 해요" for place in PLACES),
        *(f"{place}에 낡은 소파를 내놓고 싶어요" for place in PLACES),
        *(f"소파 수거해 주세요 {place}" for place in PLACES),
    ],
}
SENTENCES = [text for label in EXAMPLES.values() for text in label]


def by_words(text: str) -> Sequence[Morpheme]:
    """Every word a noun but its last syllable, an ending."""
    found = []
    for word in text.split():
        found += [Morpheme(word[:-1] or word, "NNG"), Morpheme(word[-1], "EF")]
    return found


def vectors() -> Vectors:
    return HashingEmbedder().embed(SENTENCES)


def embed(text: str) -> Vectors:
    vector: Vectors = HashingEmbedder().embed([text])[0]
    return vector


def learnt(*, deep: bool = True) -> Learnt:
    return learn(EXAMPLES, vectors() if deep else None, analyse=by_words)
