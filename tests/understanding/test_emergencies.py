"""Emergencies: told in many ways, and not heard in words that only sound like one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.dialogue.harness import emergencies
from tests.understanding.scene import cheap, context, understood

from donghaeng.city.emergencies import load_emergencies
from donghaeng.errors import CatalogueError
from donghaeng.understanding.acts import ActKind
from donghaeng.understanding.emergencies import EmergencyFinder

TOLD = {
    "medical": [
        "아이고 우리 영감이 쓰러졌어요",
        "숨을 못 쉬겠어요",
        "숨이 막혀요 도와주세요",
        "가슴이 너무 아파서 움직이질 못하겠어요",
        "할머니가 의식이 없어요",
        "남편이 정신을 잃었어요",
        "피가 안 멈춰요",
        "떡이 목에 걸렸어요",
        "한쪽 팔에 힘이 안 들어가고 말이 어눌해요",
        "구급차 좀 불러 주세요",
        "일일구 불러 줘요",
        "농약을 잘못 마셨어요",
        "심장이 멎은 것 같아요",
        "뇌졸중인 것 같아요",
        "할머니가 넘어져서 못 일어나요",
        "가슴이 조여 와요 숨도 차고",
        "영감이 말을 어버버하고 입이 돌아갔어요",
        "불러도 대답이 없고 안 일어나요",
        "얼굴이 한쪽으로 처졌어요",
        "사람이 물에 빠졌어요",
        "제초제를 마셨어요",
    ],
    "fire": [
        "불이 났어요",
        "집에 불났어요",
        "옆집에 불이 붙었어요",
        "부엌에서 연기가 자꾸 나요",
        "화재 신고요",
        "집이 타고 있어요",
        "연기가 꽉 찼어요",
        "가스레인지에서 불이 번져요",
        "불이야 불이 났당께",
        "불이야 불",
        "냄비가 타서 연기가 꽉 찼어요",
        "베란다가 홀랑 타고 있어요",
        "소방차 좀 불러 주세요",
    ],
    "gas": [
        "가스 냄새가 나요",
        "가스가 새는 것 같아요",
        "집에서 가스가 샌다",
        "가스가 누출됐어요",
        "부엌에 가스 냄새가 심해요",
        "가스레인지에서 가스가 새요",
        "가스가 자꾸 새고 있어요",
        "가스 누출 신고하려고요",
        "부엌에서 까스 냄새가 나요",
        "달걀 썩는 냄새가 나요",
        "가스 경보기가 울려요",
    ],
    "crime": [
        "도둑이 들었어요",
        "강도가 들었어요",
        "누가 칼을 들고 위협해요",
        "경찰 좀 불러 주세요",
        "누가 문을 자꾸 두드려요",
        "누가 집에 들어왔어요",
        "일일이 신고해 주세요",
        "저를 죽이겠다고 해요",
        "어떤 남자가 몰래 따라와요",
        "칼 든 사람이 돌아다녀요",
        "소매치기당했어요",
        "누가 문을 부수고 들어올라 해요",
    ],
    "abuse": [
        "아들이 자꾸 때려요",
        "며느리가 밥을 안 주고 굶겨요",
        "남편한테 맞았어요",
        "요양보호사가 때렸어요",
        "학대를 당하고 있어요",
        "자식들이 돈을 뺏어가요",
        "영감이 나를 때려",
        "딸이 나를 방에 가둬요",
        "며느리가 밥을 안 줘",
        "남편이 술만 먹으면 주먹질을 해요",
        "옆집 아이가 매일 맞고 우는 소리가 들려요",
    ],
    "suicide": [
        "죽고 싶어요",
        "더는 살기 싫어요",
        "그냥 죽어 버리고 싶다",
        "자살하고 싶어요",
        "살고 싶지 않아요",
        "사는 게 의미가 없어요",
        "목숨을 끊으려고요",
        "차라리 죽는 게 낫겠어",
        "뛰어내리고 싶어요",
        "그만 살고 싶어요",
        "살아서 뭐 하나 싶어요",
        "아들이 유서를 써 놓고 나갔어요",
    ],
    "phishing": [
        "검찰이라면서 안전계좌로 돈을 옮기래요",
        "카드사라는데 내가 만들지도 않은 카드가 나왔다고, 휴대전화에 무슨 앱을 깔고 통장 번호를 대라네요",
        "경찰이라면서 통장 비밀번호를 대라고 해요",
        "은행이라는데 앱을 깔라고 해서요",
        "우체국이라면서 카드가 나왔다고 비밀번호를 알려 달래요",
        "아들이 사고가 났다고 돈을 보내라네요",
        "손주 휴대폰 액정이 깨졌다고 돈을 부치래",
        "상품권 사서 번호를 보내 달래요",
        "보이스피싱 당한 것 같아요",
        "금감원 직원이 송금하라고 전화가 왔어요",
        "검사라는 사람이 내 통장이 범죄에 쓰였다네",
        "아들이라면서 돈을 보내라네",
        "검찰이라면서 통장을 봐야 한다고 해요",
        "문자로 온 주소를 눌렀는데 이상해요",
        "시키는 대로 앱을 깔았는데 돈이 빠져나갔어요",
        "돈을 안 부치면 아들을 죽인다고 해요",
    ],
}

NOT_TOLD = [
    "가스 요금이 얼마예요",
    "가스비가 왜 이렇게 많이 나왔나요",
    "가스 검침은 언제 와요",
    "가스레인지 새 걸로 바꿔서 헌 거 버리려고요",
    "가스레인지를 버리려고 해요",
    "불 좀 꺼 줘",
    "불이 안 켜져요",
    "가로등 불이 나갔어요",
    "이불이나 요를 버리고 싶어요",
    "이불 타는 데가 어디예요",
    "소방서 어디예요",
    "경찰서가 어디 있어요",
    "심장충격기 어디 있어요",
    "제세동기 있는 데 알려 주세요",
    "죽 사려는데 가게가 어디예요",
    "심심해 죽겠네",
    "배고파 죽겠어",
    "더워 죽겠어요",
    "약국 몇 시까지 해요",
    "약을 사러 가야 해요",
    "자살 예방 센터 위치가 어디예요",
    "보이스피싱 예방 교육 있나요",
    "우체국에서 통장 만들려면 뭐가 필요해요",
    "은행 통장을 잃어버렸어요",
    "은행에 돈을 찾으러 가는데 버스 언제 와요",
    "은행 대출 이자가 얼마예요",
    "법원 가는 버스 언제 와요",
    "경찰병원 가는 버스 있나요",
    "모기를 죽이려면 약국에서 뭘 사요",
    "나무가 쓰러져서 길을 막았어요",
    "자전거가 쓰러져 있어요",
    "딸이 사고 싶다는 소파가 있어요",
    "아들 카드 만들어 주려고요",
    "숨쉬기에 공기가 괜찮은지 알려 줘",
    "칼국수 집이 어디예요",
    "연기 학원이 어디예요",
    "피가 모자란다는데 헌혈하는 데가 어디예요",
    "도서관에서 앱을 깔면 책을 볼 수 있나요",
    "스마트폰에 앱 까는 거 배우고 싶어요",
    "새로 산 가스보일러 때문에 헌 난로를 버려요",
    "가슴이 아픈데 내과 예약돼요",
    "카드 번호를 어디에 적어요",
    "일일이 말하기 귀찮아요",
    "이불에서 냄새가 나요",
    "119 안전센터 주소 알려 줘요",
    "혼자 살다 무슨 일이 날까 봐 겁이 나요",
    "주식에 투자해서 돈을 벌었어요",
    "사유서를 내야 해요",
    "책상 다리가 부러져서 버리려고요",
    "소화기는 어디에 버려요",
    "화재 보험 들어야 하나요",
    "가스 점검은 언제 와요",
    "심폐소생술 교육 어디서 해요",
    "누가 집에 와서 밥 좀 차려 줬으면 좋겠어요",
    "누가 골목에 쓰레기를 몰래 버려요",
    "어머니 기초연금을 신청하려고요",
    "가습기 절대 끄지 마",
    "예약해 놓고 싶어요",
    "응급실 위치 좀 알려 줘요",
    "뇌졸중을 앓고부터 걸음을 못 걸어요",
    "보이스피싱 예방 강의 듣고 싶어요",
    "경로 카드 비밀번호를 바꾸고 싶어요",
]


@pytest.fixture(scope="module")
def finder() -> EmergencyFinder:
    return EmergencyFinder(emergencies())


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, told in TOLD.items() for words in told])
def test_an_emergency_is_heard(finder: EmergencyFinder, kind: str, words: str) -> None:
    assert finder.find(words) == kind


@pytest.mark.parametrize("words", NOT_TOLD)
def test_other_words_are_no_emergency(finder: EmergencyFinder, words: str) -> None:
    assert finder.find(words) is None


def test_every_kind_is_told_in_many_ways() -> None:
    assert set(TOLD) == set(emergencies())
    assert all(len(told) >= 8 for told in TOLD.values())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- fire\n", "holds no emergencies"),
        ("fire: {name: 화재}\n", "Field required"),
        ("fire: 1\n", "valid dictionary"),
        (
            "fire:\n  name: 화재\n  number: '119'\n  verified: true\n  reply: 나가세요\n  source: 소방청\n"
            "  patterns: ['(']\n  examples: [가, 나, 다, 라, 마, 바, 사, 아]\n",
            "not a regular expression",
        ),
    ],
)
def test_a_wrong_table_is_said_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "emergencies.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=why) as caught:
        load_emergencies(file)
    assert str(caught.value).startswith(f"{file}:")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("우리 할멈이 말을 못 하고 입이 한쪽으로 돌아갔어요", "medical"),
        ("부엌에서 불길이 막 올라와요 어떡해요", "fire"),
        ("검사라는 사람이 전화해서 내 통장이 범죄에 쓰였다는데요", "phishing"),
        ("아들이 술만 마시면 손찌검을 해서 무서워요", "abuse"),
    ],
)
def test_an_emergency_in_words_that_no_pattern_lists_is_learnt(words: str, kind: str) -> None:
    act = cheap().understand(words, context())[0]
    assert (act.kind, act.detail) == (ActKind.EMERGENCY, kind)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("응급실 가야 해요 남편이 의식이 없어요", "medical"),
        ("응급실이 어디 있어요 남편이 의식이 없어요", "medical"),
        ("추워서 쉼터 찾는데 사람이 쓰러져 있어요", "medical"),
        ("문 연 약국이요 아이가 약을 한꺼번에 먹었어요", "medical"),
        ("주차장에 사람이 깔렸어요", "medical"),
        ("치매 검사 받으러 갔다가 쓰러지셨어요", "medical"),
        ("자전거가 넘어졌는데 사람이 깔렸어요", "medical"),
        ("안심 귀가 부탁해요 누가 문을 따고 들어와요", "crime"),
        ("따릉이 타다가 넘어져서 피가 많이 나요", "medical"),
    ],
)
def test_calm_words_and_a_service_beside_it_take_no_emergency_back(words: str, kind: str) -> None:
    act = understood(words)
    assert (act.kind, act.detail) == (ActKind.EMERGENCY, kind)


@pytest.mark.parametrize(
    "words",
    [
        "혼자 살아서 쓰러지면 아무도 몰라요 날마다 전화 좀 해 줘요",
        "밤에 쓰러질까 봐 걱정돼서 안부 전화 받고 싶어요",
    ],
)
def test_what_has_not_happened_is_no_emergency(words: str) -> None:
    assert understood(words).kind is not ActKind.EMERGENCY
