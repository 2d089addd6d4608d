"""The listening page and the sounds behind it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import soundfile
from fastapi import FastAPI

from donghaeng.speech.audition_figures import Judgement

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402

from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

FIXED_CHANCE = """
let chance = SEED;
Math.random = () => (chance = (chance * 16807) % 2147483647) / 2147483647;
"""
AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
RATER = "0123456789abcdef" * 2
SCORE = {"sentence": "bus", "condition": "served", "score": 4, "rater": RATER}
PREFERENCE = {"sentence": "bus", "pair": "joints", "preferred": "b", "rater": RATER}
TRIALS = """
async (plan) => {
  const { makeTrials, preferred } = await import("/page/listen-trials.js");
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  return makeTrials(plan, random).map((trial) => ({
    ...trial, sentence: trial.sentence.id, choices: [0, 1, null].map((choice) => preferred(trial, choice)),
  }));
}
"""


async def test_samples_and_notices_are_sounds_from_fixed_lists(client: httpx.AsyncClient) -> None:
    for path in ("/v1/listen/samples/bus/served", "/v1/notices/lost"):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "audio/wav"
        assert soundfile.info(io.BytesIO(answer.content)).frames > 1000
    for path in ("/v1/listen/samples/bus/no_such", "/v1/listen/samples/no_such/served", "/v1/notices/other"):
        assert (await client.get(path)).status_code == 404
    assert (await client.get("/v1/listen/samples/bus/male")).status_code == 501


async def test_too_many_samples_at_once_are_refused_for_a_while(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    app.state.services.audition.full = True
    answer = await client.get("/v1/listen/samples/bus/served")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert (await client.post("/v1/listen/scores", json=SCORE)).status_code == 409


async def test_ratings_are_kept_and_summed_up(client: httpx.AsyncClient) -> None:
    for score in (3, 4, 5):
        answer = await client.post("/v1/listen/scores", json={**SCORE, "score": score})
        assert answer.status_code == 201
    for preferred in ("a", "b", "b", "same"):
        await client.post("/v1/listen/preferences", json={**PREFERENCE, "preferred": preferred})
    found = (await client.get("/v1/listen/results")).json()
    served = next(one for one in found["scores"] if one["condition"] == "served")
    assert (served["n"], served["mean"]) == (3, 4.0)
    joints = next(one for one in found["preferences"] if one["pair"] == "joints")
    assert (joints["prefer_a"], joints["same"], joints["prefer_b"]) == (1, 1, 2)
    table = (await client.get("/v1/listen/results.csv")).text.splitlines()
    assert table[0] == "round,kind,subject,value"
    assert len(table) == 8
    assert RATER not in "".join(table)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("scores", {**SCORE, "score": 6}, 422),
        ("scores", {**SCORE, "rater": "김복순"}, 422),
        ("scores", {**SCORE, "name": "김복순"}, 422),
        ("scores", {**SCORE, "condition": "no_such"}, 404),
        ("preferences", {**PREFERENCE, "preferred": "c"}, 422),
        ("preferences", {**PREFERENCE, "pair": "served"}, 404),
        ("preferences", {**PREFERENCE, "sentence": "no_such"}, 404),
    ],
)
async def test_wrong_ratings_are_refused(
    client: httpx.AsyncClient, path: str, body: dict, status: int
) -> None:
    assert (await client.post(f"/v1/listen/{path}", json=body)).status_code == status


async def test_without_a_voice_nothing_is_heard(services, tmp_path: Path) -> None:
    from dataclasses import replace

    app = create_app(replace(services, audition=None))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/v1/notices/lost")).status_code == 204
        assert (await client.get("/v1/listen")).status_code == 501


@pytest.fixture(scope="module")
def served(web_kit) -> Iterator[tuple[str, object]]:
    settings = load_settings(data=Path("/nonexistent"), allow_test_clock=True, rate_limit="off")
    services = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    with web_kit.serving.served(create_app(services)) as address:
        yield address, services.audition


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def listen(browser: Browser, served):
    address, audition = served
    audition.kept.clear()
    contexts = []
    errors: list[str] = []

    def open_page(size=(1280, 800), seed: int = 7, **options) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        context.add_init_script(FIXED_CHANCE.replace("SEED", str(seed)))
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/listen")
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.mark.browser
@pytest.mark.parametrize("seed", [7, 48271, 911, 20261122])
def test_a_tester_hears_and_rates_with_the_keyboard_alone(listen, served, seed: int) -> None:
    page = listen(seed=seed)
    title = page.get_by_test_id("trial-title").inner_text()
    done = 0
    while done < 3:
        plays = page.get_by_test_id("play")
        rates = page.get_by_test_id("rate")
        expect(rates.first).to_be_disabled()
        for index in range(plays.count()):
            plays.nth(index).focus()
            page.keyboard.press("Enter")
            expect(page.get_by_test_id("playing")).not_to_have_text("소리를 가져오고 있어요.")
        if "낼 수 없어요" in page.get_by_test_id("playing").inner_text():
            page.get_by_test_id("skip").focus()
        else:
            expect(rates.last).to_be_enabled()
            rates.last.focus()
            done += 1
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("trial-title")).not_to_have_text(title)
        expect(page.get_by_test_id("trial-title")).to_be_focused()
        title = page.get_by_test_id("trial-title").inner_text()
    kept = served[1].kept
    assert len(kept) == 3
    assert len({rater for _, _, rater in kept}) == 1
    assert {judgement.value for judgement, _, _ in kept} <= {5, -1, 1}


@pytest.mark.browser
def test_which_sound_is_which_is_not_to_be_seen_and_choices_mean_what_was_heard(listen, web_kit) -> None:
    page = listen()
    shown = page.get_by_test_id("trial").inner_text()
    plan = web_kit.audition.PLAN
    assert not [one.name for one in plan.conditions.values() if one.name in shown]
    given = {
        "sentences": [{"id": name, "text": text} for name, text in plan.sentences.items()],
        "pairs": [{"id": name, "a": a, "b": b} for name, (a, b) in plan.pairs.items()],
        "singles": list(plan.singles),
    }
    trials = page.evaluate(TRIALS, given)
    assert len(trials) == 24
    pairs = [trial for trial in trials if trial["kind"] == "pair"]
    assert {trial["swapped"] for trial in pairs} == {True, False}
    for trial in pairs:
        for place in (0, 1):
            a, b = plan.pairs[trial["pair"]]
            assert trial["shown"][place] == {"a": a, "b": b}[trial["choices"][place]]
        assert trial["choices"][2] == "same"


@pytest.mark.browser
@pytest.mark.parametrize("mode", [{}, {"color_scheme": "dark"}, {"contrast": "more"}])
@pytest.mark.parametrize("size", [(360, 740), (1280, 800)])
def test_the_page_can_be_read_and_touched(
    listen, served, mode: dict[str, str], size: tuple[int, int]
) -> None:
    served[1].kept += [(Judgement("score", "served", value), "bus", RATER) for value in (3, 4, 5)]
    page = listen(size, **mode)
    expect(page.get_by_test_id("scores")).to_contain_text("4.00 (1.52 – 5.00)")
    found = page.evaluate(AUDIT.replace("TARGET", "44"))
    assert found.pop("smallest") >= 19 - 0.1
    assert found == {"faint": [], "short": [], "cut": [], "broken": [], "wide": 0, "nameless": []}
    for test_id, kind in (("json", "application/json"), ("csv", "text/csv")):
        address = served[0] + page.get_by_test_id(test_id).get_attribute("href")
        assert page.request.get(address).headers["content-type"].startswith(kind)
