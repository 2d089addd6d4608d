"""The way of a free question: a hard word, the answer before, a passage that was chosen, or all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, Final

from donghaeng.city.glossary import Glossary
from donghaeng.knowledge.following import about_own_case, answer_about, told_of_service
from donghaeng.knowledge.passages import Passage
from donghaeng.knowledge.protocol import Knowledge
from donghaeng.knowledge.rewording import Rewording
from donghaeng.knowledge.rows import Row, passage_row, service_row, term_row
from donghaeng.knowledge.safety import is_safe

DECIDED: Final = "none"
"""The value of a choice between passages that need not be made."""

Apart = Callable[..., Awaitable[Any]]
"""``asyncio.to_thread``, or what does the work at once."""
Arguments = Mapping[str, Any]


class Asking:
    """Answers questions as rows: one, or two where documents contradict each other.

    Args:
        knowledge: the passages.
        apart: does work that takes 20 ms and more where nobody else waits for it (a question's vector).
        glossary: hard words; without it none is explained.
        rewording: words answers anew; without it they are the passages' own sentences.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        apart: Apart,
        *,
        glossary: Glossary | None = None,
        rewording: Rewording | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._apart = apart
        self._glossary = glossary
        self._rewording = rewording

    async def choices(self, arguments: Arguments, day: date) -> list[Row]:
        """The passages between which a question does not decide, or the one of which it is unsure that it is
        meant; else one row that says so, with the id :data:`DECIDED`."""
        found: tuple[Passage, ...] = ()
        question, topic = str(arguments["question"]), arguments.get("topic")
        pointed = arguments.get("word") is not None or arguments.get("answered") is not None
        if not pointed and self._knowledge.warning(question, day) is None:
            found = await self._apart(self._knowledge.rivals, question, day, topic=topic)
        if not found:
            return [{"id": DECIDED, "title": DECIDED, "unsure": False}]
        return [{"id": passage.id, "title": passage.title, "unsure": True} for passage in found]

    async def answer(self, arguments: Arguments, day: date) -> list[Row]:
        """The rows that answer, or none. What smells of fraud is answered with what warns of it, and
        nothing bids anybody to name a secret or to send money, whatever a document says."""
        question = str(arguments["question"])
        warning = self._knowledge.warning(question, day)
        if warning is not None:
            return [passage_row(warning) | {"own_case": False}]
        return [row for row in await self._answers(question, arguments, day) if is_safe(row["spoken"])]

    async def _answers(self, question: str, arguments: Arguments, day: date) -> list[Row]:
        word = self._word(arguments)
        if word is not None:
            return [word | {"own_case": False}]
        answered = arguments.get("answered")
        if isinstance(answered, Mapping) and answered.get("id"):
            return self._about(question, answered, day)
        found = await self._found(question, arguments, day)
        return [
            self._row(question, passage, await self._worded(question, passage, answer))
            for passage, answer in found
        ]

    def _word(self, arguments: Arguments) -> Row | None:
        if self._glossary is None or arguments.get("word") is None:
            return None
        found = self._glossary.meaning(str(arguments["word"]))
        return term_row(*found, self._glossary) if found is not None else None

    def _about(self, question: str, answered: Mapping[str, Any], day: date) -> list[Row]:
        """What answers a question about the answer before: of a passage, or of a welfare service."""
        found = self._knowledge.follow(question, str(answered["id"]), day)
        if found is not None:
            return [self._row(question, *found)]
        if not (answered.get("what") and answered.get("name") and answered.get("source")):
            return []
        spoken = answer_about(question, told_of_service(answered))
        if spoken is None:
            return []
        return [service_row(answered, spoken) | {"own_case": about_own_case(question, spoken)}]

    async def _found(self, question: str, arguments: Arguments, day: date) -> tuple[tuple[Passage, str], ...]:
        """The passage that was chosen, or what answers. Words that choose none are a question of their
        own."""
        chosen, topic = arguments.get("passage"), arguments.get("topic")
        if chosen is not None and chosen != DECIDED:
            told = await self._apart(self._knowledge.told, str(chosen), question, day)
            if told is not None:
                return (told,)
            question = str(chosen)
        found: tuple[tuple[Passage, str], ...] = await self._apart(
            self._knowledge.search, question, day, topic=topic
        )
        return found

    async def _worded(self, question: str, passage: Passage, answer: str) -> str:
        if self._rewording is None:
            return answer
        return await self._rewording.reword(question, answer, title=passage.title, text=passage.body)

    def _row(self, question: str, passage: Passage, spoken: str) -> Row:
        own_case = about_own_case(question, spoken)
        eased = self._glossary.eased(spoken) if self._glossary is not None else spoken
        return passage_row(passage, spoken=eased) | {"own_case": own_case}
