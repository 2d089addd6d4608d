"""The web application over a scripted runtime."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from tests.knowledge.made import Here

from donghaeng.conversation.admission import Admission
from donghaeng.conversation.citizen_end import Answers
from donghaeng.conversation.door import Said
from donghaeng.conversation.machine_switch import MachineSwitch
from donghaeng.conversation.reply import Reply
from donghaeng.errors import UnknownConversation
from donghaeng.knowledge.library import Library
from donghaeng.knowledge.shelf import Shelf
from donghaeng.people.accounts import StaffAccounts
from donghaeng.settings import Settings, load_settings
from donghaeng.speech.audio import read_audio
from donghaeng.store import Store
from donghaeng.trust.passwords import Passwords
from donghaeng.trust.permissions import Role
from donghaeng.trust.sealing import Sealer
from donghaeng.web.app import create_app
from donghaeng.web.counted import CountedConversations
from donghaeng.web.figures import Figures
from donghaeng.web.services import WebServices


def _load(name: str) -> ModuleType:
    known = sys.modules.get(name)
    if known is not None:
        return known
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


fake = _load("fake_conversations")
serving = _load("serving")
speech = _load("fake_speech")
audition = _load("fake_audition")
cable = _load("cable")
fake_desk = _load("fake_desk")

PASSWORD = "비 오는 날의 우산 하나"
"""Of every account of staff."""
SERVICES = [
    {"id": "bus_arrival", "name": "버스 도착", "domain": "transport", "effect": "read"},
    {"id": "pharmacy", "name": "문 연 약국", "domain": "health", "effect": "read"},
]


@dataclass
class QuietDesk:
    """A desk that says nothing to those who have their conversation's token."""

    conversations: CountedConversations

    async def answers(self, conversation: str, token: str, *, after: int, seconds: float) -> Answers:
        await self.conversations.hints(conversation, token)
        return Answers(after, None, ())


def services_over(conversations, settings: Settings) -> WebServices:
    """Services whose recordings are always heard as a question about a bus."""

    figures = Figures()
    conversations = CountedConversations(conversations, figures)

    async def spoken_turn(
        conversation: str, token: str, sound: bytes, *, idempotency_key: str | None = None
    ) -> Reply:
        read_audio(sound)
        said = Said(text="육사일일 번 버스 언제 와요", spoken=True, confidence=0.8)
        return await conversations.turn(conversation, token, said, idempotency_key=idempotency_key)

    return WebServices(
        conversations=conversations,
        settings=settings,
        list_services=lambda: SERVICES,
        checks={"database": lambda: True, "recogniser": lambda: True},
        spoken_turn=spoken_turn,
        admission=Admission(2, most_waiting=0),
        figures=figures,
        from_desk=QuietDesk(conversations),
        audition=audition.FakeAudition(),
    )


@contextmanager
def with_console(
    services: WebServices,
    folder: Path,
    clock=lambda: datetime.now(UTC),
    second_factor: frozenset[Role] = frozenset(),
) -> Iterator[WebServices]:
    """The same with accounts, one for each role under its own name, a desk in memory, and documents that are
    read in this process."""
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with Store.open(f"sqlite:///{folder}/staff.db", Sealer([b"k" * 32])) as store:
        accounts = StaffAccounts(store, passwords, clock=clock, second_factor=second_factor)

        async def fill() -> None:
            for role in Role:
                await accounts.add(role.value, "김상담", role, PASSWORD)

        with ThreadPoolExecutor(1) as apart:  # the browser's tests have a loop running in their own thread
            apart.submit(lambda: asyncio.run(fill())).result()
        # A lock of the loop that filled it is not used by the one that serves.
        accounts = StaffAccounts(store, passwords, clock=clock, second_factor=second_factor)

        async def transcript(conversation: str) -> dict[str, Any]:
            if conversation != "c_known":
                raise UnknownConversation("no such conversation")
            return {"conversation": conversation, "turns": [], "events": []}

        reader = Here()
        yield replace(
            services,
            list_services=lambda: [*SERVICES, {"id": "bulky_waste", "name": "대형 폐기물 신청"}],
            staff=accounts,
            switch=MachineSwitch(store, clock),
            desk=fake_desk.FakeDesk(),
            shelf=Shelf(Library(store, reader, clock=clock), reader),
            transcript_for_staff=transcript,
        )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")


@pytest.fixture
def conversations():
    return fake.FakeConversations()


@pytest.fixture
def services(conversations, settings: Settings) -> WebServices:
    return services_over(conversations, settings)


@pytest.fixture
def app(services: WebServices) -> FastAPI:
    return create_app(services)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture(scope="session")
def web_kit() -> SimpleNamespace:
    """This folder's helpers, for fixtures of a wider scope."""
    return SimpleNamespace(
        services_over=services_over,
        with_console=with_console,
        password=PASSWORD,
        fake=fake,
        serving=serving,
        speech=speech,
        audition=audition,
        cable=cable,
        fake_desk=fake_desk,
    )
