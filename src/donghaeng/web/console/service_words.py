"""What the service owners' page says: names and help of every place of a service, and its own sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from donghaeng.review.service_difference import Difference
from donghaeng.tower.register.difference import Change, Piece
from donghaeng.web.console.service_shapes import Shape

NO_SERVICE: Final = "none"
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "ServiceDefinition.id": ("영문 이름", "바꿀 수 없어요."),
    "ServiceDefinition.name": ("서비스 이름", "화면과 기록에 보이는 이름이에요."),
    "ServiceDefinition.domain": ("분야", "목록에서 묶이는 자리예요."),
    "ServiceDefinition.effect": (
        "하는 일",
        "보기: 찾아서 알려 줘요. 신청: 시에 보내요. 안내: 글로 알려 줘요.",
    ),
    "ServiceDefinition.carried_out": (
        "누가 하나요",
        "공개 API, 시의 API(게이트웨이), 사람, 동행 스스로 가운데 하나예요.",
    ),
    "ServiceDefinition.owner": ("맡은 부서", "답이 안 될 때 시민이 듣는 전화번호가 여기에 있어요."),
    "Owner.department": ("부서나 기관", "서비스를 책임지는 곳이에요."),
    "Owner.handover_number": ("사람이 받는 전화번호", "숫자와 -만 적어요. 예: 120"),
    "ServiceDefinition.sources": ("출처", "내용이 어디에서 왔나요. 한 줄에 하나씩 적어요."),
    "ServiceDefinition.examples": (
        "시민이 하는 말",
        "이 서비스를 찾을 때 시민이 하는 말이에요. 한 줄에 하나씩, 여덟 줄은 있어야 해요.",
    ),
    "ServiceDefinition.slots": (
        "물어볼 것",
        "서비스에 필요한 것이에요. 위에 있는 것부터 물어요.",
    ),
    "SlotSpec.type": ("종류", "무엇을 묻나요. 종류마다 알아듣는 법이 달라요."),
    "SlotSpec.required": ("꼭 있어야 해요", "끄면 시민이 말했을 때만 받고 묻지 않아요."),
    "SlotSpec.name": ("부르는 이름", "되읽어 드릴 때 쓰는 이름이에요."),
    "SlotSpec.prompts": ("묻는 말", "꼭 있어야 하는 것에는 있어야 해요."),
    "Prompts.first": ("처음 묻는 말", "한 번에 하나만, 두 문장까지 물어요."),
    "Prompts.again": ("다시 묻는 말", "다른 말로, 예를 들어 물어요."),
    "Prompts.help": ("모른다고 하실 때", "어디에서 찾는지 알려 드리는 말이에요."),
    "SlotSpec.values": ("고를 수 있는 것", "종류가 ‘고르기’일 때 적어요."),
    "Choice.name": ("이름", "말하고 보여 주는 이름이에요."),
    "Choice.says": ("같은 뜻의 말", "이름 말고도 이렇게 말해요. 한 줄에 하나씩."),
    "SlotSpec.default": (
        "말하지 않으면",
        "값을 적거나 here(지금 있는 곳), home_district(사는 구), channel, now, today, last_stop을 적어요.",
    ),
    "SlotSpec.lexicon": ("낱말 목록", "자주 나오는 말이 적힌 목록의 이름이에요."),
    "SlotSpec.counters": ("세는 말", "숫자 뒤에 오는 말과, 그것 몇이 하나인지 적어요."),
    "SlotSpec.counters.item": ("몇이 하나인가요", "예: 개월이면 12"),
    "SlotSpec.digits": ("번호의 자릿수", "종류가 접수번호일 때 적어요."),
    "SlotSpec.before": ("뒤에 오는 말", "이 말 앞에 있는 것을 값으로 받아요. 한 줄에 하나씩. 예: 버리"),
    "SlotSpec.several_words": ("여러 낱말일 수 있어요", "뒤에 오는 말 앞의 이름이 여러 낱말일 수 있어요."),
    "SlotSpec.whole": ("말 전체가 값이에요", "서비스를 찾은 말 전체를 값으로 받아요."),
    "SlotSpec.whereabouts": ("있는 곳을 말해요", "묻지 않아도 이름 있는 곳을 말하면 값으로 받아요."),
    "SlotSpec.tells": ("무슨 일인지 말해요", "묻지 않아도 길게 말한 사정을 값으로 받아요."),
    "SlotSpec.ambiguous": ("여럿일 때 묻는 말", "후보가 여럿 남았을 때 물어요."),
    "SlotSpec.option": ("후보를 부르는 말", "후보 하나를 어떻게 부르나요."),
    "SlotSpec.past": ("지난 날짜예요", "요일이나 해가 없는 날을 지난 날로 알아들어요."),
    "SlotSpec.birth": ("태어난 날이에요", "해까지 받아요. 두 자리 해는 19로 시작해요."),
    "SlotSpec.picks": ("고르게 할 것", "시민이 말하지 않았을 때 보여 줄 것을 여기에서 찾아요."),
    "SlotSpec.internal": ("가는 길에만 물어요", "다른 시스템에 보내는 값이 아니에요."),
    "ServiceDefinition.lookups": ("먼저 찾아볼 것", "확인하기 전에 찾아요. 예: 수수료"),
    "ServiceDefinition.call": ("연결", "무엇으로 일을 하나요."),
    "CallSpec.operation": ("연결 기능", "‘제공자.기능’으로 적어요. 예: weather.day"),
    "CallSpec.arguments": ("보내는 값", "기능이 받는 이름마다 값을 적어요."),
    "CallSpec.arguments.item": ("값", "물어볼 것의 이름이나 식을 적어요."),
    "CallSpec.keep": ("남길 것", "이 식이 맞는 줄만 남겨요."),
    "CallSpec.order": ("차례", "이 값이 작은 것부터 놓아요."),
    "CallSpec.most": ("몇 줄까지", "비우면 3줄이에요."),
    "CallSpec.optional": ("없어도 괜찮아요", "찾지 못해도 그대로 가요."),
    "Picks.value": ("값이 되는 것", "줄에서 값이 되는 식이에요. 예: row.id"),
    "Picks.option": ("보여 주는 말", "줄 하나를 어떻게 부르나요."),
    "ServiceDefinition.confirm": (
        "확인하는 말",
        "신청하기 전에 되읽어 드리고 ‘이렇게 신청할까요?’처럼 물어요.",
    ),
    "ServiceDefinition.reply": ("답하는 말", "일을 마친 뒤에 하는 말이에요."),
    "Replies.ok": ("잘됐을 때", "{{ 이름 }} 자리에는 값이 들어가요."),
    "Replies.empty": ("찾은 것이 없을 때", "‘보기’ 서비스에는 있어야 해요."),
    "Replies.failed": ("연결이 안 될 때", "비우면 모두에게 하는 사과를 해요."),
    "Replies.refused": ("받아 주지 않을 때", "까닭마다 하는 말이에요. 예: full"),
    "Replies.refused.item": ("하는 말", "왜 안 되는지 알려 드려요."),
    "Replies.again": ("다시 물어볼 것", "까닭마다 다시 물을 것이에요."),
    "Replies.again.item": ("물어볼 것", "여럿이면 쉼표로 나눠 적어요."),
    "Replies.message": ("문자로 보내는 말", "잘된 뒤에 문자로 보내요."),
    "ServiceDefinition.card": ("화면에 보이는 것", "답과 함께 화면에 나와요."),
    "CardSpec.kind": ("모양", "목록, 접수증, 지도, 답 가운데 하나예요."),
    "CardSpec.title": ("제목", "비워도 돼요."),
    "CardSpec.row": ("한 줄", "자리마다 보일 것을 적어요."),
    "CardSpec.row.item": ("보일 것", "{{ row.이름 }} 자리에는 값이 들어가요."),
    "ServiceDefinition.procedures": (
        "여러 가지 방법",
        "값에 따라 하는 일이 다를 때 적어요. 그러면 위의 연결·확인·답·화면은 비워요.",
    ),
    "Procedure.when": ("언제", "이 식이 맞을 때 이 방법을 써요. 마지막 방법은 비워요."),
    "Procedure.needs": ("이 방법에 필요한 것", "물어볼 것의 이름을 한 줄에 하나씩 적어요."),
}
"""By the place in the schema; what stands in several places, at the first (:data:`_SAME`)."""
_SAME: Final = {"Procedure": "ServiceDefinition", "Picks": "CallSpec"}
KEYS: Final[Mapping[str, str]] = {
    "ServiceDefinition.slots": "영문 이름",
    "SlotSpec.values": "영문 값",
    "SlotSpec.counters": "세는 말",
    "ServiceDefinition.lookups": "영문 이름",
    "CallSpec.arguments": "받는 이름",
    "Replies.refused": "까닭(영문)",
    "Replies.again": "까닭(영문)",
    "CardSpec.row": "자리",
}
"""What the name of a row is called."""
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "domain": {
        "transport": "교통",
        "safety": "안전",
        "health": "건강",
        "welfare": "복지",
        "economy": "경제",
        "culture": "문화",
        "tourism": "관광",
        "learning": "배움",
        "family": "가족",
        "environment": "환경",
        "water": "수도",
        "administration": "행정",
        "account": "내 신청",
        "knowledge": "지식",
    },
    "effect": {"read": "보기", "write": "신청", "guide": "안내", "handover": "사람 연결"},
    "carried_out": {
        "live": "공개 API",
        "gateway": "시의 API",
        "handoff": "사람이 이어서",
        "builtin": "동행 스스로",
    },
    "kind": {"list": "목록", "receipt": "접수증", "map": "지도", "answer": "답"},
    "type": {
        "address": "주소",
        "choice": "고르기",
        "count": "수",
        "date": "날짜",
        "datetime": "날짜와 시각",
        "district": "자치구",
        "dong": "동",
        "line": "지하철 노선",
        "person_name": "사람 이름",
        "phone": "전화번호",
        "place": "곳",
        "receipt": "접수번호",
        "route": "버스 노선",
        "station": "역",
        "stop": "정류장",
        "text": "글",
        "time": "시각",
    },
}
STATES: Final = {"saved": "저장", "submitted": "올림", "dropped": "버림"}
SORTS: Final = {"added": "더함", "removed": "뺌", "changed": "바꿈", "moved": "차례를 바꿈"}
SAVED: Final = "저장했어요."
NO_FORM: Final = "이 글은 칸으로 옮기면 잃는 것이 있어요. ‘글로 고치기’에서 고쳐 주세요."
RETIRED: Final = "이 서비스는 폐기되었어요. 올릴 수 없어요."


def label_of(shape: Shape) -> str:
    """What a place is called; its name in the schema where no word is kept."""
    return _words(shape.place)[0]


def help_of(shape: Shape) -> str:
    """What a place is for; the schema's own words where no Korean ones are kept."""
    return _words(shape.place)[1] or shape.description


