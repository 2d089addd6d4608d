"""The plan of kills is repeatable, and the comparison in the end finds whatever can be wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from donghaeng.measuring.chaos_plan import LONGEST_S, Aim, plan
from donghaeng.measuring.chaos_verdict import Held, Wish, judge

PHONE, RECEIPT = "010-2000-0001", "SEL-261123-0001"


def told(**more: object) -> Wish:
    """A citizen who agreed and was told a receipt."""
    return replace(Wish(PHONE, agreed=True, answered=True, receipts={RECEIPT}), **more)  # type: ignore[arg-type]


HELD = Held(PHONE, RECEIPT, cancelled=False)


def test_a_plan_is_its_seed() -> None:
    assert plan(1, 200, whole=3) == plan(1, 200, whole=3)
    assert plan(1, 200) != plan(2, 200)


@pytest.mark.parametrize(("kills", "whole"), [(1, 0), (1, 1), (40, 3), (1000, 20), (7, 7)])
def test_every_kill_has_its_aim_and_its_time(kills: int, whole: int) -> None:
    planned = plan(5, kills, whole=whole)
    assert len(planned) == kills
    assert sum(kill.whole for kill in planned) == whole
    assert all(0 <= kill.after_s <= LONGEST_S[kill.aim] for kill in planned)
    if kills >= 40:
        assert {kill.aim for kill in planned} == set(Aim)


def test_what_agrees_holds() -> None:
    assert judge([told()], [HELD], [RECEIPT]).holds
    assert judge([Wish(PHONE)], [], []).holds
    back = told(wants_back=True, told_back=True)
    assert judge([back], [replace(HELD, cancelled=True)], [RECEIPT]).holds


@pytest.mark.parametrize(
    ("wish", "held", "recorded", "waiting", "kind"),
    [
        pytest.param(told(), [], [], 0, "lost", id="told a receipt that nobody knows"),
        pytest.param(told(receipts=set()), [], [], 0, "lost", id="answered and forgotten"),
        pytest.param(
            told(), [HELD, replace(HELD, receipt="SEL-261123-0002")], [RECEIPT], 0, "doubled", id="twice"
        ),
        pytest.param(told(), [HELD], [], 0, "untrue", id="not recorded here"),
        pytest.param(told(), [HELD], [RECEIPT, "SEL-261123-0009"], 0, "untrue", id="recorded, not held"),
        pytest.param(told(receipts={"SEL-261123-0009"}), [HELD], [RECEIPT], 0, "untrue", id="another's"),
        pytest.param(told(failed=True), [HELD], [RECEIPT], 0, "untrue", id="told that it failed"),
        pytest.param(Wish(PHONE), [HELD], [RECEIPT], 0, "untrue", id="nobody agreed"),
        pytest.param(told(told_back=True), [HELD], [RECEIPT], 0, "untrue", id="not taken back"),
        pytest.param(
            told(), [replace(HELD, cancelled=True)], [RECEIPT], 0, "untrue", id="taken back unasked"
        ),
        pytest.param(told(), [HELD], [RECEIPT], 1, "untrue", id="still waits"),
    ],
)
def test_whatever_does_not_agree_is_found(
    wish: Wish, held: list[Held], recorded: list[str], waiting: int, kind: str
) -> None:
    verdict = judge([wish], held, recorded, waiting=waiting)
    assert not verdict.holds
    assert getattr(verdict, kind)
