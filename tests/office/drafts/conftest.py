"""Facts for every template of the catalogue, and the drafts that they make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from donghaeng.office.drafts.composing import compose
from donghaeng.office.drafts.loading import load_templates
from donghaeng.office.drafts.model import About, Draft, Extract
from donghaeng.office.drafts.template import Template

CATALOGUE = Path(__file__).resolve().parents[3] / "catalogue"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Seoul"))
ABOUT = About("서울특별시", NOW)
PASSAGES = [
    Extract("안내사는 평일 09:00부터 18:00까지 일합니다.", "디지털 안내사 운영 지침", "3쪽"),
    Extract("교육은 무료입니다.", "시민 디지털 교육 계획"),
]
FACTS: Mapping[str, Mapping[str, Any]] = {
    "letter": {
        "organisation": "서울특별시",
        "to": "마포구청장(디지털과장)",
        "title": "디지털 안내사 배치 협조 요청",
        "points": [
            "관련: 디지털정책과-1123(2026. 11. 2.)",
            {
                "다음과 같이 협조해 주시기 바랍니다.": [
                    "배치할 곳을 정합니다.",
                    {"책상을 마련합니다.": ["한 곳에 하나", "의자 둘"]},
                ]
            },
        ],
        "attachments": ["배치 계획", "동의서 2부"],
        "sender": "서울특별시장",
        "drafter": "주무관 김하늘",
        "department": "디지털정책과",
        "phone": "02-2133-0000",
        "openness": "대시민 공개",
    },
    "complaint_reply": {
        "organisation": "서울특별시",
        "to": "김시민 귀하",
        "title": "민원 회신",
        "received": "2026-11-20",
        "gist": "안내사가 언제 있는지 알고 싶음",
        "result": ["평일 낮에 오시면 도와 드립니다."],
        "department": "디지털정책과",
        "officer": "김하늘",
        "phone": "02-2133-0000",
        "sender": "서울특별시장",
    },
    "report": {
        "title": "디지털 안내사 운영 보고",
        "day": "2026-11-23",
        "department": "디지털정책과",
        "summary": "안내사를 늘려야 합니다.",
        "background": ["민원이 늘었습니다."],
        "state": [{"안내사 52명이 일합니다.": ["목표는 80명입니다."]}],
        "proposal": ["28명을 더 뽑습니다."],
        "next": ["2026. 12. 4.까지 모집합니다."],
    },
    "plan": {
        "title": "디지털 안내사 추진 계획",
        "day": "2026-11-23",
        "department": "디지털정책과",
        "purpose": "어르신이 쉽게 서비스를 받게 합니다.",
        "starts": "2027-01-04",
        "ends": "2027-12-31",
        "audience": "만 65세 이상 시민",
        "budget": 113_560_000,
        "work": ["안내사를 뽑습니다.", "교육합니다."],
        "schedule": ["1월: 모집", "2월: 교육"],
    },
    "press_release": {
        "organisation": "서울특별시",
        "title": "말로 하는 민원 안내를 시작합니다 <시범>",
        "subtitle": "어르신도 전화 한 통이면",
        "day": "2026-11-24",
        "hour": "06:00",
        "lead": "서울시가 말로 하는 민원 안내를 시작합니다.",
        "paragraphs": ["누구나 전화로 쓸 수 있습니다.", "A&B 복지관이 함께합니다."],
        "department": "디지털정책과",
        "officer": "김하늘",
        "phone": "02-2133-0000",
    },
}


@pytest.fixture(scope="session")
def templates() -> Mapping[str, Template]:
    return load_templates(CATALOGUE)


@pytest.fixture(scope="session")
def drafts(templates: Mapping[str, Template]) -> Mapping[str, Draft]:
    return {name: compose(templates[name], facts, PASSAGES, ABOUT) for name, facts in FACTS.items()}