def key_of(shape: Shape) -> str:
    """What the name of a row is called."""
    return KEYS.get(shape.place) or KEYS.get(_shared(shape.place), "이름")


def value_of(shape: Shape, value: str) -> str:
    """What a choice is called."""
    return VALUES.get(shape.place.rpartition(".")[2], {}).get(value, value)


def path_words(one: Difference) -> str:
    """Where a difference is, in words."""
    found = []
    for part in one.path:
        place = next((place for place in WORDS if place.rpartition(".")[2] == part), None)
        found.append(WORDS[place][0] if place is not None and not part.isdecimal() else part)
    return " › ".join(found)


def _words(place: str) -> tuple[str, str]:
    return WORDS.get(place) or WORDS.get(_shared(place)) or (place.rpartition(".")[2], "")


def _shared(place: str) -> str:
    model, _, rest = place.partition(".")
    return f"{_SAME.get(model, model)}.{rest}"


def pieces(one: Difference) -> tuple[Piece, ...]:
    """Old and new as one text, word by word."""
    return Change("", "changed", one.before, one.after).pieces


def percent(run: Any) -> int:
    """How far a run is."""
    return round(100 * run.done / run.total) if run.total else 0


def service_named(name: str, services: Mapping[str, str]) -> str:
    """A service's name. One that is not served here has only its id: two of them are told apart."""
    if name == NO_SERVICE:
        return "맡는 서비스 없음"
    return services.get(name, f"여기에 없는 서비스({name})")


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "service_named": service_named,
    "shape_label": label_of,
    "shape_help": help_of,
    "shape_key": key_of,
    "shape_value": value_of,
    "path_words": path_words,
    "run_percent": percent,
    "draft_state": lambda state: STATES[state],
    "difference_pieces": pieces,
    "difference_sort": lambda sort: SORTS[sort],
}
