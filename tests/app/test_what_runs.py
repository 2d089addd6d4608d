"""What an installation is made of: each change of it has another hash in the part that it is of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT

from donghaeng.app import what_runs
from donghaeng.app.telling import open_sender, ways_of
from donghaeng.app.what_runs import engine_id, present, weights_present
from donghaeng.city.services import load_catalogue
from donghaeng.settings import load_settings
from donghaeng.store import Store, knowledge
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject
from donghaeng.trust.sealing import Sealer
from donghaeng.trust.supply.weights import Weights

SYSTEM = Subject(Kind.SYSTEM, "donghaeng")
CATALOGUE = load_catalogue(CHECKOUT / "catalogue")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/w.db", Sealer([b"k" * 32])) as opened:
        yield opened


def parts(store: Store, **settings: object) -> dict[str, str]:
    return dict(present(load_settings(**settings), CATALOGUE, store)[SYSTEM].parts)


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    assert before.keys() == after.keys(), "a part has one name whatever is plugged in"
    return {name for name in before if before[name] != after[name]}


def test_each_setting_that_changes_what_answers_changes_its_part_alone(store: Store) -> None:
    plain = parts(store)
    assert changed(plain, parts(store)) == set()
    assert changed(plain, parts(store, recogniser_model="large")) == {"model/recogniser"}
    assert changed(plain, parts(store, embedder="other")) == {"model/embedder"}
    model = {"language_model_url": "http://127.0.0.1:9/v1", "language_model_name": "a"}
    plugged = parts(store, **model)
    assert changed(plain, plugged) == {"model/language_model", "prompt/proposing"}
    assert changed(plugged, parts(store, **model, language_model_rewords=True)) == {"prompt/rewording"}
    drafts = parts(store, **model, language_model_rewords_drafts=True)
    assert changed(plugged, drafts) == {"prompt/rewording_drafts"}
    moved = parts(store, **(model | {"language_model_url": "http://127.0.0.2:9/v1"}))
    assert changed(plugged, moved) == {"model/language_model"}


def test_another_prompt_text_is_another_part(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    model = {"language_model_url": "http://127.0.0.1:9/v1", "language_model_name": "a"}
    before = parts(store, **model)
    monkeypatch.setattr(what_runs.prompt, "TASK", "다르게 해요")
    assert changed(before, parts(store, **model)) == {"prompt/proposing"}


def test_the_served_documents_and_the_weights_have_hashes(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings()
    documents = Subject(Kind.KNOWLEDGE, "documents")
    nothing = present(settings, CATALOGUE, store)[documents].seen
    monkeypatch.setattr(knowledge, "served", lambda tx: {"d_1": knowledge.Served(1, 1)})
    first = present(settings, CATALOGUE, store)[documents].seen
    monkeypatch.setattr(knowledge, "served", lambda tx: {"d_1": knowledge.Served(1, 2)})
    assert present(settings, CATALOGUE, store)[documents].seen == first, "an edition is another version"
    assert len({nothing, first, ""}) == 3

    file = tmp_path / "w.bin"
    made = Weights(name="Whisper x", package="p", file="w", sha256="0" * 64, licence="MIT", origin="o")
    monkeypatch.setattr(what_runs, "load_weights", lambda: (made,))
    monkeypatch.setattr(what_runs, "place_of", lambda one: file)
    assert weights_present(settings)[SYSTEM].parts == {}
    file.write_bytes(b"a")
    engine = Subject(Kind.ENGINE, engine_id("recogniser", "whisper"))
    before = weights_present(settings)
    file.write_bytes(b"b")
    after = weights_present(settings)
    for subject in (SYSTEM, engine):
        assert before[subject].parts.keys() == {"model/Whisper x"}
        assert before[subject].parts != after[subject].parts


def test_nobody_is_told_outside_unless_an_address_is_set(store: Store) -> None:
    assert ways_of(load_settings()) == ()
    assert ways_of(load_settings(alert_mail_host="mail.example")) == (), "a letter needs a reader"
    both = load_settings(
        alert_webhook="https://city.example/a", alert_mail_host="mail.example", alert_mail_to=("a@b.kr",)
    )
    assert ways_of(both) == ("webhook", "mail")
    sender = open_sender(both, store, clock=lambda: pytest.fail("nothing is sent"))
    assert set(sender.carriers) == {"webhook", "mail"}
