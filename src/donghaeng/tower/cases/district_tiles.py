"""Where each district lies on a map of tiles: one tile a district, neighbours near one another.

Typed by us from the order in which the districts lie; a tile map shows no borders and gives a small district
as much room as a large one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TILES: Final[Mapping[str, tuple[int, int]]] = {
    "도봉구": (4, 0),
    "노원구": (5, 0),
    "은평구": (2, 1),
    "강북구": (4, 1),
    "중랑구": (6, 1),
    "서대문구": (2, 2),
    "종로구": (3, 2),
    "성북구": (4, 2),
    "동대문구": (5, 2),
    "광진구": (6, 2),
    "강서구": (0, 3),
    "마포구": (1, 3),
    "용산구": (3, 3),
    "중구": (4, 3),
    "성동구": (5, 3),
    "강동구": (7, 3),
    "양천구": (0, 4),
    "영등포구": (1, 4),
    "동작구": (2, 4),
    "서초구": (4, 4),
    "강남구": (5, 4),
    "송파구": (6, 4),
    "구로구": (0, 5),
    "금천구": (1, 5),
    "관악구": (2, 5),
}
"""Column and row of each, from the north-west."""
