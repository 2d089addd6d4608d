from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from donghaeng.city.services import Catalogue
from donghaeng.city.services.positions import read_yaml
from donghaeng.understanding.overlap import find_overlaps, find_warnings

BUS = [
    "버스 언제 와요",
    "버스 몇 분 남았어요",
    "버스가 안 와요",
    "다음 버스 언제 와요",
    "버스 도착 알려 주세요",
]
RAIN = ["비 와요", "오늘 비 소식 있어요", "내일 비가 올까요", "우산 챙겨야 하나요", "비 언제 그쳐요"]


def catalogue(folder: Path, **examples: list[str]) -> Catalogue:
    services, documents = {}, {}
    for name, texts in examples.items():
        file = folder / name / "service.yaml"
        file.parent.mkdir()
        file.write_text("examples:\n" + "".join(f"  - {text}\n" for text in texts), encoding="utf-8")
        documents[name] = read_yaml(file)
        services[name] = SimpleNamespace(examples=texts)
    return Catalogue(services, folder, "1", documents)  # type: ignore[arg-type]


def test_services_apart_have_no_findings(tmp_path: Path) -> None:
    assert list(find_warnings(catalogue(tmp_path, bus=BUS, rain=RAIN))) == []


def test_the_same_words_in_other_spaces_are_found_with_file_and_line(tmp_path: Path) -> None:
    found = list(find_overlaps(catalogue(tmp_path, bus=BUS, rain=[*RAIN, "버스언제 와요?"])))
    assert len(found) == 1
    assert (Path(found[0].file).parent.name, found[0].line) == ("rain", 7)
    assert "'버스언제 와요?' is also an example of bus" in found[0].message


def test_nearly_the_same_is_found(tmp_path: Path) -> None:
    long = "합정역 정류장에 육사일일 번 버스가 몇 분 뒤에 오는지 알려 주세요"
    found = list(find_overlaps(catalogue(tmp_path, bus=[*BUS, long], rain=[*RAIN, long + "요"])))
    assert [f"contradicts {long!r} of bus" in one.message for one in found] == [True]


def test_an_example_that_the_others_give_away_is_found_with_what_draws_it(tmp_path: Path) -> None:
    found = list(find_warnings(catalogue(tmp_path, bus=BUS, rain=[*RAIN, "다음 버스 도착 언제 와요"])))
    assert (Path(found[0].file).parent.name, found[0].line) == ("rain", 7)
    assert "would be taken for bus, which has '다음 버스 언제 와요'" in found[0].message
    assert "tells the two services apart" in str(found[0])


def test_what_is_said_twice_is_not_found_again_as_drawn_away(tmp_path: Path) -> None:
    found = list(find_warnings(catalogue(tmp_path, bus=BUS, rain=[*RAIN, "다음 버스 언제 와요"])))
    assert sum("다음 버스 언제 와요" in one.message for one in found if one.line == 7) == 1


@pytest.mark.parametrize("examples", [{}, {"bus": BUS}, {"bus": ["가"], "rain": ["나"]}])
def test_small_catalogues_are_survived(tmp_path: Path, examples: dict[str, list[str]]) -> None:
    assert list(find_warnings(catalogue(tmp_path, **examples))) == []
