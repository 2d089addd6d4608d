"""A real Ray cluster of two nodes on this machine runs the application; one node is killed in the end."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pytest
from tenacity import Retrying, retry_if_exception_type, retry_if_result, stop_after_delay, wait_fixed
from tests.cluster.calls import PATIENCE_S, HeldCity, Line, opened
from tests.mcp.kit import environment, free_port, small_catalogue
from tests.web.serving import served
from websockets.exceptions import WebSocketException

from donghaeng.cluster.documents import Document, serve_config
from donghaeng.cluster.local import LocalCluster
from donghaeng.cluster.shape import ClusterShape

pytest.importorskip("ray", reason="Ray is not installed (pip install 'donghaeng[cluster]')")
pytestmark = [pytest.mark.system, pytest.mark.databases, pytest.mark.timeout(600)]

SHAPE = ClusterShape(
    agents=2, recognisers=1, synthesisers=1, embedders=1, answers=1, queue=1, agent_cores=0.5, drain_s=120.0
)
SOFA = (
    "소파 버리고 싶어요",
    "마포구 양화로 사십오, 삼백삼 호",
    "다음 주 화요일",
    "공일공 일이삼사에 오육칠팔",
)
HEARD = "따릉이 있어요?"


@dataclass
class Town:
    """The cluster and the city around it."""

    cluster: LocalCluster
    city: HeldCity
    address: str
    config: Document


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("cluster")
    small_catalogue(folder)
    city = HeldCity(folder)
    settings = {
        name: value
        for name, value in environment(folder).items()
        if name.startswith(("DONGHAENG_", "PYTHON"))
    }
    settings |= {f"DONGHAENG_{name}": "fake" for name in ("SYNTHESISER", "VOICE_ACTIVITY", "EMBEDDER")}
    settings |= {
        "DONGHAENG_RECOGNISER": "timed",
        "DONGHAENG_RECOGNISER_MODEL": f"0.5 {HEARD}",
        "DONGHAENG_DATABASE": f"sqlite:///{folder}/data/donghaeng.db",
        "DONGHAENG_ALLOW_TEST_CLOCK": "1",
        "DONGHAENG_RATE_LIMIT": "off",
        "DONGHAENG_REHEARSE": "false",
    }
    config = serve_config(SHAPE, host="127.0.0.1", port=free_port())
    address = f"http://127.0.0.1:{config['http_options']['port']}"
    with served(city) as sandbox:  # type: ignore[arg-type]
        settings["DONGHAENG_SANDBOX_URL"] = sandbox
        with LocalCluster(2, cores=16, environment=settings) as cluster:
            cluster.deploy(config)
            yield Town(cluster, city, address, config)
    city.ledger.close()


@pytest.fixture
def client(town: Town) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=town.address, timeout=PATIENCE_S) as client:
        yield client


def spoken(seconds: float = 0.5) -> bytes:
    """A sound file with something in it."""
    tone = 0.3 * np.sin(np.arange(int(16_000 * seconds)) * 0.1)
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes((tone * 32_767).astype("<i2").tobytes())
    return file.getvalue()


def test_turns_of_one_conversation_are_taken_by_whichever_agent_is_free(
    town: Town, client: httpx.Client
) -> None:
    assert len({replica.node for replica in town.cluster.replicas()}) == 2
    where, bearer = opened(client)
    for number, words in enumerate(SOFA):
        reply = client.post(f"{where}/turns", json={"text": words}, headers=bearer).json()
        assert reply.get("turn") == number + 1, reply
        assert reply["service"] == "bulky_waste"
    assert reply["expects"] == "confirm"


def test_a_free_question_is_answered_by_the_deployment_of_answers(client: httpx.Client) -> None:
    where, bearer = opened(client)
    reply = client.post(
        f"{where}/turns", json={"text": "기초연금은 몇 살부터 받아요?"}, headers=bearer
    ).json()
    assert client.get("/readyz").json()["parts"] == ["database", "speech"]
    assert reply.get("service") in ("ask", None), reply


def test_a_call_is_heard_and_answered_aloud(town: Town, client: httpx.Client) -> None:
    line = Line(town.address)
    assert line.sound()
    assert line.say("따릉이 있어요?")["service"] == "bike_station"
    line.close()
    where, bearer = opened(client)
    heard = client.post(
        f"{where}/turns", content=spoken(), headers={**bearer, "Content-Type": "audio/wav"}
    ).json()
    assert heard["service"] == "bike_station", heard


def test_more_sentences_than_the_recognisers_take_are_told_to_come_later(client: httpx.Client) -> None:
    places = [opened(client) for _ in range(12)]

    def speak(place: tuple[str, dict[str, str]]) -> httpx.Response:
        where, bearer = place
        return client.post(
            f"{where}/turns", content=spoken(), headers={**bearer, "Content-Type": "audio/wav"}
        )

    with ThreadPoolExecutor(len(places)) as together:
        answers = list(together.map(speak, places))
    states = {answer.status_code for answer in answers}
    assert states == {200, 503}
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert "잠시 후 다시" in refused.json()["title"]
    assert int(refused.headers["Retry-After"]) > 0


def test_an_update_drops_no_call(town: Town) -> None:
    line = Line(town.address)
    before = {replica.actor for replica in town.cluster.replicas()}
    agents = town.config["applications"][0]["deployments"][0]
    agents["ray_actor_options"]["num_cpus"] += 0.25
    town.cluster.apply(town.config)

    def replaced() -> bool:
        assert line.say("따릉이 있어요?").get("service") == "bike_station"
        now = {replica.actor for replica in town.cluster.replicas()}
        return len(now) == SHAPE.agents and not now & before

    Retrying(retry=retry_if_result(lambda done: not done), stop=stop_after_delay(300), wait=wait_fixed(0.5))(
        replaced
    )
    # The agent that has the call takes no other, and is there until the call is over.
    assert town.cluster.state()[0] != "RUNNING"
    other = Line(town.address)
    assert other.say("따릉이 있어요?")["service"] == "bike_station"
    assert line.say("따릉이 있어요?")["service"] == "bike_station"
    other.close()
    line.close()


def test_a_node_dies_in_mid_call_and_the_pending_write_is_made_once(town: Town) -> None:
    line = Line(town.address)
    for words in SOFA:
        reply = line.say(words)
    assert reply["expects"] == "confirm"
    talking = [replica for replica in town.cluster.replicas() if town.cluster.busy(replica)]
    assert len(talking) == 1
    town.city.hold = True
    line.send({"type": "text", "text": "네, 그렇게 해 주세요", "key": "yes"})
    assert town.city.accepted.wait(PATIENCE_S)
    town.cluster.kill_node(talking[0].node)
    town.city.hold = False
    town.city.go.set()
    with pytest.raises((WebSocketException, OSError)):
        line.next("nothing more")
    for attempt in Retrying(
        retry=retry_if_exception_type((WebSocketException, OSError)),
        stop=stop_after_delay(PATIENCE_S),
        wait=wait_fixed(0.2),
        reraise=True,
    ):
        with attempt:
            again = Line(town.address, resume=line.token)
    [entry] = town.city.ledger.entries()
    told = again.first
    if entry.receipt not in told["show"]["text"]:
        told = again.say("네, 그렇게 해 주세요", key="yes")
    assert entry.receipt in told["show"]["text"]
    assert again.say("따릉이 있어요?")["service"] == "bike_station"
    assert len(town.city.ledger.entries()) == 1
    again.close()


def test_nothing_is_left_in_the_checkout() -> None:
    checkout = Path(__file__).parents[2]
    assert not [name for name in ("ray", "session_latest", "logs") if (checkout / name).exists()]
