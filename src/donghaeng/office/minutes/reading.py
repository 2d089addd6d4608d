"""Reads a meeting and writes down what a careful clerk would. Pure but for the analyser it is given.

Three passes over the turns: points of the agenda, what was settled, what somebody is to do. An action needs
somebody's word: a request that its addressee does not refuse, a promise with a day or by 제가, an offer that
is taken up. Wishes, proposals and what is done already are left out, and so is what happens in the room.
"""

from __future__ import annotations

from donghaeng.korean.morphemes import Join, Place
from donghaeng.office.minutes.agenda import topics
from donghaeng.office.minutes.deciding import decisions
from donghaeng.office.minutes.heard import Heard
from donghaeng.office.minutes.model import Meeting, Minutes
from donghaeng.office.minutes.promising import Actions
from donghaeng.office.minutes.sentences import sentences
from donghaeng.office.minutes.words import MinutesWords


class Clerk:
    """Reads minutes out of meetings; thread-safe as its analyser is."""

    def __init__(self, words: MinutesWords, place: Place, join: Join) -> None:
        self._words = words
        self._place = place
        self._join = join

    def read(self, meeting: Meeting) -> Minutes:
        """Agenda, decisions and actions, each with the moment where it was settled."""
        heard = [
            Heard(turn.at, turn.who, tuple(sentences(turn.says, self._place, self._words)))
            for turn in meeting.turns
        ]
        chair = next((turn.who for turn in heard if turn.sentences), "")
        actions = Actions(meeting, heard, chair, self._words, self._join)
        found = actions.find()
        return Minutes(
            topics=tuple(topics(meeting, heard, chair, self._words)),
            decisions=tuple(decisions(heard, chair, self._words, self._join, actions.assigned)),
            actions=tuple(found),
        )
