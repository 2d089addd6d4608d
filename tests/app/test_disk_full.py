"""The disk fills up while citizens are served: they are told, nothing half is kept, and it goes on when there
is room again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.app.site import Site, refused, serving
from tests.conversation.scripted import KEY, World

from donghaeng.store import Store, outbox
from donghaeng.trust.sealing import Sealer

pytestmark = [pytest.mark.databases]

DISK = "3m"
BLOCK = b"\0" * 4096


class Disk:
    """A file system of its own with little room."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Leave not one block free."""
        with self._filler.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(BLOCK)
        assert shutil.disk_usage(self.folder).free == 0

    def clear(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "donghaeng-test", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no `mount` here")
    if done.returncode:
        pytest.skip(f"may not mount a file system here: {done.stderr.strip()}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
async def site(disk: Disk, tmp_path: Path) -> AsyncIterator[Site]:
    world = World(disk.folder)
    with Store.open(f"sqlite:///{world.database}", Sealer([KEY])) as store:
        async for one in serving(store, world, tmp_path):
            yield one


async def test_a_confirmed_request_waits_for_room(site: Site, disk: Disk) -> None:
    await site.open()
    assert (await site.say("소파", "ask")).json()["expects"] == "confirm"
    disk.fill()
    told = [refused(await site.say("confirm", "yes")) for _ in range(2)]
    assert all(one["title"] for one in told)
    refused(await site.client.post("/v1/conversations", json={"channel": "chat"}))
    assert site.world.city.sent == [], "what is not recorded is not sent"
    assert (await site.client.get("/healthz")).status_code == 200
    disk.clear()
    receipt = await site.receipt()
    assert len(site.world.city.sent) == 1
    assert site.made() == [receipt]
    assert site.store.look(outbox.pending) == []


async def test_what_the_city_accepted_on_a_full_disk_is_told_once(site: Site, disk: Disk) -> None:
    await site.open()
    await site.say("소파", "ask")
    site.world.city.after = disk.fill
    refused(await site.say("confirm", "yes"))
    site.world.city.after = lambda: None
    assert len(site.store.look(outbox.pending)) == 1
    disk.clear()
    receipt = await site.receipt()
    assert len(set(site.world.city.sent)) == 1
    assert len(site.world.city.accepted) == 1
    assert site.made() == [receipt]
    assert site.store.look(outbox.pending) == []


async def test_nothing_half_is_kept(site: Site, disk: Disk) -> None:
    """The file holds after it; a new process reads the same conversation."""
    await site.open()
    await site.say("소파", "ask")
    disk.fill()
    refused(await site.say("confirm", "yes"))
    disk.clear()
    with Store.open(f"sqlite:///{site.world.database}", Sealer([KEY])) as other:
        whole = other.look(lambda tx: tx.connection.exec_driver_sql("PRAGMA integrity_check").scalar())
        assert whole == "ok"
        assert other.look(outbox.pending) == []
    receipt = await site.receipt()
    assert site.made() == [receipt]
