"""The table of dialect forms, fillers and polite detours: ``catalogue/lexicon/dialect.yaml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from donghaeng.city.services.positions import read_yaml
from donghaeng.korean.noise.manners import STEM, Manners, Region

DIALECT_FILE = "dialect.yaml"
"""Its name in ``catalogue/lexicon``."""

_ENDING = re.compile(r"[ㄱ-ㅎㅏ-ㅣ]?[가-힣]+|[ㄱ-ㅎㅏ-ㅣ][가-힣]*")
_WORD = re.compile(r"[가-힣]+-?")
_PHRASE = re.compile(r"[가-힣]+(?:[ ,.?!]+[가-힣]+)*[,.?!]?")


def _ending(form: str) -> str:
    if not _ENDING.fullmatch(form):
        raise ValueError(f"{form!r} is no ending: Hangul, with one lone letter at most at its beginning")
    return form


def _said_ending(form: str) -> str:
    _ending(form.replace(" ", ""))
    if " ".join(form.split()) != form:
        raise ValueError(f"{form!r} has a space too many")
    return form


def _word(form: str) -> str:
    if not _WORD.fullmatch(form):
        raise ValueError(f"{form!r} is no word: Hangul without spaces, a hyphen at the end for a stem")
    return form


def _phrase(form: str) -> str:
    if not _PHRASE.fullmatch(form):
        raise ValueError(f"{form!r} is no phrase: words in Hangul with one space between")
    return form


Ending = Annotated[str, AfterValidator(_ending)]
Word = Annotated[str, AfterValidator(_word)]
Phrase = Annotated[str, AfterValidator(_phrase)]
EndingForms = dict[Ending, list[Annotated[str, AfterValidator(_said_ending)]]]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RegionTable(_Table):
    """Dialect forms of one region; see :class:`~donghaeng.korean.noise.manners.Region`."""

    name: str
    endings: EndingForms = Field(min_length=1)
    connectives: EndingForms = Field(default_factory=dict)
    words: dict[Word, list[Word]] = Field(default_factory=dict)
    tags: list[Word] = Field(default_factory=list)

    @model_validator(mode="after")
    def _stems_stay_stems(self) -> RegionTable:
        for standard, forms in self.words.items():
            if any(form.endswith(STEM) != standard.endswith(STEM) for form in forms):
                raise ValueError(f"{standard!r} and its forms must all end in a hyphen, or none of them")
        return self


class DialectTable(_Table):
    """The whole file; see :class:`~donghaeng.korean.noise.manners.Manners`."""

    fillers: list[Phrase] = Field(default_factory=list)
    before: list[Phrase] = Field(default_factory=list)
    after: list[Phrase] = Field(default_factory=list)
    instead: list[Phrase] = Field(default_factory=list)
    alternatives: list[Annotated[list[Phrase], Field(min_length=2)]] = Field(default_factory=list)
    regions: dict[str, RegionTable] = Field(min_length=1)


def load_dialects(file: Path) -> Manners:
    """Read the table.

    Raises:
        CatalogueError: it is wrong, with file and line.
    """
    document = read_yaml(file)
    if not isinstance(document.data, dict):
        raise document.error([], "is no mapping", remedy="see the table's first lines in the project")
    try:
        table = DialectTable.model_validate(document.data)
    except ValidationError as error:
        problem = error.errors()[0]
        where = [part for part in problem["loc"] if part != "[key]"]
        raise document.error(
            where, f"{'.'.join(map(str, where))}: {problem['msg'].removeprefix('Value error, ')}"
        ) from None
    regions = {
        key: Region(one.name, one.endings, one.connectives, one.words, tuple(one.tags))
        for key, one in table.regions.items()
    }
    return Manners(
        fillers=tuple(table.fillers),
        before=tuple(table.before),
        after=tuple(table.after),
        instead=tuple(table.instead),
        alternatives=tuple(tuple(group) for group in table.alternatives),
        regions=regions,
    )
