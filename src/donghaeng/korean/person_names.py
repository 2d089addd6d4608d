"""Family names, and the syllables of given names."""

from __future__ import annotations

from typing import Final

_SURNAMES_TEXT: Final = """
    김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진나지엄채원천방공현
    함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부가복태목형두감호팽승간상시
    갈
"""
SURNAMES: Final = frozenset("".join(_SURNAMES_TEXT.split()))
"""Family names of one syllable, the commonest first (인구주택총조사 2015, 성씨)."""
LONG_SURNAMES: Final = ("남궁", "황보", "제갈", "선우", "독고", "사공", "서문")

_GIVEN_TEXT: Final = """
    강건경계곤광구국군권귀규균근금기길나남노녀단달대덕도돈동두득란래량련례로룡루만말매명모목묘무문미민배범
    벽병복봉부분비빈산삼상서석선섭성세소손송수숙순숭승식신심아애양업여연열엽영예오옥완외용우욱운웅원월유윤율
    은을의이익인일임자장재전점정제조종주죽준중지진찬창채천철초춘충칠태택필하학한해향헌현협형혜호홍화환황회효후
    훈휘흥희
"""
GIVEN_SYLLABLES: Final = frozenset("".join(_GIVEN_TEXT.split()))
"""Syllables of the given names of those born before 1970 (대법원 인명용 한자표 by their sounds)."""
