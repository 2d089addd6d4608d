"""Which acts leave a question open, lead nowhere, or are about the service in hand."""

from __future__ import annotations

from typing import Final

from donghaeng.understanding.acts import ActKind

LEAVE_CONSENT_OPEN: Final = frozenset(
    {ActKind.CONFIRM, ActKind.DENY, ActKind.UNCLEAR, ActKind.SILENCE, ActKind.REPEAT, ActKind.REMEMBER}
    | {ActKind.SLOWER, ActKind.FASTER, ActKind.LOUDER, ActKind.QUIETER}
)
"""Acts after which the question whether to remember still stands; by any other it lapses, as by a no."""
LEAVE_GUARDIAN_OPEN: Final = LEAVE_CONSENT_OPEN - {ActKind.REMEMBER} | {ActKind.LET_SEE}
"""The same of the question whether somebody may see the requests."""
LEAVE_OFFER_OPEN: Final = (
    LEAVE_CONSENT_OPEN
    | {ActKind.FORGET, ActKind.TO_PAGE}
    | {
        ActKind.LET_SEE,
        ActKind.STOP_SEEING,
        ActKind.WHO_SEES,
    }
)
"""Acts after which the offer of a person still stands, and the question which service is meant; by any other
the citizen has passed over it."""
LED_NOWHERE: Final = frozenset({ActKind.UNCLEAR, ActKind.UNSURE, ActKind.SILENCE})
"""Acts that count towards the offer of a person."""
TAKE_UP: Final = frozenset({ActKind.FILL, ActKind.CORRECT, ActKind.CHOOSE, ActKind.BACK})
"""Acts that are about the service that waits, and so take it up again."""
ABOUT_FRAME: Final = TAKE_UP | {
    ActKind.CONFIRM,
    ActKind.DENY,
    ActKind.DONT_KNOW,
    ActKind.SKIP,
    ActKind.CONTINUE,
    ActKind.START_OVER,
    ActKind.HELP,
    ActKind.SILENCE,
    ActKind.UNCLEAR,
    ActKind.UNSURE,
    ActKind.CANCEL,
}
"""Acts that nothing is left to be done about once the service in hand was withdrawn."""
