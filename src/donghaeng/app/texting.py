"""Which provider sends text messages: part of the composition root.

The constructor of a provider takes, by keyword, whatever it wants of ``folder`` (the data folder),
``sealer``, ``url`` and ``key``; parameters without a default must be among them.
"""

from __future__ import annotations

import inspect
from importlib.metadata import entry_points
from typing import Any, Final, cast

from donghaeng.errors import EngineMissing
from donghaeng.people.messages import MESSAGE_PROVIDERS, MessageProvider
from donghaeng.settings import Settings
from donghaeng.trust.sealing import Sealer

FILE: Final = "file"
"""The embedded default: messages stay on this machine."""


def load_messages(settings: Settings, sealer: Sealer) -> MessageProvider | None:
    """The provider that the settings name; None where nothing is sent, and nothing promised.

    Messages that stay in a file are right for a sandbox city alone: a live city has none unless one is named.

    Raises:
        EngineMissing: no such provider is installed; the message names those there are.
        SettingsError: a setting that it needs is absent.
    """
    name = settings.message_provider or (FILE if settings.city == "sandbox" else None)
    if name is None:
        return None
    points = {point.name: point for point in entry_points(group=MESSAGE_PROVIDERS)}
    if name not in points:
        raise EngineMissing(
            f"messages: {name!r} is not installed",
            remedy=f"choose one of {', '.join(sorted(points)) or 'none'}",
        )
    try:
        provider = points[name].load()
    except ImportError as error:
        raise EngineMissing(
            f"messages: {name!r} cannot be imported: {error}",
            remedy=f"install its package ({points[name].value})",
        ) from error
    key = settings.message_key
    offered: dict[str, Any] = {
        "folder": settings.data,
        "sealer": sealer,
        "url": settings.message_url,
        "key": key.get_secret_value() if key is not None else None,
    }
    wanted = inspect.signature(provider).parameters
    given = {name: value for name, value in offered.items() if name in wanted}
    return cast(MessageProvider, provider(**given))
