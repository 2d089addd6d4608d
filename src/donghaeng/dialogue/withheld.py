"""A service that may not answer citizens now: it is said plainly, and a person is offered."""

from __future__ import annotations

from donghaeng.city.operations import Effect
from donghaeng.dialogue.events import FrameClosed, FrameRaised
from donghaeng.dialogue.questions import offer_person
from donghaeng.dialogue.turn import Turn


def is_withheld(turn: Turn, service: str) -> bool:
    """Whether a service may not answer; the way to a person is always open."""
    definition = turn.catalogue.get(service)
    if definition is None or definition.effect is Effect.HANDOVER:
        return False
    return service in turn.withheld


def tell_withheld(turn: Turn, service: str) -> None:
    """Say that a service was taken back, and offer a person."""
    definition = turn.catalogue[service]
    turn.about(service, {})
    turn.phrase("service_withdrawn", service=definition.name, number=definition.owner.handover_number)
    offer_person(turn, apologised=True)


def drop_withheld(turn: Turn) -> str | None:
    """Close whatever is in hand and was taken back meanwhile; the service that was last in hand, where it is
    among it. Nothing that was not confirmed before is sent."""
    frames = turn.state.frames
    gone = [frame.service for frame in frames if is_withheld(turn, frame.service)]
    for service in gone:
        turn.emit(FrameRaised(service))
        turn.emit(FrameClosed("failed"))
    return frames[-1].service if gone and frames[-1].service in gone else None
