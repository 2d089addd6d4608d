"""복지로 of the sandbox city: a list of national welfare services in its own XML.

Names are those of kinds of help that exist; summaries are written for the sandbox and name no amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from donghaeng.sandbox.wire import Reply, as_xml, element, portal_fault

LIST: Final = "/B554287/NationalWelfareInformationsV001/NationalWelfarelistV001"
MAX_ROWS: Final = 500

MESSAGES: Final = {
    "10": "INVALID_REQUEST_PARAMETER_ERROR",
    "11": "NO_MANDATORY_REQUEST_PARAMETERS_ERROR",
    "30": "SERVICE_KEY_IS_NOT_REGISTERED_ERROR",
}
_STAGES: Final = {
    "001": "영유아",
    "002": "아동",
    "003": "청소년",
    "004": "청년",
    "005": "중장년",
    "006": "노년",
    "007": "임신 · 출산",
}
_PHONE = "129"
_CIPHERED = "pWbD3sZ9qk1mUe0VtA=="

Service = tuple[str, str, str, str, str, str, str]

_SERVICES: Final[tuple[Service, ...]] = (
    ("노인 의치 지원", "어르신의 틀니와 임플란트 본인부담을 덜어 드립니다.",
     "006", "신체건강", "저소득", "현물지급", "N"),
    ("노인 안검진 및 개안수술 지원", "백내장 같은 눈병이 있는 어르신의 수술비를 도와드립니다.",
     "006", "신체건강", "저소득", "현금지급", "N"),
    ("노인 무릎인공관절 수술 지원", "무릎 인공관절 수술을 받는 어르신의 수술비를 도와드립니다.",
     "006", "신체건강", "저소득", "현금지급", "N"),
    ("보청기 보조기기 급여", "잘 들리지 않는 분이 보청기를 살 때 값을 도와드립니다.",
     "001,002,003,004,005,006", "신체건강", "장애인", "현금지급", "N"),
    ("재난적의료비 지원", "병원비가 소득에 비해 너무 많이 나온 가구의 의료비를 도와드립니다.",
     "004,005,006", "신체건강,안전·위기", "저소득", "현금지급", "N"),
    ("치매치료관리비 지원", "치매 약값과 진료비를 도와드립니다.",
     "006", "신체건강,보호·돌봄", "", "현금지급", "N"),
    ("에너지바우처", "난방과 냉방에 드는 전기, 가스, 연탄 값을 쓸 수 있는 이용권을 드립니다.",
     "001,004,005,006", "에너지,생활지원", "저소득", "이용권", "Y"),
    ("연탄쿠폰", "연탄을 때는 가구에 연탄을 살 수 있는 쿠폰을 드립니다.",
     "005,006", "에너지", "저소득", "이용권", "N"),
    ("전기요금 할인", "전기 요금을 깎아 드립니다.",
     "004,005,006", "에너지,생활지원", "장애인,저소득", "감면", "Y"),
    ("도시가스요금 경감", "도시가스 요금을 깎아 드립니다.",
     "004,005,006", "에너지,생활지원", "장애인,저소득", "감면", "Y"),
    ("통신요금 감면", "휴대전화와 인터넷 요금을 깎아 드립니다.",
     "004,005,006", "생활지원", "장애인,저소득", "감면", "Y"),
    ("긴급복지 생계지원", "갑자기 벌이가 끊겨 살기 어려운 가구에 생계비를 드립니다.",
     "004,005,006", "생활지원,안전·위기", "저소득", "현금지급", "N"),
    ("생계급여", "생활이 어려운 분의 생활비를 도와드립니다.",
     "001,002,003,004,005,006", "생활지원", "저소득", "현금지급", "Y"),
    ("주거급여", "월세를 내거나 집을 고쳐야 하는 저소득 가구를 도와드립니다.",
     "004,005,006", "주거", "저소득", "현금지급", "Y"),
    ("의료급여", "생활이 어려운 분의 병원비와 약값을 나라가 냅니다.",
     "001,002,003,004,005,006", "신체건강", "저소득", "현물지급", "Y"),
    ("기초연금 지급", "어르신의 생활을 돕는 연금을 다달이 드립니다.",
     "006", "생활지원", "", "현금지급", "Y"),
    ("노인맞춤돌봄서비스", "혼자 지내기 어려운 어르신을 찾아가 안부를 살피고 집안일을 돕습니다.",
     "006", "보호·돌봄", "저소득", "기타", "N"),
    ("노인장기요양보험", "혼자 생활하기 어려운 어르신에게 방문 요양과 시설 요양을 해 드립니다.",
     "006", "보호·돌봄,신체건강", "", "현물지급", "N"),
    ("경로당 냉난방비 지원", "경로당의 난방비와 냉방비를 도와드립니다.",
     "006", "에너지", "저소득", "현물지급", "N"),
    ("양곡할인", "나라에서 관리하는 쌀을 싸게 살 수 있습니다.",
     "004,005,006", "생활지원", "저소득", "현물지급", "N"),
    ("장제급여", "수급자가 돌아가셨을 때 장례에 드는 돈을 도와드립니다.",
     "004,005,006", "생활지원", "저소득", "현금지급", "N"),
    ("문화누리카드", "공연과 여행, 책에 쓸 수 있는 카드를 드립니다.",
     "002,003,004,005,006", "문화·여가", "저소득", "이용권", "Y"),
    ("장애인연금", "일하기 어려운 중증 장애인에게 연금을 드립니다.",
     "004,005,006", "생활지원", "장애인", "현금지급", "Y"),
    ("장애수당", "장애가 있는 저소득층에게 수당을 드립니다.",
     "004,005,006", "생활지원", "장애인", "현금지급", "Y"),
    ("한부모가족 아동양육비 지원", "아이를 혼자 키우는 부모와 손주를 키우는 조부모에게 양육비를 드립니다.",
     "004,005,006", "보육,생활지원", "한부모·조손", "현금지급", "Y"),
    ("보훈대상자 생활지원", "국가유공자와 유족의 생활을 도와드립니다.",
     "005,006", "생활지원", "보훈대상자", "현금지급", "N"),
    ("암환자 의료비 지원", "암 치료에 드는 병원비를 도와드립니다.",
     "001,004,005,006", "신체건강", "저소득", "현금지급", "N"),
    ("영유아보육료 지원", "어린이집에 다니는 아이의 보육료를 도와드립니다.",
     "001", "보육", "", "이용권", "Y"),
    ("아동수당", "아이를 키우는 가정에 다달이 수당을 드립니다.",
     "001,002", "보육", "", "현금지급", "Y"),
    ("청년월세 지원", "부모와 따로 사는 청년의 월세를 도와드립니다.",
     "004", "주거", "저소득", "현금지급", "Y"),
)  # fmt: skip
"""Name, what it does, stages of life, themes, whom it is for, kind of help, online."""


def welfare_api(query: Mapping[str, str]) -> Reply:
    """A page of the list; the key is checked first and its fault is the gateway's own XML."""
    if not query.get("serviceKey"):
        return portal_fault("30", MESSAGES["30"])
    if query.get("callTp") != "L" or not query.get("srchKeyCode"):
        return welfare_code("11")
    size, page = query.get("numOfRows", "10"), query.get("pageNo", "1")
    if not (size.isdigit() and page.isdigit()) or not 1 <= int(size) <= MAX_ROWS or int(page) < 1:
        return welfare_code("10")
    stage, word = query.get("lifeArray", ""), query.get("searchWrd", "")
    rows = [_row(number, one) for number, one in enumerate(_SERVICES) if _asked(one, stage, word)]
    shown = rows[(int(page) - 1) * int(size) : int(page) * int(size)]
    head = {"totalCount": len(rows), "pageNo": page, "numOfRows": size}
    return _wanted({**head, "resultCode": "0", "resultMessage": "SUCCESS", "servList": shown})


