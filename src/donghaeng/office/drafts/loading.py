"""Templates read from ``catalogue/office/templates``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from donghaeng.city.services.positions import read_model, read_yaml
from donghaeng.errors import InputError
from donghaeng.office.drafts.template import Template


def load_templates(catalogue: Path) -> Mapping[str, Template]:
    """Every template by its id.

    Raises:
        CatalogueError: a file is wrong, with file and line.
    """
    found: dict[str, Template] = {}
    for file in sorted((catalogue / "office" / "templates").glob("*.yaml")):
        template = read_model(file, Template)
        if template.id != file.stem:
            document = read_yaml(file)
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
