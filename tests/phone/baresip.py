"""A real SIP telephone, baresip, that calls, plays a recording, presses keys and keeps what it hears."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from donghaeng.speech.audio import read_audio, write_wav
from donghaeng.speech.engines import Audio, Samples

RATE = 8_000
MODULES = next(iter(sorted(Path("/usr/lib").glob("**/baresip/modules"))), Path("/usr/lib/baresip/modules"))
CONFIG = """\
poll_method epoll
sip_listen 127.0.0.1:{sip}
audio_player aubridge,sink
audio_source aufile,{folder}/say.wav
audio_alert aubridge,nil
ausrc_srate {rate}
auplay_srate {rate}
ausrc_channels 1
auplay_channels 1
rtp_ports {media}-{last}
snd_path {folder}
ctrl_tcp_listen 127.0.0.1:{control}
module_path {modules}
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
"""


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    """A port that nothing listens at, with the next three free as well in all likelihood."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Heard:
    """What the telephone heard, and what it printed."""

    sound: Samples
    printed: str

    def loud_seconds(self) -> float:
        frames = self.sound[: len(self.sound) // 160 * 160].reshape(-1, 160)
        return float((np.abs(frames).max(axis=1) > 0.01).sum()) * 0.02


async def call(
    folder: Path, address: str, say: Samples, *, codec: str = "pcmu", keys: dict[float, str] | None = None
) -> Heard:
    """Call ``address``, play ``say`` to its end, hang up.

    Args:
        folder: an empty one, for the telephone's files.
        address: host and port.
        say: what is said, 8,000 samples a second.
        codec: pcmu or pcma.
        keys: which key is pressed after how many seconds.
    """
    assert shutil.which("baresip") is not None, "baresip is not installed: apt-get install baresip-core"
    sip, media, control = free_port(), free_port() & ~1, free_port(socket.SOCK_STREAM)
    write_wav(Audio(say, RATE), folder / "say.wav")
    (folder / "config").write_text(
        CONFIG.format(
            sip=sip, media=media, last=media + 20, control=control, folder=folder, modules=MODULES, rate=RATE
        ),
        encoding="utf-8",
    )
    account = f"<sip:citizen@127.0.0.1:{sip}>;regint=0;audio_codecs={codec}\n"
    (folder / "accounts").write_text(account, encoding="utf-8")
    longest = str(int(len(say) / RATE) + 5)
    phone = await asyncio.create_subprocess_exec(
        *("baresip", "-f", str(folder), "-e", f"/dial sip:120@{address}", "-t", longest),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    pressing = asyncio.create_task(_press(keys or {}, control))
    printed, _ = await phone.communicate()
    await pressing
    return Heard(_kept(folder), printed.decode(errors="replace"))


@asynccontextmanager
async def answering(folder: Path, say: Samples, *, codec: str = "pcmu") -> AsyncIterator[tuple[int, Heard]]:
    """A telephone that takes up every call by itself, and says ``say``; yields its port and what it hears,
    which is filled in at the end."""
    assert shutil.which("baresip") is not None, "baresip is not installed: apt-get install baresip-core"
    sip, media, control = free_port(), free_port() & ~1, free_port(socket.SOCK_STREAM)
    write_wav(Audio(say, RATE), folder / "say.wav")
    (folder / "config").write_text(
        CONFIG.format(
            sip=sip, media=media, last=media + 20, control=control, folder=folder, modules=MODULES, rate=RATE
        ),
        encoding="utf-8",
    )
    account = f"<sip:01012345678@127.0.0.1:{sip}>;regint=0;answermode=auto;audio_codecs={codec}\n"
    (folder / "accounts").write_text(account, encoding="utf-8")
    phone = await asyncio.create_subprocess_exec(
        *("baresip", "-f", str(folder), "-t", "60"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    heard = Heard(np.zeros(0, np.float32), "")
    try:
        yield sip, heard
    finally:
        phone.terminate()
        printed, _ = await phone.communicate()
        heard.printed = printed.decode(errors="replace")
        heard.sound = _kept(folder)


def _kept(folder: Path) -> Samples:
    """What the telephone has recorded of the other side."""
    (sound,) = folder.glob("dump-*-dec.wav")
    return read_audio(sound).samples


async def _press(keys: dict[float, str], control: int) -> None:
    began = asyncio.get_running_loop().time()
    for seconds, key in sorted(keys.items()):
        await asyncio.sleep(began + seconds - asyncio.get_running_loop().time())
        wish = json.dumps({"command": "sndcode", "params": key, "token": key})
        _, writer = await asyncio.open_connection("127.0.0.1", control)
        writer.write(f"{len(wish)}:{wish},".encode())
        await writer.drain()
        writer.close()
