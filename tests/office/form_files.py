"""Twenty HWPX forms as offices make them: labels beside, above, with spaces, notes, merged cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Form(NamedTuple):
    """A form: what is in it, and values by label that can all be filled."""

    name: str
    make: Callable[[Any], None]
    values: dict[str, str]


def grid(
    document: Any, rows: Sequence[Sequence[str]], merges: Sequence[tuple[int, int, int, int]] = ()
) -> Any:
    table = document.add_table(len(rows), len(rows[0]), style="바탕글")
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                table.set_cell_text(number, column, text)
    for merge in merges:
        table.merge_cells(*merge)
    return table


def lines(document: Any, *texts: str) -> None:
    for text in texts:
        document.add_paragraph(text, style="바탕글")


def rows(*texts: Sequence[str], merges: Sequence[tuple[int, int, int, int]] = ()) -> Callable[[Any], None]:
    return lambda document: grid(document, texts, merges) and None


def written(*texts: str) -> Callable[[Any], None]:
    return lambda document: lines(document, *texts)


def _application(document: Any) -> None:
    document.add_heading("디지털 안내사 신청서", level=1)
    grid(
        document,
        [["성명", "", "생년월일", ""], ["주소", "", "", ""], ["전화", "", "전자우편", ""]],
        [(1, 1, 1, 3)],
    )
    lines(document, "위와 같이 신청합니다.", "신청일: ____________", "신청인: __________ (인)")


def _two_persons(document: Any) -> None:
    grid(
        document,
        [
            ["신청인", "성명", "", "연락처", ""],
            ["", "주소", "", "관계", ""],
            ["대리인", "성명", "", "연락처", ""],
            ["", "주소", "", "관계", ""],
        ],
        [(0, 0, 1, 0), (2, 0, 3, 0)],
    )


def _nested(document: Any) -> None:
    table = grid(document, [["신청 내용", ""], ["비고", ""]])
    inner = table.cell(0, 1).add_table(2, 2)
    inner.set_cell_text(0, 0, "품목")
    inner.set_cell_text(1, 0, "수량")


def _two_tables(document: Any) -> None:
    grid(document, [["사업명", ""], ["사업비", ""]])
    lines(document, "아래는 단체의 정보입니다.")
    grid(document, [["단체명", "", "대표자", ""]])


FORMS: Sequence[Form] = (
    Form(
        "신청서",
        _application,
        {
            "성명": "홍길동",
            "생년월일": "1950. 1. 2.",
            "주소": "마포구 양화로 45",
            "전화": "02-2133-0000",
            "신청일": "2026. 11. 23.",
            "신청인": "홍길동",
        },
    ),
    Form(
        "두 사람",
        _two_persons,
        {
            "신청인 > 성명": "김하나",
            "신청인 > 주소": "종로구",
            "대리인 > 성명": "이둘",
            "대리인 > 관계": "자녀",
        },
    ),
    Form("띄어 쓴 이름표", rows(["성  명", ""], ["주    소", ""]), {"성명": "홍길동", "주소": "중구"}),
    Form(
        "쌍점 붙은 이름표",
        rows(["성명:", ""], ["연락처 :", ""]),
        {"성명": "홍길동", "연락처": "010-0000-0000"},
    ),
    Form(
        "괄호 붙은 이름표", rows(["성명(한글)", ""], ["금액(원)", ""]), {"성명": "홍길동", "금액": "10,000"}
    ),
    Form("별표 붙은 이름표", rows(["* 제목", ""], ["※ 사유", ""]), {"제목": "신청", "사유": "이사"}),
    Form(
        "머리줄 아래",
        rows(["이름", "직위", "부서"], ["", "", ""]),
        {"이름": "홍길동", "직위": "주무관", "부서": "총무과"},
    ),
    Form(
        "머리줄 아래 여러 줄",
        rows(["일시", "장소"], ["", ""], ["", ""]),
        {"일시": "2026. 11. 23.", "장소": "시청"},
    ),
    Form(
        "합친 칸",
        rows(["신청 사유", "", ""], ["첨부 서류", "", ""], merges=[(0, 1, 0, 2), (1, 1, 1, 2)]),
        {"신청 사유": "거동 불편", "첨부 서류": "없음"},
    ),
    Form(
        "두 줄 이름표",
        rows(["주소", ""], ["", ""], merges=[(0, 0, 1, 0), (0, 1, 1, 1)]),
        {"주소": "강서구 화곡로 1"},
    ),
    Form("표 속의 표", _nested, {"품목": "소파", "수량": "1", "비고": "계단 있음"}),
    Form(
        "표 두 개",
        _two_tables,
        {"사업명": "동행", "사업비": "1,000,000", "단체명": "동행회", "대표자": "김하나"},
    ),
    Form(
        "줄 양식",
        written("동의서", "성명: ________", "날짜 : 20__. __. __.", "개인정보 수집에 동의합니다."),
        {"성명": "홍길동"},
    ),
    Form(
        "줄 양식과 도장",
        written("위임인 : ____________ (서명)", "수임인: ………… (인)"),
        {"위임인": "김하나", "수임인": "이둘"},
    ),
    Form("글머리 줄", written("○ 사업명: ", "○ 담당자: "), {"사업명": "동행", "담당자": "홍길동"}),
    Form("밑줄 칸", rows(["성명", "______"], ["전화", "…………"]), {"성명": "홍길동", "전화": "120"}),
    Form(
        "네 칸",
        rows(["접수번호", "", "접수일", ""], ["처리기한", "", "담당", ""]),
        {"접수번호": "2026-1", "접수일": "2026. 11. 23.", "처리기한": "7일", "담당": "김"},
    ),
    Form(
        "영어 섞인 이름표",
        rows(["E-mail", ""], ["FAX 번호", ""]),
        {"e-mail": "a@example.go.kr", "FAX번호": "02-0"},
    ),
    Form(
        "특수문자 값",
        rows(["제목", ""], ["내용", ""]),
        {"제목": 'A&B <시범> "따옴표"', "내용": "첫째·둘째 – 끝"},
    ),
    Form(
        "채워진 칸 옆",
        rows(["기관", "서울시", "담당자", ""], ["문서 번호", "가-1", "시행일", ""]),
        {"담당자": "홍길동", "시행일": "2026. 12. 1."},
    ),
)
