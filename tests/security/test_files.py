"""Files that are meant to do harm: bombs in YAML, names that lead elsewhere, templates that reach out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from tests.security.conftest import HOST, Maker
from tests.web.conftest import PASSWORD

from donghaeng.city.drafting.openapi import MOST_BYTES, MOST_PARTS, read_document
from donghaeng.city.imported import read_imported
from donghaeng.city.services.checking import check_catalogue
from donghaeng.city.services.loading import read_catalogue
from donghaeng.city.services.positions import MAX_FILE_BYTES, MAX_VALUES, read_yaml
from donghaeng.errors import CatalogueError, InputError
from donghaeng.trust.retention import load_retention

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
CPU_SECONDS = 5.0
"""What reading one bad file may cost at most, on a slow machine; the bombs cost hours unbounded."""


def laughs(levels: int) -> str:
    """Each level holds the one before ten times (a "billion laughs")."""
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    for level in range(1, levels):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]")
    return "\n".join(lines)


BOMBS = {
    "aliases": laughs(9),
    "merged": "\n".join(
        [
            "a0: &a0 {x: 1}",
            *(f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 40)),
        ]
    ),
    "deep lists": "[" * 100_000,
    "deep objects": "{a: " * 50_000,
    "deep lines": "".join(" " * depth + "a:\n" for depth in range(900)),
    "itself": "a: &a [*a]",
    "itself as key": "&a {*a : 1}",
    "many": "[" + "1," * (MAX_VALUES + 10) + "1]",
    "object": "!!python/object/apply:os.system ['touch harmed']",
    "tag": "a: !!python/name:os.system ''",
    "binary": "a: !!binary |\n  " + "AAAA" * 100,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_in_a_service_file_is_one_error_at_once(name: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "service.yaml"
    file.write_text(BOMBS[name], "utf-8")
    began = time.process_time()
    if name in {"binary", "tag", "object", "itself", "itself as key"}:
        assert len(repr(read_yaml(file).data)) < 10_000, "mere text"
    else:
        with pytest.raises(CatalogueError, match="service.yaml"):
            read_yaml(file)
    assert time.process_time() - began < CPU_SECONDS
    assert not (tmp_path / "harmed").exists()


def test_a_service_file_of_megabytes_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "service.yaml"
    file.write_bytes(b"#" * (MAX_FILE_BYTES + 1))
    with pytest.raises(CatalogueError, match="is over"):
        read_yaml(file)


@pytest.mark.parametrize("name", [*(name for name in BOMBS if name not in {"many", "merged"}), "giant"])
def test_a_bomb_in_an_openapi_document_is_one_error(name: str) -> None:
    began = time.process_time()
    with pytest.raises(InputError):
        read_document(b" " * (MOST_BYTES + 1) if name == "giant" else BOMBS[name].encode(), "bomb.yaml")
    assert time.process_time() - began < CPU_SECONDS
    assert MOST_PARTS <= 1_000_000


@pytest.mark.parametrize("name", ["aliases", "itself", "object"])
def test_a_bomb_in_the_rules_of_retention_is_one_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "privacy").mkdir()
    (tmp_path / "privacy" / "retention.yaml").write_text(BOMBS[name], "utf-8")
    with pytest.raises(InputError):
        load_retention(tmp_path)


# Names that lead elsewhere


@pytest.mark.parametrize(
    "wanted", ["../../../etc/passwd", "/etc/passwd", "..", "acts/../../x", "a\\..\\b", "a\x00b"]
)
def test_a_service_names_no_file_outside_its_folder(wanted: str, tmp_path: Path) -> None:
    folder = tmp_path / "services" / "bench"
    folder.mkdir(parents=True)
    text = (CATALOGUE / "services" / "bulky_waste" / "service.yaml").read_text("utf-8")
    assert "lexicon: bulky_items" in text
    (folder / "service.yaml").write_text(
        text.replace("id: bulky_waste", "id: bench", 1).replace(
            "lexicon: bulky_items", f"lexicon: {wanted!r}"
        ),
        "utf-8",
    )
    _, errors = read_catalogue(tmp_path)
    assert any("lexicon" in str(error) for error in errors)


@pytest.mark.parametrize("name", ["..", "../x", "x/../../y", "bulky waste", "x.y", "X"])
def test_a_service_is_no_path(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "services" / "bench"
    folder.mkdir(parents=True)
    text = (CATALOGUE / "services" / "bulky_waste" / "service.yaml").read_text("utf-8")
    (folder / "service.yaml").write_text(text.replace("id: bulky_waste", f"id: {name!r}", 1), "utf-8")
    _, errors = read_catalogue(tmp_path)
    assert errors


def test_links_out_of_the_catalogue_are_no_service(tmp_path: Path) -> None:
    """A link to a file that is none of ours is read as a service file, and is none; nothing of it is told."""
    secret = tmp_path / "secret.txt"
    secret.write_text("password: the-very-secret\nother: 1\n", "utf-8")
    folder = tmp_path / "catalogue" / "services" / "bench"
    folder.mkdir(parents=True)
    (folder / "service.yaml").symlink_to(secret)
    _, errors = read_catalogue(tmp_path / "catalogue")
    assert errors
    assert "the-very-secret" not in " ".join(map(str, errors))


@pytest.fixture(scope="module")
def client(web_kit: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    maker = Maker(web_kit, tmp_path_factory.mktemp("files"))
    yield TestClient(maker().app, base_url=HOST, follow_redirects=False)
    maker.close()


@pytest.mark.parametrize("prefix", ["/page/", "/console/static/", "/console/vendor/"])
@pytest.mark.parametrize(
    "path",
    [
        "../app.py",
        "..%2fapp.py",
        "%2e%2e/app.py",
        "..%5capp.py",
        "....//app.py",
        "%00",
        "page.js%00.png",
        "/etc/passwd",
        "//etc/passwd",
        "%252e%252e%252fapp.py",
        "a" * 5_000,
        "",
        "con%0d%0aSet-Cookie:a=b",
    ],
)
def test_files_of_other_folders_are_not_served(client: TestClient, prefix: str, path: str) -> None:
    answer = client.get(f"{prefix}{path}")
    assert answer.status_code in {404, 405}
    assert "import" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "name", ["../../evil.md", "/etc/cron.d/evil.md", "..\\..\\evil.md", "%2e%2e/evil.md", "a\x00b/evil.md"]
)
def test_an_uploads_name_makes_no_path(make_desk: Callable[..., Any], tmp_path: Path, name: str) -> None:
    desk = make_desk()
    browser = desk.browser()
    assert browser.log_in("knowledge_owner", PASSWORD).status_code == 303
    from donghaeng.web.console.session import csrf_of

    before = set(tmp_path.rglob("*"))
    answer = browser.client.post(
        "/console/knowledge/files",
        content="# 틀니\n\n틀니는 동주민센터에서 신청해요. 65세부터예요.\n".encode(),
        headers={
            "X-CSRF-Token": csrf_of(browser.token),
            "HX-Request": "true",
            "X-File-Name": quote(name),
            "X-Details": "department="
            + quote("복지과")
            + "&owner="
            + quote("김담당")
            + "&review_by=2099-01-01",
        },
    )
    assert answer.status_code in {200, 422}
    made = set(tmp_path.rglob("*")) - before
    assert not any("evil" in file.name for file in made), "the name is kept in the database, never as a path"
    assert not (tmp_path.parent / "evil.md").exists()


# Templates that reach out


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ config }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{% import 'os' as os %}{{ os }}",
        "{{ lipsum.__globals__ }}",
        "{{ 'a' * 10 ** 9 }}",
        "{{ row|attr('__class__') }}",
    ],
)
def test_a_template_that_reaches_out_is_found_when_its_file_is_checked(template: str, tmp_path: Path) -> None:
    folder = tmp_path / "services" / "weather"
    folder.mkdir(parents=True)
    text = (CATALOGUE / "services" / "weather" / "service.yaml").read_text("utf-8")
    head, _, rest = text.partition("  ok: ")
    _, _, tail = rest.partition("\n  empty:")
    assert tail
    (folder / "service.yaml").write_text(f"{head}  ok: {template!r}\n  empty:{tail}", "utf-8")
    from donghaeng.city.providers.declared import OPERATIONS

    catalogue, errors = read_catalogue(tmp_path)
    found = [*errors, *check_catalogue(catalogue, OPERATIONS)] if catalogue else errors
    assert any("service.yaml" in str(error) for error in found)


def test_what_a_citizen_says_is_never_a_template(client: TestClient) -> None:
    opened = client.post("/v1/conversations", json={}).json()
    path = f"/v1/conversations/{opened['conversation']}"
    headers = {"Authorization": f"Bearer {opened['token']}"}
    said = client.post(
        f"{path}/turns", json={"text": "{{ 7 * 191 }} ${7*191} <script>"}, headers=headers
    ).json()
    assert "1337" not in str(said)
    assert "1337" not in client.get(path, headers=headers).text


def test_an_imported_operation_names_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "services" / "room"
    folder.mkdir(parents=True)
    (folder / "operation.yaml").write_text("kind: openapi\naddress: file:///etc\npath: /passwd\n", "utf-8")
    found, errors = read_imported(tmp_path)
    assert not found
    assert errors
