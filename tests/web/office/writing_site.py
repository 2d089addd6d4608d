"""The console with the officials' writing desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from donghaeng.app.writing import open_writing
from donghaeng.office.writing import Writing
from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer
from donghaeng.web.services import WebServices

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@contextmanager
def with_writing(
    services: WebServices, folder: Path, *, model=None, chance=lambda: 0.0
) -> Iterator[tuple[WebServices, Writing]]:
    """The same services with drafts and forms; everybody is asked unless ``chance`` says otherwise."""
    settings = load_settings(data=folder, language_model_rewords_drafts=model is not None)
    with Store.open(f"sqlite:///{folder}/writing.db", Sealer([b"k" * 32])) as store:
        writing = open_writing(settings, store, clock=lambda: NOW, model=model, chance=chance)
        yield replace(services, writing=writing), writing
        writing.forms._reader.close()