def welfare_code(code: str) -> Reply:
    """An error, or 03 for no rows, in the list's own root."""
    message = MESSAGES.get(code, "NODATA_ERROR" if code == "03" else "HTTP_ERROR")
    return _wanted({"totalCount": 0, "resultCode": code, "resultMessage": message})


def _wanted(content: Mapping[str, object]) -> Reply:
    return as_xml(element("wantedList", content))


def _asked(service: Service, stage: str, word: str) -> bool:
    name, summary, stages, *_ = service
    return (not stage or stage in stages.split(",")) and word in name + summary


def _row(number: int, service: Service) -> dict[str, str]:
    name, summary, stages, themes, targets, kind, online = service
    number_id = f"WLF{number + 1:08d}"
    page = "https://www.bokjiro.go.kr/ssis-tbu/twataa/wlfareInfo/moveTWAT52011M.do"
    row = {
        "inqNum": str(90_000 - 1_000 * number),
        "intrsThemaArray": themes,
        "jurMnofNm": "보건복지부",
        "jurOrgNm": "복지정책과",
        "lifeArray": ",".join(_STAGES[code] for code in stages.split(",")),
        "onapPsbltYn": online,
        "rprsCtadr": _PHONE if number % 2 else _CIPHERED,
        "servDgst": summary,
        "servDtlLink": f"{page}?wlfareInfoId={number_id}&wlfareInfoReldBztpCd=01",
        "servId": number_id,
        "servNm": name,
        "sprtCycNm": "수시",
        "srvPvsnNm": kind,
        "svcfrstRegTs": "20220122",
    }
    # The portal leaves the tag out where there is no kind of household.
    return row | ({"trgterIndvdlArray": targets} if targets else {})
