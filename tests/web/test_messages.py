"""What a counsellor says reaches a page without a live line."""

from __future__ import annotations

from dataclasses import replace

import httpx

from donghaeng.conversation.citizen_end import Answers, Told
from donghaeng.conversation.reply import Handover, Reply, Show
from donghaeng.errors import UnknownConversation
from donghaeng.people.cases import LineKind
from donghaeng.web.app import create_app
from donghaeng.web.services import WebServices

JOINED = Handover(state="joined")


class ScriptedDesk:
    """Knows one conversation."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, float]] = []

    async def answers(self, conversation: str, token: str, *, after: int, seconds: float) -> Answers:
        if (conversation, token) != ("c_1", "t_1"):
            raise UnknownConversation("no such conversation")
        self.asked.append((after, seconds))
        reply = Reply(
            conversation="c_1", token="t_1", turn=2, say="칠 월", show=Show(text="7월"), handover=JOINED
        )
        return Answers(9, JOINED, (Told(9, LineKind.COUNSELLOR, reply),))


async def get(services: WebServices, path: str, token: str = "t_1") -> httpx.Response:
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path, headers={"Authorization": f"Bearer {token}"})


async def test_a_poll_gives_replies_and_where_to_go_on(services: WebServices) -> None:
    desk = ScriptedDesk()
    served = replace(services, from_desk=desk)
    answer = await get(served, "/v1/conversations/c_1/messages?after=4&wait=0.5")
    assert answer.status_code == 200
    assert answer.json()["last"] == 9
    assert answer.json()["handover"]["state"] == "joined"
    (told,) = answer.json()["told"]
    assert (told["seq"], told["reply"]["say"]) == (9, "칠 월")
    assert desk.asked == [(4, 0.5)]


async def test_strangers_and_nonsense_are_refused(services: WebServices) -> None:
    served = replace(services, from_desk=ScriptedDesk())
    assert (await get(served, "/v1/conversations/c_1/messages", token="t_2")).status_code == 404
    for query in ("after=-1", "wait=60", "after=x"):
        assert (await get(served, f"/v1/conversations/c_1/messages?{query}")).status_code == 422
    nobody = replace(services, from_desk=None)
    assert (await get(nobody, "/v1/conversations/c_1/messages")).status_code == 404
