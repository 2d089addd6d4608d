"""An official in a real browser: a recording uploaded, heard, corrected, written out; keyboard first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, expect  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.web.console_window import look_over, windows  # noqa: E402
from tests.web.office.test_minutes_page import CATALOGUE, SAID, recording  # noqa: E402

from donghaeng.office.minutes.desk import MinutesDesk  # noqa: E402
from donghaeng.office.minutes.working import MinutesWorker  # noqa: E402
from donghaeng.settings import load_settings  # noqa: E402
from donghaeng.speech.activity.fake import EnergyActivity  # noqa: E402
from donghaeng.speech.engines import NO_HINTS, Audio, Hints, Recognition  # noqa: E402
from donghaeng.speech.recognise.fake import FakeRecogniser  # noqa: E402
from donghaeng.web.app import create_app  # noqa: E402

pytestmark = pytest.mark.browser


class SlowRecogniser(FakeRecogniser):
    """Hears the first turn, then waits until it may go on."""

    def __init__(self) -> None:
        super().__init__(SAID)
        self.may_go_on = Event()

    def recognise(self, audio: Audio, hints: Hints = NO_HINTS) -> Recognition:
        if self.heard:
            self.may_go_on.wait(30)
        return super().recognise(audio, hints)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_from_a_recording_to_minutes(browser: Browser, web_kit, tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off")
    plain = web_kit.services_over(web_kit.fake.FakeConversations(), settings)
    clock = lambda: datetime.now(UTC)  # noqa: E731
    recogniser, done = SlowRecogniser(), Event()
    sound = tmp_path / "주간회의.wav"
    sound.write_bytes(recording())
    with web_kit.with_console(plain, tmp_path) as services:
        desk = MinutesDesk(services.staff._store, data=tmp_path, catalogue=CATALOGUE, clock=clock)
        engines = (recogniser, EnergyActivity())
        worker = MinutesWorker(desk, engines, catalogue=CATALOGUE, worker="here", clock=clock)

        def work() -> None:
            while not done.wait(0.1):
                worker.work_once()

        thread = Thread(target=work, daemon=True)
        thread.start()
        try:
            with (
                web_kit.serving.served(create_app(replace(services, minutes=desk))) as address,
                windows(browser, address, web_kit.password) as opened,
            ):
                here = opened()
                here.log_in("official", "/office/")
                page = here.page
                page.get_by_role("link", name="회의록").click()
                look_over(here, "minutes-upload")
                page.get_by_label("녹음 파일").set_input_files(str(sound))
                page.get_by_label("회의 이름").fill("디지털정책과 주간 회의")
                page.get_by_label("시작한 때").fill("2026-11-23T09:00")
                page.get_by_label("참석자").fill("정해린 과장\n오세라 주무관")
                page.get_by_role("button", name="올리기").press("Enter")
                expect(here.at("state")).to_contain_text("받아 적고 있어요")
                page.get_by_role("button", name="잠시 멈추기").press("Enter")
                expect(here.at("state")).to_contain_text("멈춰 두었어요")
                recogniser.may_go_on.set()
                page.get_by_role("button", name="이어서 받아 적기").press("Enter")
                expect(here.at("points")).to_be_visible(timeout=20_000)

                actions = here.at("actions").locator("li")
                expect(actions.first.get_by_label("담당")).to_have_value("오세라")
                expect(actions.first.get_by_label("기한")).to_have_value("2026-12-02")
                actions.first.get_by_label("할 일", exact=True).fill("연장 공고문을 누리집에 올리기")
                actions.first.get_by_role("button", name="고침").press("Enter")
                expect(here.at("actions").get_by_role("button", name="누리집에")).to_be_visible()

                here.at("actions").get_by_role("button", name="부터 듣기").first.press("Enter")
                page.wait_for_function("document.getElementById('sound').currentTime > 3")
                turn = here.at("turn").first
                turn.get_by_label("말한 사람").fill("정해린")
                turn.get_by_role("button", name="고침").press("Enter")
                expect(turn.get_by_role("status")).to_have_text("고쳤어요")
                look_over(here, "minutes-meeting")

                with page.expect_download() as download:
                    page.get_by_role("link", name="한글 문서로").press("Enter")
                assert download.value.suggested_filename == "회의록.hwpx"
                page.once("dialog", lambda dialog: dialog.accept())
                here.at("delete").press("Enter")
                expect(page.get_by_text("아직 올린 녹음이 없어요")).to_be_visible()
        finally:
            recogniser.may_go_on.set()
            worker.stop()
            done.set()
            thread.join(20)
