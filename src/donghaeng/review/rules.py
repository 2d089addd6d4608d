"""Who may do what with a proposal, and when: the two-person rule. Pure; the database holds to it as well."""

from __future__ import annotations

from typing import Final, Literal

from donghaeng.errors import DonghaengError, InputError
from donghaeng.review.effects import Effect

FEWEST_REASON: Final = 5
"""Characters of a reason that says something."""


class ReviewRefused(DonghaengError):
    """A step that the rules do not let somebody take, in Korean, as the page shows it."""

    exit_status = 2
    http_status = 409


class UnknownProposal(ReviewRefused):
    """No such proposal."""

    http_status = 404


class TwoPersonRule(ReviewRefused):
    """Author and publisher would be one person."""

    http_status = 403


def check_publishing(
    *,
    state: Literal["draft", "published", "rolled_back", "withdrawn"],
    author: str,
    publisher: str,
    effect: Effect | None,
    is_fresh: bool,
    reason: str,
) -> None:
    """Let a proposal be published, or say why not.

    Args:
        state: of the proposal.
        author: who proposed it.
        publisher: who would publish it.
        effect: what was measured; None where nothing was.
        is_fresh: whether it was measured on what is in force now.
        reason: why it is published although tests break.

    Raises:
        TwoPersonRule: both are one person.
        ReviewRefused: any other rule.
    """
    if state != "draft":
        raise ReviewRefused("이 제안은 이미 적용되었거나 거두어졌어요")
    if author == publisher:
        raise TwoPersonRule("제안한 사람은 스스로 적용할 수 없어요. 다른 한 사람이 살펴보고 적용해야 해요")
    if effect is None:
        raise ReviewRefused("먼저 효과를 재어 주세요")
    if not is_fresh:
        raise ReviewRefused("그사이에 다른 변경이 적용되었어요. 효과를 다시 재어 주세요")
    if effect.refusal is not None:
        raise ReviewRefused(effect.refusal)
    if effect.needs_reason and len(reason.strip()) < FEWEST_REASON:
        raise ReviewRefused(
            f"대화 시험 {len(effect.broken)}개가 깨져요. 그래도 적용하려면 까닭을 적어 주세요"
        )


def check_reason(reason: str) -> str:
    """A reason, tidied.

    Raises:
        InputError: it says nothing.
    """
    tidied = " ".join(reason.split())
    if len(tidied) < FEWEST_REASON:
        raise InputError("까닭을 적어 주세요")
    return tidied
