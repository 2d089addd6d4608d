"""Uploads pass a real clamd; a clamd that does not answer as it should lets nothing through."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed
from tests.knowledge.made import TEXT
from tests.web.staff_browser import StaffBrowser

from donghaeng.cli.doctor_running import virus_scanner as doctor_looks
from donghaeng.errors import ScannerUnavailable, SettingsError, VirusFound
from donghaeng.settings import load_settings
from donghaeng.trust.virus_scanner import CHUNK_BYTES, VirusScanner
from donghaeng.web.app import create_app

CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
SIGN = b"what no other file holds, 20261123"
MOST_BYTES = 200_000
PATIENCE_S = 60.0
DETAILS = {"department": "복지정책과", "owner": "복지상담팀"}
Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if CLAMD is None:
        pytest.skip("the Debian package clamav-daemon is not installed")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "own.ndb").write_text(f"Own.Test:0:*:{SIGN.hex()}\n")
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {folder}\nLocalSocket {folder}/socket\nLogFile {folder}/log\n"
        f"StreamMaxLength {MOST_BYTES}\nForeground yes\n"
    )
    process = subprocess.Popen([CLAMD, "-c", folder / "clamd.conf"], stdout=subprocess.DEVNULL)
    address = f"unix://{folder}/socket"
    there = Retrying(
        retry=retry_if_result(lambda held: not held), stop=stop_after_delay(PATIENCE_S), wait=wait_fixed(0.05)
    )
    try:
        there(lambda: asyncio.run(VirusScanner(address).is_there()))
        yield address
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def upload(web_kit, tmp_path: Path, clamd: str) -> Iterator[Callable]:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)

    with web_kit.with_console(plain, tmp_path) as full:

        def send(data: bytes, address: str = clamd):
            scanned = replace(full, virus_scanner=VirusScanner(address))
            browser = StaffBrowser.of(create_app(scanned), "knowledge_owner", web_kit.password)
            headers = {"X-File-Name": quote("안내.md"), "X-Details": urlencode(DETAILS), **browser.headers}
            return browser.client.post("/console/knowledge/files", content=data, headers=headers)

        yield send


def test_a_virus_is_refused_before_anything_reads_it(upload) -> None:
    clean = upload(TEXT.encode())
    assert clean.status_code == 200
    assert "넣어 두었어요" in clean.text
    found = upload(TEXT.encode() + SIGN)
    assert found.status_code == 422
    assert "바이러스가 있어서 받지 않았어요" in found.text


def test_nothing_is_taken_while_nobody_looks(upload, tmp_path: Path) -> None:
    refused = upload(TEXT.encode(), f"unix://{tmp_path}/nobody")
    assert refused.status_code == 503
    assert "지금은 볼 수 없어요" in refused.text


@pytest.mark.parametrize("before", [0, 1, CHUNK_BYTES - len(SIGN), CHUNK_BYTES - 3, 2 * CHUNK_BYTES])
def test_a_virus_is_found_wherever_a_chunk_ends(clamd: str, before: int) -> None:
    scanner = VirusScanner(clamd)
    asyncio.run(scanner.check(b"a" * before))
    with pytest.raises(VirusFound, match=r"Own\.Test"):
        asyncio.run(scanner.check(b"a" * before + SIGN + b"b"))


def test_a_file_longer_than_clamd_takes_is_not_called_clean(clamd: str) -> None:
    with pytest.raises(ScannerUnavailable, match="StreamMaxLength"):
        asyncio.run(VirusScanner(clamd).check(b"a" * 20 * MOST_BYTES))


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "without an answer"),
        (b"stream: OK", "without an answer"),
        (b"x" * 100_000, "without an answer"),
        (b"stream: Too deep ERROR\0", "Too deep"),
        (b"\xff\xfe\0", "did not look"),
    ],
)
def test_an_answer_that_is_not_clamds_lets_nothing_through(answer: bytes, why: str) -> None:
    async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not (await reader.read(CHUNK_BYTES)).endswith(bytes(4)):
            pass
        writer.write(answer)
        await writer.drain()
        writer.close()

    with pytest.raises(ScannerUnavailable, match=why):
        asyncio.run(_against(answering, 10.0))


def test_a_clamd_that_says_nothing_is_given_up() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    with pytest.raises(ScannerUnavailable, match="no answer in 0.05 s"):
        asyncio.run(_against(silent, 0.05))


async def _against(answering: Answering, seconds: float) -> None:
    server = await asyncio.start_server(answering, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await VirusScanner(f"tcp://127.0.0.1:{port}", seconds).check(b"words")


def test_the_doctor_tells_whether_clamd_answers(clamd: str, tmp_path: Path) -> None:
    assert doctor_looks(load_settings(virus_scanner=clamd)).state == "ok"
    away = doctor_looks(load_settings(virus_scanner=f"unix://{tmp_path}/nobody"))
    assert (away.state, "start clamd" in (away.remedy or "")) == ("absent", True)
    assert "without a look" in doctor_looks(load_settings()).detail


@pytest.mark.parametrize(
    "address", ["/run/clamd", "http://host:3310", "tcp://", "tcp://host:3310/x", "unix://x"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="DONGHAENG_VIRUS_SCANNER"):
        load_settings(virus_scanner=address)
