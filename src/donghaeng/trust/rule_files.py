"""Rules that a city writes in YAML, read into a model."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from donghaeng.errors import InputError

M = TypeVar("M", bound=BaseModel)


def read_rules(path: Path, model: type[M]) -> M:
    """What a file says.

    Raises:
        InputError: the file is absent or wrong; says where.
    """
    try:
        return model.model_validate(YAML(typ="safe").load(path))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except YAMLError as error:
        raise InputError(f"{path}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path}: {place}: {first['msg']}") from None
