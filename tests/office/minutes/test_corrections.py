"""What corrections teach, and where it is put right."""

from __future__ import annotations

import pytest

from donghaeng.office.minutes.corrections import put_right, taught


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        ("안내자를 뽑습니다", "안내사를 뽑습니다", [("안내자", "안내사")]),
        ("성북 복지과에서 합니다.", "성북 복지관에서 합니다.", [("복지과", "복지관")]),
        ("배도 윤이 합니다", "배도윤이 합니다", [("배도 윤", "배도윤")]),
        ("그대로입니다", "그대로입니다", []),
        ("하나 둘 셋 넷 다섯", "전혀 다른 글을 여기에 새로 적었다", []),
        ("네", "", []),
        ("", "새 글", []),
    ],
)
def test_what_a_correction_teaches(before: str, after: str, pairs: list[tuple[str, str]]) -> None:
    assert taught(before, after) == pairs


def test_a_word_is_put_right_only_where_it_begins() -> None:
    pairs = [("안내자", "안내사"), ("a.b", r"\1")]
    assert put_right("안내자는 와요. 큰안내자 a.b axb", pairs) == r"안내사는 와요. 큰안내자 \1 axb"
