"""pip's words become steps, and steps one honest line."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.progress import Display, Step, clip, clock_text, read_step


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("Collecting alembic==1.20.1 (from -r r.txt (line 1))", Step("find", "alembic")),
        (
            "Processing /srv/wheels/annotated_types-0.8.0-py3-none-any.whl (from -r r.txt (line 7))",
            Step("find", "annotated-types"),
        ),
        (
            "  Downloading ctranslate2-4.8.5-cp311-cp311-manylinux_2_28_x86_64.whl (38.6 MB)",
            Step("download", "ctranslate2 (38.6 MB)"),
        ),
        ("  Using cached rich-15.0.0-py3-none-any.whl (240 kB)", Step("download", "rich (240 kB)")),
        ("  Downloading rich-15.0.0-py3-none-any.whl.metadata", Step("download", "rich")),
        ("Installing collected packages: anyio, alembic", Step("install", "anyio, alembic")),
        ("Successfully installed alembic-1.20.1", None),
        ("Looking in links: /srv/wheels", None),
        ("", None),
    ],
)
def test_line_is_read(line: str, step: Step | None) -> None:
    assert read_step(line) == step


@given(st.text())
def test_any_line_is_survived(line: str) -> None:
    step = read_step(line)
    assert step is None or step.kind in {"find", "download", "install"}


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_bar_shows_share_size_time_and_name() -> None:
    clock = Clock()
    display = Display(io.StringIO(), total=4, live=True, clock=clock)
    display.done, display.megabytes, display.label = 2, 38.6, "ctranslate2"
    clock.seconds += 75
    assert display.render(120) == "[" + "█" * 12 + "░" * 12 + "] 2/4 packages  39 MB  1:15  ctranslate2"
    assert len(display.render(40)) == 40


def test_terminal_redraws_one_line() -> None:
    stream = io.StringIO()
    display = Display(stream, total=1, live=True)
    display.draw()
    display.done = 1
    display.close()
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().count("\r") == 2


def test_log_gets_a_line_only_when_the_count_changes() -> None:
    stream = io.StringIO()
    display = Display(stream, total=2, live=False, clock=Clock())
    for done in (0, 0, 1, 1, 2):
        display.done = done
        display.draw()
    display.close()
    assert stream.getvalue().splitlines() == [f"{done}/2 packages, 0 MB, 0:00" for done in (0, 1, 2)]


def test_nothing_to_install_is_a_full_bar() -> None:
    assert "░" not in Display(io.StringIO(), total=0, live=True).render(200)


def test_wide_letters_take_two_columns() -> None:
    assert clip("가나다", 5) == "가나"
    assert clip("abc", 3) == "abc"


def test_clock_has_minutes() -> None:
    assert [clock_text(seconds) for seconds in (0, 9.9, 60, 3599)] == ["0:00", "0:09", "1:00", "59:59"]
