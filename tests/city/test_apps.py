"""The table of public apps and sites."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from donghaeng.city.apps import APPS_FILE, PublicApps, app_operations, load_public_apps
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.errors import CatalogueError

TABLE = Path(__file__).resolve().parents[2] / "catalogue" / "lexicon" / APPS_FILE
GOOD = """\
정부24:
  id: gov24
  purpose: 서류를 떼는 곳이에요.
  says: [정부 24, 민원24]
  url: https://www.gov.kr
  phone: "110"
  verified: false
  source: gov.kr
"""


@pytest.fixture(scope="module")
def apps() -> PublicApps:
    return load_public_apps(TABLE)


def test_the_table_knows_at_least_forty_with_an_address(apps: PublicApps) -> None:
    assert len([app for app in apps.values() if app.url]) >= 40
    assert len([name for name in apps if not name.endswith("구청")]) >= 40
    for app in apps.values():
        assert app.url is None or urlsplit(app.url).path == ""


@pytest.mark.parametrize(
    ("asked", "name"),
    [("정부 이십 사", "정부24"), ("따릉이 어플", "따릉이"), ("ETAX", "이택스"), ("또타", "또타지하철")],
)
def test_what_people_say_finds_it(apps: PublicApps, asked: str, name: str) -> None:
    assert apps.find(asked) == name


def test_the_office_of_ones_own_district_needs_no_name(apps: PublicApps) -> None:
    assert apps.find("구청 홈페이지", district="마포구") == "마포구청"
    assert apps.find("구청 홈페이지") is None
    assert apps.find("강남구청", district="마포구") == "강남구청"


def test_every_gu_has_its_office(apps: PublicApps) -> None:
    districts = (TABLE.parents[1] / "places" / "districts.csv").read_text(encoding="utf-8").splitlines()[1:]
    names = [cell for line in districts for cell in line.split(",") if cell.endswith("구")]
    assert len(names) == 25
    assert all(apps.find("구청", district=name) == f"{name}청" for name in names)


def test_a_number_that_nobody_checked_is_not_told(apps: PublicApps) -> None:
    assert apps["정부24"].phone is not None
    assert apps.row("정부24")["phone"] is None
    assert apps.row("국민연금")["phone"] == "1355"


def test_what_is_not_in_the_table_is_not_found(apps: PublicApps) -> None:
    assert apps.find("은행 앱") is None
    assert apps.find("") is None


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("https://www.gov.kr", "http://www.gov.kr", 5, "https"),
        ("https://www.gov.kr", "https://me@www.gov.kr", 5, "https"),
        ("url: https", "android: https", 5, "play.google.com"),
        ("곳이에요.", "곳", 3, "sentence"),
        ("says: [정부 24, 민원24]", "says: []", 4, "at least 1"),
        ('"110"', "백십", 6, "pattern"),
        ("  verified: false\n", "", 1, "verified"),
        ("source: gov.kr", "source: gov.kr\n  wifi: 1", 9, "wifi"),
        ("source: gov.kr\n", "source: gov.kr\n" + GOOD.replace("정부24", "새 정부"), 10, "gov24"),
        (GOOD, "- 정부24\n", 1, "no apps"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    assert old in GOOD
    file = tmp_path / APPS_FILE
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError, match=says) as caught:
        load_public_apps(file)
    assert (caught.value.file, caught.value.line) == (str(file), line)


def test_one_way_of_saying_cannot_mean_two(tmp_path: Path) -> None:
    other = (
        GOOD.replace("정부24:", "민원24:", 1).replace("gov24", "other").replace("[정부 24, 민원24]", "[민원]")
    )
    file = tmp_path / APPS_FILE
    file.write_text(GOOD + other, encoding="utf-8")
    with pytest.raises(CatalogueError, match="정부24") as caught:
        load_public_apps(file)
    assert caught.value.line == 9


async def test_the_operation_answers_from_the_table(apps: PublicApps) -> None:
    find = app_operations(apps)["apps.find"]
    now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    known = await find.carry_out(None, {"app": "이텍스"}, now)  # type: ignore[arg-type]
    assert [row["name"] for row in known.rows] == ["이택스"]
    assert set(known.rows[0]) == set(OPERATIONS["apps.find"].row)
    office = await find.carry_out(None, {"app": "구청", "district": "마포구"}, now)  # type: ignore[arg-type]
    assert office.rows[0]["site"] == "www.mapo.go.kr"
    assert (await find.carry_out(None, {"app": "얼쑤장터"}, now)).rows == ()  # type: ignore[arg-type]
    assert find.services({}) == ("open_app",)
