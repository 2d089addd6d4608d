"""Operations of an OpenAPI 3 document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal
from urllib.parse import urljoin

from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError, ValidatorDetectError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from donghaeng.city.drafting.offered import (
    CannotDraft,
    Input,
    Offered,
    Schema,
    askable,
    identifier,
    inputs_of,
    kind_of,
    receipt_in,
    rows_in,
)
from donghaeng.city.imported import BY_NATURE
from donghaeng.city.services.positions import bracket_depth
from donghaeng.errors import InputError

MOST_BYTES: Final = 10_000_000
MOST_PARTS: Final = 500_000
"""Values in a document, aliases of YAML followed: a small file can hold millions."""
MOST_DEPTH: Final = 200
"""Brackets within brackets."""
_MOST_REFERENCES: Final = 50
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_SAFE: Final = frozenset({"get"})
_ALWAYS_SENT: Final = frozenset({"accept", "content-type", "authorization"})
"""Header parameters that a document's other parts rule (OpenAPI 3.1, 4.8.12.2.1)."""
_IDEMPOTENCY: Final = "idempotency-key"


def read_document(raw: bytes, name: str) -> dict[str, Any]:
    """A document of plain values, checked against the standard.

    Raises:
        InputError: it is too large, neither JSON nor YAML, or no OpenAPI 3 document complete in itself.
    """
    if len(raw) > MOST_BYTES:
        raise InputError(f"{name}: is over {MOST_BYTES} bytes", remedy="cut it down to what is wanted")
    try:
        if bracket_depth(raw) > MOST_DEPTH:
            raise ValueError(f"brackets within brackets more than {MOST_DEPTH} deep")
        text = raw.decode("utf-8-sig")
        parsed = json.loads(text) if text.lstrip().startswith("{") else YAML(typ="rt").load(text)
        document = _plain(parsed, [MOST_PARTS])
        outside = next(_outside(document), None)
    except (ValueError, YAMLError, RecursionError, LookupError, AttributeError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{name}: is neither JSON nor YAML: {reason}") from None
    version = str(document.get("openapi", "")) if isinstance(document, dict) else ""
    if not version.startswith("3."):
        raise InputError(f"{name}: is no OpenAPI 3 document", remedy="its first key is `openapi: 3.1.0`")
    if outside is not None:
        raise InputError(
            f"{name}: {outside} stands outside the document", remedy="bundle it into one document first"
        )
    try:
        validate(document)
    except ValidatorDetectError:
        raise InputError(
            f"{name}: OpenAPI {version!r} is no version that is known",
            remedy="its first key is `openapi: 3.1.0`",
        ) from None
    except OpenAPIValidationError as error:
        where = getattr(error, "json_path", "$")
        raise InputError(f"{name}: {where}: {error.message.splitlines()[0][:300]}") from None
    except (LookupError, ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{name}: is no sound OpenAPI document ({type(error).__name__})") from None
    return dict(document)


def offered_in(document: Mapping[str, Any], source: str) -> Iterator[Offered | tuple[str, CannotDraft]]:
    """Every operation, in the document's order; of one that no service can be made of, its name and why.

    Args:
        document: from :func:`read_document`.
        source: where it came from: a file's name or an address, against which relative ones are resolved.
    """
    for path, item in (document.get("paths") or {}).items():
        for method in _METHODS:
            if method in item:
                operation = item[method]
                name = identifier(operation.get("operationId") or f"{method} {path}")
                try:
                    yield _offered(document, source, path, method, name)
                except CannotDraft as error:
                    yield name, error


def _offered(document: Mapping[str, Any], source: str, path: str, method: str, name: str) -> Offered:
    item = document["paths"][path]
    operation = item[method]
    effect: Literal["read", "write"] = "read" if method in _SAFE else "write"
    idempotency = BY_NATURE if method in ("put", "delete") else None
    found: list[Input] = []
    for parameter in _parameters(document, item, operation):
        place, sent_as = parameter["in"], str(parameter["name"])
        if place == "header" and sent_as.lower() == _IDEMPOTENCY:
            idempotency = f"header {sent_as}"
        elif not (place == "header" and sent_as.lower() in _ALWAYS_SENT):
            found.append(_parameter(document, parameter, place, sent_as))
    found += _body(document, operation)
    inputs, left_out = askable(iter(found))
    rows, columns = rows_in(_answer(document, operation))
    return Offered(
        id=name,
        kind="openapi",
        effect=effect,
        source=f"{source} {method.upper()} {path}",
        address=_address(document, item, operation, source),
        title=str(operation.get("summary") or ""),
        method=method.upper(),
        path=path,
        key=_key(document, operation),
        idempotency=idempotency if effect == "write" else None,
        inputs=inputs,
        rows=rows,
        columns=columns,
        receipt=receipt_in(columns) if effect == "write" else None,
        left_out=left_out,
    )


def _parameters(document: Schema, item: Schema, operation: Schema) -> list[Schema]:
    """The operation's own parameters stand before those of its path."""
    named: dict[tuple[str, str], Schema] = {}
    for raw in (*(item.get("parameters") or ()), *(operation.get("parameters") or ())):
        parameter = _resolved(document, raw)
        named[str(parameter["in"]), str(parameter["name"])] = parameter
    return list(named.values())


def _parameter(document: Schema, parameter: Schema, place: str, sent_as: str) -> Input:
    schema = _resolved(document, parameter.get("schema") or {})
    required = bool(parameter.get("required"))
    if place == "cookie" or "." in sent_as:
        schema = {"type": "object"}
    says = " ".join(str(parameter.get("description") or schema.get("description") or "").split())[:200]
    where: Any = place if place != "cookie" else "header"
    return Input(where, sent_as, schema, required, says)


def _body(document: Schema, operation: Schema) -> list[Input]:
    body = _resolved(document, operation.get("requestBody") or {})
    if not body:
        return []
    media = _json_of(body.get("content"))
    if media is None:
        if body.get("required"):
            raise CannotDraft("its body is not JSON", remedy="choose another operation")
        return []
    schema = _resolved(document, media.get("schema") or {})
    if kind_of(schema) != "object":
        raise CannotDraft("its body is no object", remedy="choose another operation")
    return list(inputs_of(schema, "body", required=True))


def _answer(document: Schema, operation: Schema) -> Schema | None:
    responses = operation.get("responses") or {}
    good = sorted(code for code in responses if code.startswith("2")) or ["default"]
    response = _resolved(document, responses.get(good[0]) or {})
    media = _json_of(response.get("content"))
    return _resolved(document, media.get("schema") or {}) if media is not None else None


def _json_of(content: Any) -> Schema | None:
    for kind, media in (content or {}).items():
        plain = kind.partition(";")[0].strip().lower()
        if plain == "application/json" or plain.endswith("+json"):
            return dict(media)
    return None


def _address(document: Schema, item: Schema, operation: Schema, source: str) -> str | None:
    servers = operation.get("servers") or item.get("servers") or document.get("servers") or [{"url": "/"}]
    url = str(servers[0].get("url") or "/")
    for name, variable in (servers[0].get("variables") or {}).items():
        url = url.replace("{" + name + "}", str(variable.get("default", "")))
    if not url.startswith(("http://", "https://")):
        url = urljoin(source, url) if source.startswith(("http://", "https://")) else ""
    return url.rstrip("/") or None


def _key(document: Schema, operation: Schema) -> dict[str, str] | None:
    wanted = operation["security"] if "security" in operation else document.get("security")
    names = [name for one in wanted or () for name in one]
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    if not names or names[0] not in schemes:
        return None
    scheme = _resolved(document, schemes[names[0]])
    if scheme.get("type") == "apiKey" and scheme.get("in") in ("header", "query"):
        return {"in": str(scheme["in"]), "name": str(scheme["name"])}
    basic = str(scheme.get("scheme", "")).lower() == "basic"
    return {"in": "header", "name": "Authorization", "prefix": "Basic " if basic else "Bearer "}


# --- references -------------------------------------------------------------------------------------


def _outside(value: Any) -> Iterator[str]:
    """References that lead out of the document: nothing is fetched on its word."""
    if isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str) and not target.startswith("#"):
            yield target[:100]
        for inner in value.values():
            yield from _outside(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _outside(inner)


def _resolved(document: Schema, value: Schema, depth: int = 0) -> dict[str, Any]:
    """A part without references, with the alternatives of a schema reduced to the first and ``allOf``
    joined; what holds itself ends as an open object."""
    found: dict[str, Any] = dict(value)
    for _ in range(_MOST_REFERENCES):
        if "$ref" not in found:
            break
        found = dict(_at(document, str(found["$ref"])))
    if depth > 6:
        return {"type": "object"} if found.get("properties") else found
    for choice in ("oneOf", "anyOf"):
        options = [one for one in found.pop(choice, None) or () if one.get("type") != "null"]
        if options:
            found = {**_resolved(document, options[0], depth + 1), **found}
    for part in found.pop("allOf", None) or ():
        found = _joined(found, _resolved(document, part, depth + 1))
    if isinstance(found.get("properties"), dict):
        found["properties"] = {
            name: _resolved(document, inner, depth + 1) if isinstance(inner, dict) else {}
            for name, inner in found["properties"].items()
        }
    if isinstance(found.get("items"), dict):
        found["items"] = _resolved(document, found["items"], depth + 1)
    return found


def resolve_inside(schema: Schema) -> dict[str, Any]:
    """A schema whose references lead into itself (``$defs``), without them."""
    return _resolved(schema, schema)


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    properties = {**other.get("properties", {}), **one.get("properties", {})}
    required = [*other.get("required", ()), *one.get("required", ())]
    both = {**other, **one}
    return {**both, **({"properties": properties, "required": required} if properties else {})}


def _at(document: Schema, reference: str) -> Schema:
    value: Any = document
    for part in reference.removeprefix("#/").split("/"):
        value = value.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(value, dict) else {}
    return value if isinstance(value, dict) else {}


def _plain(node: Any, budget: list[int]) -> Any:
    budget[0] -= 1
    if budget[0] < 0:
        raise ValueError(f"more than {MOST_PARTS} values")
    if isinstance(node, dict):
        return {str(key): _plain(inner, budget) for key, inner in node.items()}
    if isinstance(node, list):
        return [_plain(inner, budget) for inner in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (str, int, float):
        if isinstance(node, kind):
            return kind(node)
    return str(node)
