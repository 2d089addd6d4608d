"""Steering words: many ways to say each, and words that only look like one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.dialogue.harness import CATALOGUE

from donghaeng.errors import CatalogueError
from donghaeng.understanding.acts import ActKind
from donghaeng.understanding.commands import ENOUGH, PERSON, CommandLexicon, load_commands

SAID = {
    "confirm": """
        네 | 예 | 응 | 그래 | 그려 | 맞아요 | 네 맞습니다 | 좋아요 | 그렇게 해 주세요 | 응 그렇게 해줘 |
        네 신청해 주세요 | 하모 | 그라제 | 네네 | 예 그렇게 해 주이소 | 음 그래요 | 부탁드려요 | 응 그려 |
        게메마씸 | 기여 | 맞심더 | 아니 다 맞아요 | 네 신처해 주세요 | 네 연결해 주세요 | 그러입시더
    """,
    "deny": """
        아니 | 아니요 | 아뇨 | 아니에요 | 아닙니다 | 아녀 | 아이다 | 싫어요 | 틀려요 | 틀렸어요 |
        와니요 | 그게 아니고 | 그기 아이고 | 아니우다 | 아니 아니 | 아직 하지 마세요 | 잘못 들었어요
    """,
    "enough": """
        됐어요 | 괜찮아요 | 아니 됐어요 | 네 됐어요 | 됐슈 | 됐심더 | 됐수다 | 없어요 | 이제 없어요 |
        더 없어요 | 필요 없습니다 | 개안심더 | 그거면 됐어요 | 다 됐어요
    """,
    "dont_know": """
        모르겠어요 | 잘 모르겠는데요 | 몰라요 | 몰라유 | 모르겠소 | 글쎄요 | 번호를 모르겠어요 |
        기억이 안 나요 | 모르것당께 | 그건 모르겠네요 | 나는 잘 몰라
    """,
    "skip": """
        넘어가 주세요 | 그냥 넘어가요 | 건너뛰어 주세요 | 생략해 주세요 | 패스 | 그건 넘어가자 |
        이건 건너뛰자 | 패스요 | 넘어갑시다 | 그냥 생략해
    """,
    "cancel": """
        취소 | 취소해 주세요 | 취소할게요 | 그만할래요 | 그만 | 안 할게요 | 이거 취소해 줘 |
        그냥 취소할래 | 없던 걸로 해 주세요 | 관두자 | 신청 취소해 주이소 | 아니 그만둘래요
    """,
    "continue": """
        계속 | 계속해 주세요 | 이어서 해 줘 | 마저 할게요 | 하던 거 계속해요 | 계속할게요 |
        아까 하던 거 계속 | 이어서 할게요 | 계속합시다 | 네 계속해 주세요
    """,
    "back": """
        뒤로 | 뒤로 가 | 이전으로 | 이전으로 돌아가 | 다시 뒤로 가 줘 | 전 질문으로 가 주세요 |
        이전 질문으로 | 한 칸 뒤로 | 아까 질문으로 가요 | 뒤로 가 주세요
    """,
    "start_over": """
        처음부터 | 처음으로 | 처음부터 다시 | 처음부터 다시 할래요 | 첨부터 | 그냥 처음부터 해요 |
        처음으로 가 줘 | 처음부터 시작해 | 처음부터 해 주세요 | 처음부터 합시다
    """,
    "repeat": """
        다시 | 다시 말해 줘 | 한 번 더 말해 주세요 | 뭐라고요 | 뭐라고 했어요 | 뭐라카노 | 못 들었어요 |
        잘 안 들려요 | 다시 한번 말씀해 주세요 | 방금 뭐라고 하셨어요 | 또 말해 줘 | 다시 들려 주세요
    """,
    "slower": """
        천천히 | 천천히 말해 줘 | 좀 천천히 말해 주세요 | 너무 빨라요 | 말이 너무 빨라 | 더 천천히 |
        찬찬히 얘기해 주소 | 느리게 말해요 | 좀 천천히 해 주세요 | 너무 빠르네
    """,
    "faster": """
        빨리 말해 줘 | 더 빨리 말해요 | 빠르게 말해 주세요 | 좀 빨리 말해 | 더 빠르게 | 빨리 얘기해 줘 |
        좀 더 빨리 말해 줘 | 빠르게 | 빨리 말하세요 | 더 빨리요
    """,
    "louder": """
        크게 말해 줘 | 소리 좀 키워 줘 | 더 크게 말해 주세요 | 소리가 작아요 | 소리가 너무 작아 |
        큰 소리로 말해 줘요 | 소리를 높여 주세요 | 크게 | 좀 더 크게 해 주세요 | 소리 좀 크게 해 주소
    """,
    "quieter": """
        작게 말해 줘 | 소리 좀 줄여 줘 | 조용히 말해 주세요 | 소리가 너무 커요 | 너무 시끄러워요 |
        작은 소리로 말해 | 소리를 낮춰 주세요 | 좀 작게 | 더 조용히 | 소리 줄여
    """,
    "help": """
        도움말 | 도와줘 | 도와주세요 | 뭘 할 수 있어 | 뭐를 할 수 있나요 | 어떻게 말해요 |
        어떻게 하는 거예요 | 사용법 | 어떻게 쓰는 거야 | 무엇을 할 수 있어요
    """,
    "thanks": """
        고마워 | 고마워요 | 감사합니다 | 고맙습니다 | 아이고 고맙소 | 정말 감사해요 | 고맙네 |
        고맙데이 | 참 고마워요 | 너무 감사합니다 | 네 고마워요
    """,
    "greeting": """
        안녕 | 안녕하세요 | 여보세요 | 저기요 | 여보시오 | 안녕하십니까 | 실례합니다 | 안녕하신가 |
        거기요 | 계세요
    """,
    "goodbye": """
        끊을게요 | 안녕히 계세요 | 이만 끊겠습니다 | 수고하세요 | 끊어요 | 들어가세요 |
        네 안녕히 계세요 | 그만 끊을게요 | 이제 끊을게 | 끝 | 다 됐어요 끊을게요
    """,
    PERSON: """
        상담사 | 상담사 연결해 주세요 | 상담원 바꿔 줘 | 사람하고 얘기할래요 | 사람 바꿔 줘요 |
        직원하고 통화하고 싶어요 | 기계 말고 사람이랑 말할래 | 담당자 연결해 주세요 | 사람 좀 불러 줘 |
        직원 좀 바꿔 주이소 | 기계랑 말하기 싫어요 | 로봇 말고 사람
    """,
    "abuse": """
        야 이 씨발 | 병신아 | 지랄하네 | 개새끼야 | 꺼져 | 닥쳐 | 미친놈 | 염병하네 | 이런 썅 |
        죽여버린다 씨팔
    """,
}

NOT_SAID = {
    "confirm": """
        네거리에서 만나요 | 네 시에 가요 | 그래도 안 되네 | 예약을 바꾸려고요 | 맞은편이 어디예요 |
        좋은 약국 있나요 | 어제 | 어제요 | 그리고 | 그리하여 | 그래서요 |
        그럼 내일은 | 응급실이 어디예요 | 예쁜 소파 | 음식물 쓰레기는 언제 버려요
    """,
    "deny": """
        아니 삼백삼 호 | 아니 화요일 말고 수요일 | 싫은 건 아니고 비싸서요 | 안 하는 약국 |
        아니면 내일 | 틀린 주소가 있어요 | 틀니를 버려도 되나요 | 됐는지 봐 주세요 | 아니 근데 비 와요 |
        괜찮은 약국 있어요 |
        필요 없는 옷장을 버려요
    """,
    "enough": """
        됐는지 봐 주세요 | 괜찮은 약국 있어요 | 공기가 괜찮은가요 | 없어진 우산을 찾아요 | 약국이 없어요 |
        버스가 없나요 | 신청이 됐나요 | 필요 없는 옷장을 버려요 | 언제 되나요 | 됐으면 알려 주세요
    """,
    "dont_know": """
        길을 모르는 사람이 많아요 | 번호 몰라도 되나요 | 모르는 번호로 전화가 왔어요 |
        글쎄 소파를 버린다니까 | 기억나요 | 모래내 시장이요 | 정류장 이름을 모르겠는데 합정역 근처예요 |
        모레요 | 몰려서 못 탔어요 | 모르면 어떻게 해요
    """,
    "skip": """
        횡단보도를 건너가요 | 패스트푸드점 | 길을 넘어가면 약국이 있나요 | 생략된 번호가 뭐예요 |
        산을 넘어가면 어디예요 | 건너편 정류장 | 넘어져서 다쳤어요 | 패딩 버려요 | 이건 뭐예요 |
        그냥 걸었어요
    """,
    "cancel": """
        그만한 약국이 없네 | 취소 수수료가 있나요 | 안 할 수가 없어요 | 다 됐어요 | 예약을 하려고요 |
        그만큼 추워요 | 신청하려고요 | 관두리가 어디예요 | 이제 뭐 해요 | 아니 소파요
    """,
    "continue": """
        계속 비가 와요 | 이어폰을 버려요 | 계속 기다리는데 버스가 안 와요 | 마저역이 어디예요 |
        이어서 눈이 오나요 | 계속 추워요 | 하던 가게가 없어졌어요 | 아까 그 약국 | 네 주세요 |
        그럼 내일은
    """,
    "back": """
        뒤로 넘어졌어요 | 뒤에 있는 정류장 | 앞으로 갈게요 | 전 정류장 | 이전한 주민센터 |
        다시 알려 줘 | 뒷문이 어디예요 | 아까 말한 소파 | 뒤쪽 출구 | 한번 봐 주세요
    """,
    "start_over": """
        처음 와 봤어요 | 처음 타는 버스예요 | 처음에 말한 주소 | 시작 시간이 언제예요 | 첨 들어요 |
        처음이라 몰라요 | 첫차가 언제예요 | 다시 소파로 해 주세요 | 맨 처음 정류장 | 처음 본 약국
    """,
    "repeat": """
        다시 사십오 | 또 비가 와요 | 다시방이 뭐예요 | 뭐 버릴 때 돈 내요 | 한 번에 두 개 버려요 |
        지금 몇 도예요 | 다음 버스 | 방금 버스가 갔어요 | 또 뭐가 있어요 | 지금 여는 약국
    """,
    "slower": """
        천천히 가는 버스 | 느린 버스 | 빨래 널어도 되나 | 살살 녹는 떡 | 너무 추워요 | 빠른 길 |
        천천동이 어디예요 | 천호역 | 빨간 버스 | 버스가 너무 느려요
    """,
    "faster": """
        빨리 오는 버스 | 빠른 버스 있나요 | 빨리 와 주세요 | 빨리 가져가 주세요 | 더 빨리 가는 지하철 |
        빨리 수거해 주세요 | 빨래 | 급행 언제 와요 | 제일 빠른 날로 해 주세요 | 빨리요 급해요
    """,
    "louder": """
        구멍이 크게 났어요 | 크게 다친 건 아니에요 | 아주 크게 자란 화분을 버려요 |
        소리가 나는 세탁기를 버려요 | 작은 의자를 버려요 | 물소리가 들려요 | 소리함이 뭐예요 |
        큰 소파요 | 크기가 커요 | 계량기가 크게 깨졌어요
    """,
    "quieter": """
        옆집이 너무 시끄러워요 | 공사장이 너무 시끄러운데요 | 조용한 카페 | 작은 소파 |
        조용히 살고 싶어요 | 소리 나는 냉장고 | 밖이 시끄러워요 | 작은 화장대 | 음식을 줄여야지 |
        윗집이 너무 시끄럽게 해요
    """,
    "help": """
        도우미를 보내 주세요 | 도와주는 기관 | 버스 어떻게 타요 | 어떻게 가요 강남역 |
        소파 버리려면 어떻게 해요 | 사용 시간 | 돕는 사람 | 뭐 하는 데예요 | 도움닫기 |
        쓰레기 어떻게 버려요
    """,
    "thanks": """
        감사원이 어디예요 | 고마운 사람 | 감사 인사를 하려고요 | 참 추워요 | 정말 비 와요 |
        너무 비싸요 | 감자 박스 | 고속터미널역 | 감기약 | 진짜 추워
    """,
    "greeting": """
        안녕동이 어디예요 | 저기 있는 정류장 | 저기 소파를 버리려고요 | 거기 몇 시까지 해요 | 계세요역 |
        안녕하지 못해요 | 여보 우리 소파 버리자 | 수고비가 있나요 | 거기 말고 여기 | 누구한테 물어봐요
    """,
    "goodbye": """
        끝 정류장 | 수도가 끊어졌어요 | 막차 끊겼어요 | 전기가 끊어졌어요 | 종료역 | 안녕히 주무셨어요 |
        들어가는 문 | 이만 원이에요 | 버스가 끊겼나요 | 수고하시는데 하나만요
    """,
    PERSON: """
        사람이 말을 안 해요 | 의사 선생님이 말씀하신 약국 | 컴퓨터 말고 모니터를 버려요 |
        사람이 많아요 | 직원이 없어요 | 사람 살려 | 담당 구역이 어디예요 | 컴퓨터 말고 책상 버려요 |
        두 사람이 가요 | 선생님 집이 어디예요
    """,
    "abuse": """
        불이 꺼져 있어요 | 가로등이 꺼져 버렸어요 | 시발역이 어디예요 | 출발역 | 보일러가 꺼졌어요 |
        단수된다니 미리 받아 둬요 |
        병신년이 몇 년이에요 | 염창역 | 개나리 | 지난주 | 닥터 헬기
    """,
}


@pytest.fixture(scope="module")
def lexicon() -> CommandLexicon:
    return load_commands(CATALOGUE / "lexicon" / "acts.yaml")


def phrasings(said: str) -> list[str]:
    return [words.strip() for words in said.split("|")]


def each(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, words) for name, said in table.items() for words in phrasings(said)]


@pytest.mark.parametrize(("name", "words"), each(SAID))
def test_a_steering_word_is_heard(lexicon: CommandLexicon, name: str, words: str) -> None:
    found = lexicon.find(words)
    assert found, "nothing"
    assert found[0].name == name


@pytest.mark.parametrize(("name", "words"), each(NOT_SAID))
def test_other_words_are_not_taken_for_it(lexicon: CommandLexicon, name: str, words: str) -> None:
    assert name not in {command.name for command in lexicon.find(words)}


def test_both_tables_cover_every_entry_with_ten_phrasings(lexicon: CommandLexicon) -> None:
    known = set(lexicon._patterns)
    assert set(SAID) == known
    assert set(NOT_SAID) == known
    assert all(len(phrasings(said)) >= 10 for said in (*SAID.values(), *NOT_SAID.values()))
    assert known - {PERSON, ENOUGH} <= {kind.value for kind in ActKind}


@pytest.mark.parametrize(
    "words",
    [
        "네" * 1000,
        "해줘" * 500,
        "고마워" * 300 + "x",
        "그렇게해" * 250 + "!",
        "라요" * 12,
        "줘요" * 12 + "x",
        "뭐라고했어요" * 4,
    ]
    + [
        "취소할래께요" * 4,
        "한번더다시" * 5 + "x",
        "예" * 23 + "뷁",
        "네요" * 11 + "뷁",
        "네어됐다예" * 4 + "뷁",
        "좀" * 1000,
        "소리" * 500,
        "사람이" * 330,
        "ㅋ" * 1000,
        " " * 1000,
    ],
)
def test_matching_takes_no_time_whatever_is_repeated(lexicon: CommandLexicon, words: str) -> None:
    began = time.perf_counter()
    lexicon.find(words)
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("shout: {whole: [a]}\n", "is no act"),
        ("confirm: {all: [a]}\n", "unknown part 'all'"),
        ("confirm:\n  whole:\n    - '('\n", "is not a regular expression"),
        ("confirm: [a]\n", "no mapping"),
        ("confirm:\n", "no mapping"),
        ("confirm: {whole: a}\n", "no list"),
        ("- confirm\n", "no mapping"),
    ],
)
def test_a_wrong_lexicon_is_said_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "acts.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=why) as caught:
        load_commands(file)
    assert str(caught.value).startswith(f"{file}:")
