"""What is wrong, out of a long breath: "저기 민원 하나 넣고 싶은데요 면목역 앞에 보도블록이 꺼졌어요 …".

Of all that was said what tells of the matter is kept, word for word: neither the request to take it down,
nor the greeting, nor how to call back, nor a place that another slot holds.
"""

from __future__ import annotations

import re
from typing import Final

from donghaeng.korean.endings import standard
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.whereabouts import whereabouts

SCORE: Final = 0.6
LEAST_TOLD: Final = 4
"""Words of a whole sentence that tell enough to be written down; fewer name the matter alone ("가로등이
나갔어요") and its story is asked for."""
LEAST_TOLD_THERE: Final = 2
"""The same where it was said where."""
LEAST_UNFINISHED: Final = 5
"""Words that tell enough though their sentence goes on as a request ("… 꺼져 있어서 민원 넣으려고요")."""

_CLAUSE_END = re.compile(
    r"(?:요|예|유|슈|니다|[^에]다|니더|소|쇼|네|까|께|께로|구먼|구만|죠|잉|라|랑|우다|데|디|[^에]서|니|다고|다만|지만|거든)$"
)
"""Ends of words at which a clause may end. A word cut off by mistake is put back with its neighbours."""
_FINISHED = re.compile(
    r"(?:[가-힣]유|슈|니다|니더|[았었겠했됐났졌렸였셨쳤켰]\S{0,3}|[^에집]다|[^에]소|네|당께요?|랑께요?|구먼|구만|죠|우다|거든)$"
)
"""Ends of words that end a sentence, those in 요 apart."""
_POLITE = re.compile(r"(?P<last>[가-힣])요$")
_POLITE_ANYWAY: Final = frozenset("네데세지죠군까")
_SPOKEN_VOWELS: Final = frozenset({0, 1, 4, 6, 9, 10, 14})
"""Places among the vowels of Unicode's syllables of those that end a verb before 요: ㅏ ㅐ ㅓ ㅕ ㅘ ㅙ ㅝ."""
_SYLLABLES_FROM, _PER_VOWEL, _VOWELS = ord("가"), 28, 21
_HEAD = re.compile(
    r"^(?:(?:저기요?|저|그게|그|음+|어+|아+|아니|있잖아요?|다름이\s아니[라고]\S?|그러니까|근데|그런데|글쎄|그냥|전화번호[는은]|연락처[는은]|내용[은이])\s)+"
)
_AFTER_PLACE = re.compile(r"(?:에서는?|에다가?|에는?|인데요?|이에요|예요|이요|의|쪽에서?|요)?(?:\s|$)")


_GREETS = r"""
    안녕\S* 여보세요 수고\S* 바쁘\S* 죄송\S* 미안\S* 실례\S* 고맙\S* 고마\S* 감사\S* 부탁\S* 저기요? 저 제가
    저는 저도 내가 나가 나는 나도 저희 저희가 우리 우리가 집 집이 제 내 음+ 어+ 아+ 네 예 응 있잖아요?
    다름이 아니라 아니고 그게 그 그런데 근데 그래서 그리고 그러니까 그냥 혹시 뭐 뭣 뭘 다시 이런 이런거 것도
    것을 거를 걸 거 것 게 건 일이? 좀 쫌 더 조금 하나만?요? 한 가지 한가지 얼른 빨리 꼭 제발 어떻게
    어디다?가?에? 어따\S* 어데 쓰[까겄겠]\S* 이거 이것 그거 그것 이걸 그걸 거기 거그 여기 거기를 거기다
"""
"""Greetings, thanks, hesitation and words that point."""
_ASKS = r"""
    민원\S* 신고\S* 접수\S* 건의\S* 항의\S* 진정\S* 탄원\S* 이의 신청\S* 불편 불편한 정식\S* 공식\S* 서면\S*
    문서\S* 구청\S* 시청\S* 서울시\S* 동사무소\S* 주민센터\S* 다산콜\S* 말 말을 말씀\S* 말하\S* 말할\S*
    말해\S* 얘기\S* 알려\S* 알리\S* 전해\S* 적어\S* 써 넣\S* 내고 내려고\S* 낼게\S* 낼라고\S* 냅니다 내야
    내러 내는 남기\S* 올리\S* 제기\S* 하려\S* 하고 하고요 할게\S* 할라\S* 할까\S* 할 하는데\S* 하는디\S*
    한데\S* 합니다 하겠\S* 해요 해야\S* 해 했으면 한마디\S* 하나요 되나요 되는지\S* 되는가\S* 돼요 되죠
    됩니까 되겠\S* 됩니다 돼 되고 싶\S* 받아\S* 받으\S* 받고 받을 줘\S* 주[시세이소쇼십면]\S* 주[는나]\S*
    줄\S* 줬\S* 줍\S* 주고 달라\S* 드리\S* 드려\S* 드립\S* 바랍니다 바래\S* 좋겠\S* 있어서\S* 있어요
    있는데\S* 있는디 있습니다 이리
"""
"""The wish to have something taken down, and those who take it down."""
_ACTS = r"""
    고쳐\S* 고치\S* 치워\S* 치우\S* 조치\S* 단속\S* 처리\S* 해결\S* 손 손을 손봐\S* 봐\S* 보시\S* 보게
    나와\S* 와서 와 오셔\S* 확인\S* 점검\S* 힘써\S*
"""
"""What is to be done about it, said without what it is about."""
_CALLS_BACK = r"""
    연락\S* 전화\S* 번호\S* 핸드폰\S* 휴대폰\S* 휴대전화\S* 손전화\S* 폰\S? 답 답은 답을 답장\S* 답변\S*
    결과\S* 문자\S* 으로 로 이고요? 이에요 이예요 에요 예요 입니다 인데요? 이요 요 고요 라고요?
"""
"""How to call back."""
_PLACE_ALONE = r"""
    에 에서 에는 에다 에서요 앞 앞에 앞이요 앞이에요 옆 옆에 장소\S* 위치\S* 곳 곳은 곳이 데가 쪽이\S*
    쪽에\S* 근처\S* 있는
"""
"""What is left of a place that is all a clause says."""
_SAYS_NOTHING = re.compile(
    "|".join(f"(?:{word})" for word in (_GREETS + _ASKS + _ACTS + _CALLS_BACK + _PLACE_ALONE).split())
)
"""Words that tell nothing of the matter itself."""
_FILING = re.compile(r"민원|신고|접수|건의|항의|신청|진정|탄원")
_VERB = re.compile(r"(?:[아어여해쳐려워와내놔꿔춰겨져])$")
"""How a verb ends before 주세요 or 달라고, which then hold what is wished for ("울타리를 쳐 달라고 …")."""
_CALLS = re.compile(r"연락|전화|번호|핸드폰|휴대폰")
_EDGE: Final = ".,!?~…"


