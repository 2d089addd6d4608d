"""A city that also carries out the operations that its catalogue imported."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from donghaeng.city.imported import Imported, ImportedOperation, declared
from donghaeng.city.operations import Answer, City, Operation
from donghaeng.city.providers.imported import Carried, call_http, call_tool
from donghaeng.errors import InputError


class CityWithImports:
    """A :class:`~donghaeng.city.operations.City` before another one.

    Args:
        inner: carries out every other operation.
        imported: the catalogue's imported operations.
        carried: reaches the systems that the operations name. Without it nothing outside is
            asked: the answers are the examples of ``operation.yaml``, as for any service in the sandbox city.
        keys: the systems' keys by service id.
        receipts: begins the receipts of such an answer.
    """

    def __init__(
        self,
        inner: City,
        imported: Imported,
        *,
        carried: Carried | None = None,
        keys: Mapping[str, str] | None = None,
        receipts: str = "",
    ) -> None:
        self._inner = inner
        self._imported = imported
        self._declared = declared(imported)
        self._carried = carried
        self._keys = keys or {}
        self._receipts = receipts

    @property
    def operations(self) -> Mapping[str, Operation]:
        """Every operation by name."""
        return {**self._inner.operations, **self._declared}

    async def call(
        self,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        now: datetime,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Make one request; see :class:`~donghaeng.city.operations.City`.

        Raises:
            ProviderError: the system failed or refused.
            InputError: arguments that the operation does not take.
        """
        one = self._imported.get(operation)
        if one is None:
            return await self._inner.call(operation, arguments, now=now, idempotency_key=idempotency_key)
        _check(operation, one, arguments)
        if one.effect == "write" and not idempotency_key:
            raise InputError(f"{operation} is a write", remedy="give an idempotency key")
        carried = self._carried
        if carried is None:
            return self._example(one, idempotency_key)
        key = self._keys.get(operation.partition(".")[2])
        if one.kind == "mcp":
            return await call_tool(
                one, operation, arguments, reach=carried.reach, key=key, idempotency_key=idempotency_key
            )
        return await call_http(
            one,
            operation,
            arguments,
            transport=carried.transport,
            key=key,
            now=now,
            idempotency_key=idempotency_key,
        )

    def _example(self, one: ImportedOperation, idempotency_key: str | None) -> Answer:
        rows = tuple({name: row.get(name) for name in one.row} for row in one.example)
        if one.effect == "read" or idempotency_key is None:
            return Answer(rows=rows)
        number = int(hashlib.sha256(idempotency_key.encode()).hexdigest()[:12], 16) % 10**8
        return Answer(rows=rows, receipt=f"{self._receipts}{number:08d}")


def _check(name: str, one: ImportedOperation, arguments: Mapping[str, Any]) -> None:
    unknown = sorted(set(arguments) - set(one.parameters))
    missing = [
        key for key, spec in one.parameters.items() if not spec.optional and arguments.get(key) is None
    ]
    if unknown or missing:
        raise InputError(
            f"{name}: unknown {unknown or 'none'}, missing {missing or 'none'}",
            remedy=f"it takes {', '.join(one.parameters)}",
        )
