"""The chat exists for the origins that the settings name, and only they may show it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from donghaeng.errors import SettingsError
from donghaeng.settings import Settings, load_settings

CITY = "https://www.seoul.go.kr"


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    origins = getattr(request, "param", (CITY, "https://*.seoul.kr"))
    return load_settings(data=tmp_path, allow_test_clock=True, rate_limit="off", widget_origins=origins)


@pytest.mark.parametrize("settings", [()], indirect=True)
@pytest.mark.parametrize("path", ["/widget", "/widget.js"])
async def test_without_origins_there_is_none(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_the_frame_is_shown_by_the_named_origins_alone(client: httpx.AsyncClient) -> None:
    answer = await client.get("/widget")
    policy = answer.headers["content-security-policy"]
    assert f"frame-ancestors {CITY} https://*.seoul.kr" in policy
    assert "script-src 'self'" in policy
    assert "x-frame-options" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/page/widget.html", "/console/", "/widget.js", "/v1/services"])
async def test_nothing_else_can_be_framed(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"


async def test_the_script_may_be_loaded_from_elsewhere(client: httpx.AsyncClient) -> None:
    answer = await client.get("/widget.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert (await client.get("/page/words.js")).headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*", "seoul.go.kr", "http://www.seoul.go.kr", "https://a.kr/", "https://a.kr; x", "'self'"],
)
def test_what_is_no_origin_is_refused(tmp_path: Path, origin: str) -> None:
    with pytest.raises(SettingsError, match="WIDGET_ORIGINS"):
        load_settings(data=tmp_path, widget_origins=[origin])
