"""Templates read from ``catalogue/office/templates``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from donghaeng.city.services.positions import read_yaml
from donghaeng.errors import InputError
from donghaeng.office.drafts.template import Template


def load_templates(catalogue: Path) -> Mapping[str, Template]:
    """Every template by its id.

    Raises:
        CatalogueError: a file is wrong, with file and line.
    """
    found: dict[str, Template] = {}
    for file in sorted((catalogue / "office" / "templates").glob("*.yaml")):
        document = read_yaml(file)
        try:
            template = Template.model_validate(document.data)
        except ValidationError as error:
            problem = error.errors()[0]
            message = problem["msg"].removeprefix("Value error, ")
            raise document.error(list(problem["loc"]), message) from None
        if template.id != file.stem:
            raise document.error(["id"], f"the file is {file.name}", remedy="give both the same name")
        found[template.id] = template
    return found


def find_template(templates: Mapping[str, Template], name: str) -> Template:
    """One of them.

    Raises:
        InputError: there is none of this name.
    """
    if name not in templates:
        raise InputError(f"no template {name}", remedy=f"one of {', '.join(templates)}")
    return templates[name]
