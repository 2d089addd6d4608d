"""Topics that a person hears, whatever a service could do: which words tell of one, and how it goes on.

The table is ``catalogue/lexicon/person_topics.yaml``. Emergencies come before all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from donghaeng.city.services.positions import read_yaml


class PersonTopic(BaseModel):
    """One topic."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=40, description="for counsellors")
    way: Literal["offer", "hand_over"] = Field(
        description="`offer` asks whether a person shall be called; `hand_over` calls one at once"
    )
    urgent: bool = Field(default=False, description="whether it goes before others in the queue")
    reply: str = Field(min_length=1, max_length=200, description="what is said before the person is called")
    patterns: list[str] = Field(
        min_length=1, description="regular expressions over the utterance without spaces"
    )
    unless: list[str] = Field(
        default_factory=list, description="regular expressions: words of another meaning, which are no sign"
    )
    examples: list[str] = Field(min_length=3, description="utterances in which it is found")
    not_examples: list[str] = Field(
        default_factory=list, description="utterances that sound alike, in which it is not"
    )

    def is_in(self, utterance: str) -> bool:
        """Whether an utterance tells of it."""
        packed = re.sub(r"\s+", "", utterance)
        for calm in self.unless:
            packed = re.sub(calm, "\n", packed)
        return any(re.search(pattern, packed) for pattern in self.patterns)


PersonTopics = Mapping[str, PersonTopic]

_Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
_TABLE: TypeAdapter[dict[str, PersonTopic]] = TypeAdapter(dict[_Code, PersonTopic])


def topic_in(topics: PersonTopics, utterance: str) -> str | None:
    """The first topic of the table that an utterance tells of."""
    return next((name for name, topic in topics.items() if topic.is_in(utterance)), None)


def load_person_topics(file: Path) -> PersonTopics:
    """Read the table; there are no topics where it does not exist.

    Raises:
        CatalogueError: it is wrong, an example is not found, or what sounds alike is.
    """
    if not file.exists():
        return {}
    document = read_yaml(file)
    try:
        topics = _TABLE.validate_python(document.data or {})
    except ValidationError as error:
        problem = error.errors()[0]
        raise document.error([str(part) for part in problem["loc"]], problem["msg"]) from None
    for name, topic in topics.items():
        try:
            fault = _fault(topic)
        except re.error as error:
            raise document.error([name, "patterns"], f"is not a regular expression: {error}") from None
        if fault is not None:
            raise document.error([name], fault, remedy="change the patterns or the example")
    return topics


def _fault(topic: PersonTopic) -> str | None:
    missed = next((one for one in topic.examples if not topic.is_in(one)), None)
    if missed is not None:
        return f"no pattern finds the example {missed!r}"
    wrong = next((one for one in topic.not_examples if topic.is_in(one)), None)
    return f"a pattern finds {wrong!r}, which sounds alike" if wrong is not None else None
