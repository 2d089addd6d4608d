"""Case "unmet demand": what citizens asked for and did not get, by meaning, place and time.

From the system's own review items (:mod:`donghaeng.review.collecting` keeps them); nothing more is collected.
How far the groups may be believed is tried on made wishes (:mod:`~donghaeng.tower.cases.unmet_trial`) and
told beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np

from donghaeng.errors import InputError
from donghaeng.korean.morphemes import analyser
from donghaeng.store import Transaction, conversations, review_items
from donghaeng.store.review_items import ItemRow
from donghaeng.tower.cases.context import CaseContext
from donghaeng.tower.cases.district_tiles import TILES
from donghaeng.tower.cases.result import CaseResult, Cell, Chart, Figure, Table
from donghaeng.tower.cases.unmet_groups import FEWEST, NO_PLACE, Unmet, Wish, group_wishes
from donghaeng.tower.cases.unmet_trial import Trial, UnmetAssumptions, assumed, texts_of, tried
from donghaeng.understanding.embed.protocol import Embedder, Vectors

KINDS: Final = {
    "no_match": "맡는 서비스가 없거나 못 알아들음",
    "no_answer": "답을 모름",
    "handover": "사람이 필요했음",
}
"""Kinds of review items that mean that something was not got."""
EMBEDDED_AT_ONCE: Final = 64
MOST_SHOWN: Final = 15
_TRIAL_STREAM: Final = 1
_NOUNS: Final = frozenset({"NNG", "NNP", "SL"})
_MASKED: Final = re.compile(r"\[[^\]]*\]|\d+")


def run(context: CaseContext) -> CaseResult:
    """Carry the case out.

    Raises:
        InputError: there are no records, or nothing to compare meanings with; wrong assumptions.
    """
    if context.store is None or context.embedder is None:
        raise InputError("unmet demand is read from the records", remedy="run it where the data folder is")
    wishes = context.store.look(_wishes)
    vectors = _vectors([wish.text for wish in wishes], context.embedder, context)
    result = told(group_wishes(wishes, vectors, words_of))
    if not context.assumptions:
        return result
    return with_trial(result, _try(assumed(context.assumptions), context.embedder, context))


def told(unmet: Unmet) -> CaseResult:
    """The result of groups."""
    names = [_named(group.name, place) for place, group in enumerate(unmet.groups)]
    ranked = tuple(
        (name, group.conversations)
        for name, group in zip(names[:MOST_SHOWN], unmet.groups[:MOST_SHOWN], strict=True)
    )
    why: list[tuple[Cell, ...]] = []
    where: list[tuple[Cell, ...]] = []
    when: list[tuple[Cell, ...]] = []
    for name, group in zip(names, unmet.groups, strict=True):
        why += [(name, KINDS[kind], count) for kind, count in group.kinds.items()]
        where += [(name, place, count) for place, count in group.districts.items()]
        when += [(name, part, count) for part, count in (*group.months.items(), *group.parts.items())]
    by_district = _by_district(unmet)
    most = (
        f"가장 많이 못 얻은 것은 '{names[0]}'이고 대화 {unmet.groups[0].conversations}건이에요."
        if names
        else ""
    )
    charts = [
        Chart(
            "bar",
            Table("groups", "바라고 못 얻은 것", ("말", "대화"), ranked),
            most or "아직 알릴 만큼 모인 것이 없어요.",
            "대화 (건)",
        )
    ]
    if by_district:
        top = max(by_district, key=lambda row: float(row[3]))
        charts.append(
            Chart(
                "tiles",
                Table("map", "구별 못 얻은 바람", ("자치구", "칸", "줄", "대화"), tuple(by_district)),
                f"알려진 것 가운데 {top[0]}에서 가장 많아요.",
            )
        )
    return CaseResult(
        figures=(
            Figure(
                "바란 것을 못 얻은 대화",
                float(_rounded(unmet.conversations)),
                "건",
                note=f"{FEWEST} 미만은 0",
            ),
            Figure("뜻으로 묶은 것", float(len(unmet.groups)), "묶음"),
            Figure("작아서 알리지 않은 묶음", float(unmet.kept_back), "묶음", note=f"대화 {FEWEST}건 미만"),
            Figure("그 묶음의 대화", float(unmet.kept_back_conversations), "건"),
        ),
        charts=tuple(charts),
        tables=(
            Table("why", "왜 못 얻었나", ("말", "까닭", "대화"), tuple(why)),
            Table("where", "어디에서", ("말", "자치구", "대화"), tuple(where)),
            Table("when", "언제", ("말", "때", "대화"), tuple(when)),
        ),
        notes=(
            f"대화 {FEWEST}건이 안 되는 묶음과 칸은 알리지 않아요. 빈칸(–)은 그래서 감춘 칸이에요.",
            "묶음의 이름은 여러 대화가 함께 쓴 낱말이에요. 한 분의 말을 옮기지 않아요.",
        ),
    )


def with_trial(result: CaseResult, trial: Trial) -> CaseResult:
    """The result with how far it may be believed."""
    whole, low, high = (100 * share for share in trial.whole)
    by_words, words_low, words_high = (100 * share for share in trial.whole_by_words)
    mixed, mixed_low, mixed_high = (100 * share for share in trial.mixed)
    return replace(
        result,
        figures=(
            *result.figures,
            Figure("되시험: 많이 바란 것을 온전히 찾음", whole, "%", low, high),
            Figure("되시험: 같은 말만 묶으면", by_words, "%", words_low, words_high, note="견주는 값"),
            Figure("되시험: 여러 바람이 섞인 묶음", mixed, "%", mixed_low, mixed_high),
            Figure("되시험: 적게 바란 것을 알린 일", float(trial.leaked), "번"),
            Figure("되시험: 첫째로 알린 것이 정말 가장 많음", 100 * trial.first, "%"),
            Figure("되시험: 심은 구를 맞힘", 100 * trial.placed, "%", note="온전히 찾은 것 가운데"),
            Figure("되시험: 없는 구를 지어냄", 100 * trial.invented, "%", note="온전히 찾은 것 가운데"),
        ),
        notes=(
            *result.notes,
            "되시험은 지어낸 바람을 심고 다시 찾는지 본 것이에요. 같은 바람이 여러 묶음으로 나뉠 수 있으니, "
            "묶음의 수는 '적어도 이만큼'으로 읽고 차례만으로 정하지 마세요.",
        ),
    )


def _try(assumptions: UnmetAssumptions, embedder: Embedder, context: CaseContext) -> Trial:
    texts = texts_of(assumptions)
    vectors = dict(zip(texts, _vectors(texts, embedder, context), strict=True))
    return tried(assumptions, vectors, words_of, context.rng(_TRIAL_STREAM))


@cache
def words_of(text: str) -> frozenset[str]:
    """The words of a text that carry meaning; nothing masked and no number."""
    plain = _MASKED.sub(" ", text)
    return frozenset(one.form for one in analyser()(plain) if one.tag in _NOUNS and len(one.form) > 1)


def _rounded(count: int) -> int:
    return count if count >= FEWEST else 0


def _named(name: str, place: int) -> str:
    return f"{place + 1}. {name}"


def _by_district(unmet: Unmet) -> list[tuple[str, int, int, int]]:
    """Conversations of all groups by district, of what may be told."""
    counts: dict[str, int] = {}
    for group in unmet.groups:
        for name, count in group.districts.items():
            if count is not None and name != NO_PLACE:
                counts[name] = counts.get(name, 0) + count
    return [(name, *TILES[name], count) for name, count in sorted(counts.items()) if name in TILES]


def _wishes(tx: Transaction) -> list[Wish]:
    rows = [
        row
        for kind in KINDS
        for row in review_items.listed(tx, state=None, kind=kind)
        if not row.text.startswith("(")
    ]
    homes = conversations.home_districts(tx, {row.conversation_id for row in rows})
    return [_wish(row, homes.get(row.conversation_id)) for row in rows]


def _wish(row: ItemRow, district: str | None) -> Wish:
    return Wish(row.conversation_id, row.text, row.kind, row.at, district)


def _vectors(texts: Sequence[str], embedder: Embedder, context: CaseContext) -> Vectors:
    parts = []
    for begin in range(0, len(texts), EMBEDDED_AT_ONCE):
        context.progress("뜻 견주기", begin, len(texts))
        parts.append(embedder.embed(texts[begin : begin + EMBEDDED_AT_ONCE]))
    context.progress("뜻 견주기", len(texts), len(texts))
    return np.vstack(parts) if parts else np.zeros((0, embedder.dimension), dtype=np.float32)
