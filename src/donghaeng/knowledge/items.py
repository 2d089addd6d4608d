"""Things that are thrown away: the passage that names one, or none.

A wrong rule is worse than none, so a thing is found only when it *is* what a passage names: all of its words
but those that say nothing about sorting ("다 쓴", "버리는") have to be the name's. "깨진 유리컵" is no
"유리컵".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from donghaeng.knowledge.passages import Passage
from donghaeng.korean.morphemes import Analyse

LONGEST_ITEM: Final = 200
"""Characters; a thing named at greater length is named by none."""

_WORDS: Final = frozenset(
    {"NNG", "NNP", "NNB", "NR", "VV", "VA", "XR", "XPN", "XSN", "SL", "SN", "MM", "MAG"}
)
_LISTED_NOUNS: Final = """
재활용 분리수거 분리 수거 배출 쓰레기 일반 음식물 종량제 처리 방법 법 데 곳 것 거 수 하나 개 유통 기한 유효 집
우리 때
"""
_LISTED_OTHERS: Final = """
쓰 남 먹 버리 내놓 내 넣 담 싸 하 되 안 못 좀 다 따로 이 그 저 헌 지나 오래되 알 주 있 없 가 오 보 같 말
어떻게 어찌 어떡하
"""
_NOUNS: Final = frozenset(_LISTED_NOUNS.split())
_OTHERS: Final = frozenset(_LISTED_OTHERS.split())
"""What says nothing about sorting, nouns apart: the verb 알다 does not, the 알 of 알 껍데기 does."""
_SAME: Final = MappingProxyType(
    {"껍데기": "껍질", "껍닥": "껍질", "뼈다귀": "뼈", "달걀": "계란", "후라이팬": "프라이팬"}
)


class Items:
    """Passages by the things that they name."""

    def __init__(self, passages: Iterable[Passage], analyse: Analyse) -> None:
        self._analyse = analyse
        named = [(self._bare(name), passage) for passage in passages for name in passage.names]
        found: dict[str, Passage] = {}
        for key, passage in named:
            found.setdefault(key, passage)
        self._named: Mapping[str, Passage] = MappingProxyType(found)

    def find(self, item: str) -> Passage | None:
        """The passage that names a thing; None where none does."""
        return self._named.get(self._bare(item[:LONGEST_ITEM]))

    def _bare(self, item: str) -> str:
        words = [one for one in self._analyse(item) if one.tag.partition("-")[0] in _WORDS]
        telling = [one for one in words if one.form not in (_NOUNS if one.tag[0] == "N" else _OTHERS)]
        joined = "".join(one.form for one in telling or words)
        for word, same in _SAME.items():
            joined = joined.replace(word, same)
        return joined
