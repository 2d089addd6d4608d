"""What a messenger itself tells (``catalogue/lexicon/text_channels.yaml``)."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from donghaeng.city.services.positions import read_yaml

WORDS_FILE: Final = "text_channels.yaml"
LABEL: Final = 14
"""Characters of a button that every messenger shows whole."""


class Words(BaseModel):
    """Every sentence and label. Braces name what is put in."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_min_length=1)

    waiting: str = Field(description="the answer takes longer; the next message brings it")
    waiting_callback: str = Field(description="the answer takes longer and comes by itself")
    busy: str = Field(description="the message before is still being answered; this one is not taken")
    unused: str = Field(description="words that were written before the answer above was seen are not taken")
    passed_on: str = Field(description="a counsellor has the conversation and was given the words")
    sorry: str = Field(description="something failed")
    unreadable: str = Field(description="no message could be read")
    too_long: str
    too_many: str
    cut: str = Field(description="the rest does not fit")
    queue: str = Field(description="place in the counsellors' queue: {position}")
    source: str = Field(description="where it comes from: {names}")
    as_of: str = Field(description="how old it is: {time}")
    says: str = Field(description="words of a counsellor: {text}")
    phone: str = Field(description="{number}")
    call: str = Field(description="label of a button that calls: {title}")
    open: str = Field(description="label of a button that opens an address: {title}")
    reach: str = Field(description="stands above such buttons")
    show: str = Field(max_length=LABEL, description="label: show the answer that was late")
    counsellor: str = Field(max_length=LABEL)
    affirm: str = Field(max_length=LABEL)
    deny: str = Field(max_length=LABEL)


_PUT_IN: Final = {
    "queue": {"position"},
    "says": {"text"},
    "source": {"names"},
    "as_of": {"time"},
    "phone": {"number"},
    "call": {"title"},
    "open": {"title"},
}


def load_words(file: Path) -> Words:
    """Read the sentences.

    Raises:
        CatalogueError: one is absent, unknown or names what is not put in, with file and line.
    """
    document = read_yaml(file)
    try:
        words = Words.model_validate(document.data)
    except ValidationError as error:
        problem = error.errors()[0]
        raise document.error(list(problem["loc"]), problem["msg"]) from None
    for name, sentence in words.model_dump().items():
        try:
            named = {field for _, field, _, _ in Formatter().parse(sentence) if field is not None}
        except ValueError as error:
            raise document.error([name], f"{name!r} does not parse: {error}") from None
        if named != _PUT_IN.get(name, set()):
            expected = ", ".join(f"{{{field}}}" for field in _PUT_IN.get(name, set())) or "nothing in braces"
            raise document.error([name], f"{name!r} names {sorted(named)}", remedy=f"write {expected}")
    return words