def telling(utterance: str, scene: Scene) -> SlotFill | None:
    """What a breath tells of the matter though it was not asked for; None where it says too little to be
    written down, or where the matter is known already. Pure."""
    if scene.value is not None:
        return None
    place = whereabouts(utterance, scene)
    there = place.words if place is not None else ""
    told = _HEAD.sub("", " ".join(clause for clause in _clauses(utterance) if _tells(clause, there)))
    if there and told.startswith(there) and (after := _AFTER_PLACE.match(told, len(there))) is not None:
        told = told[after.end() :]
    told = _HEAD.sub("", told).strip()
    return SlotFill(told, score=SCORE, words=utterance) if _is_enough(told, there=bool(there)) else None


def without_asides(answer: str) -> str:
    """An answer to what is the matter, as it was said but for clauses on how to call back; never empty."""
    clauses = _clauses(answer)
    kept = [clause for clause in clauses if not (_CALLS.search(clause) and not _tells(clause, ""))]
    return " ".join(kept) or answer


def _clauses(utterance: str) -> list[str]:
    """The utterance cut after each word that may end a clause."""
    clauses: list[list[str]] = [[]]
    for word in utterance.split():
        clauses[-1].append(word)
        if _CLAUSE_END.search(word):
            clauses.append([])
    return [" ".join(words) for words in clauses if words]


def _tells(clause: str, place: str) -> bool:
    """Whether a clause, without the place, is about the matter and more than its name ("소음 민원이요")."""
    said = standard(clause)
    words = [word.strip(_EDGE) for word in (said.replace(place, " ") if place else said).split()]
    told = [index for index, word in enumerate(words) if _SAYS_NOTHING.fullmatch(word) is None]
    if not told:
        return False
    last = words[told[-1]]
    return (
        _FILING.search(clause) is None
        or _VERB.search(last) is not None
        or _CLAUSE_END.search(last) is not None
    )


def _is_enough(told: str, *, there: bool) -> bool:
    words = told.split()
    if not words:
        return False
    least = LEAST_TOLD_THERE if there else LEAST_TOLD
    return len(words) >= (least if _is_finished(words[-1].strip(_EDGE)) else LEAST_UNFINISHED)


def _is_finished(word: str) -> bool:
    """Whether a word ends a sentence: 켜져요 does, 벤치요 does not."""
    polite = _POLITE.search(word)
    if polite is None:
        return _FINISHED.search(word) is not None
    syllable = ord(polite["last"]) - _SYLLABLES_FROM
    open_vowel = syllable // _PER_VOWEL % _VOWELS if syllable % _PER_VOWEL == 0 else None
    return (
        polite["last"] in _POLITE_ANYWAY or open_vowel in _SPOKEN_VOWELS or _FINISHED.search(word) is not None
    )
