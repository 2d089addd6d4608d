"""Words whose pronunciation does not follow from their spelling, respelled for the general rules.

Each entry names a written piece and the same piece with the consonant that is heard: tense after ㄹ in
Sino-Korean words (표준발음법 제26항), tense in compounds (제28항), ㄴ inserted in compounds (제29항),
saisiot before 이 (제30항), ㄴ kept where ㄹ would swallow it (제20항 다만), and the few that stand alone.
"""

from __future__ import annotations

from typing import Final

_SINO_RIEUL = """
갈등 갈뜽 갈증 갈쯩 결산 결싼 결석 결썩 결정 결쩡 결제 결쩨 결식 결씩 골절 골쩔 골다공증 골다공쯩
굴절 굴쩔 달성 달썽 말단 말딴 말소 말쏘 멸종 멸쫑 몰수 몰쑤 물자 물짜 물질 물찔 물증 물쯩 밀도 밀또
밀접 밀쩝 밀집 밀찝 발달 발딸 발생 발쌩 발송 발쏭 발신 발씬 발전 발쩐 발주 발쭈 불신 불씬 불시 불씨
불순 불쑨 불소 불쏘 살수 살쑤 설득 설뜩 설정 설쩡 설사 설싸 솔직 솔찍 실적 실쩍 실습 실씁 실시 실씨
실수 실쑤 실제 실쩨 실종 실쫑 실직 실찍 실질 실찔 실상 실쌍 알선 알썬 열대 열때 열정 열쩡 월세 월쎄
월소득 월쏘득 일당 일땅 일대 일때 일등 일뜽 일단 일딴 일산 일싼 일상 일쌍 일시 일씨 일자 일짜 일정 일쩡
일제 일쩨 일조 일쪼 일주일 일쭈일 일주 일쭈 일종 일쫑 일지 일찌 일직 일찍 절단 절딴 절대 절때 절도 절또
절수 절쑤 절전 절쩐 절정 절쩡 절제 절쩨 절차 절차 질서 질써 질소 질쏘 질주 질쭈 철도 철또 철저 철쩌
철수 철쑤 철사 철싸 출동 출똥 출산 출싼 출생 출쌩 출석 출썩 출신 출씬 출장 출짱 출전 출쩐 출제 출쩨
칠십 칠씹 칠조 칠쪼 탈수 탈쑤 탈진 탈찐 탈선 탈썬 탈세 탈쎄 팔십 팔씹 팔조 팔쪼 팔자 팔짜 필수 필쑤
필자 필짜 할당 할땅 할증 할쯩 혈당 혈땅 혈전 혈쩐 혈세 혈쎄 홀수 홀쑤 활동 활똥 활성 활썽 활주 활쭈
을지로 을찌로 별도 별또 별세 별쎄 별정 별쩡 열사병 열싸뼝 열사 열싸 열성 열썽 열중 열쭝 율동 율똥
"""
_COMPOUND_TENSE = """
갯수 개쑤 개수 개쑤 강가 강까 길가 길까 글자 글짜 눈길 눈낄 눈동자 눈똥자 들것 들껏 등불 등뿔 문법 문뻡
문자 문짜 물가 물까 물고기 물꼬기 물병 물뼝 물속 물쏙 물동이 물똥이 바닷가 바다까 발가락 발까락
발바닥 발빠닥 밤길 밤낄 빗길 빋낄 산불 산뿔 손가락 손까락 손등 손뜽 손바닥 손빠닥 술집 술찝 술잔 술짠
술병 술뼝 신바람 신빠람 아침밥 아침빱 비빔밥 비빔빱 오늘밤 오늘빰 안과 안꽈 내과 내꽈 외과 외꽈
치과 치꽈 소아과 소아꽈 피부과 피부꽈 산부인과 산부인꽈 이비인후과 이비인후꽈 정신과 정신꽈
비뇨기과 비뇨기꽈 여권 여꿘 인권 인꿘 이용권 이용꿘 승차권 승차꿘 회원권 회원꿘 상품권 상품꿘
정기권 정기꿘 입장권 입짱꿘 관람권 관람꿘 용건 용껀 조건 조껀 사건 사껀 안건 안껀 인기 인끼 성격 성껵
인격 인껵 점수 점쑤 치수 치쑤 소수점 소수쩜 장점 장쩜 단점 단쩜 문제점 문제쩜 신분증 신분쯩
면허증 면허쯩 학생증 학쌩쯩 보험증 보험쯩 보건증 보건쯩 통증 통쯩 우울증 우울쯩 불면증 불면쯩
후유증 후유쯩 염증 염쯩 빈혈증 빈혈쯩 용돈 용똔 안방 안빵 마음속 마음쏙 몸속 몸쏙 땅속 땅쏙 한자 한짜
숫자 숟짜 횟수 횓쑤 초승달 초승딸 보름달 보름딸 그믐달 그믐딸 강바람 강빠람 바람결 바람껼 잠자리 잠짜리
일자리 일짜리 술자리 술짜리 창살 창쌀 굴속 굴쏙 산골 산꼴 시골길 시골낄 전셋집 전섿찝 헌법 헌뻡
불법 불뻡 상법 상뻡 민법 민뻡 세법 세뻡 출근길 출근낄 퇴근길 퇴근낄 하굣길 하교낄 등굣길 등교낄
산길 산낄
"""
_INSERTED_N = """
십육 심뉵 백육 뱅뉵 천육 천뉵 만육 만뉵 억육 엉뉵 열여섯 열려섣 열여덟 열려덜 스물여섯 스물려섣
스물여덟 스물려덜 서른여섯 서른녀섣 서른여덟 서른녀덜 마흔여섯 마흔녀섣 마흔여덟 마흔녀덜 쉰여섯 쉰녀섣
쉰여덟 쉰녀덜 예순여섯 예순녀섣 예순여덟 예순녀덜 일흔여섯 일흔녀섣 일흔여덟 일흔녀덜 여든여섯 여든녀섣
여든여덟 여든녀덜 아흔여섯 아흔녀섣 아흔여덟 아흔녀덜 담요 담뇨 물약 물략 알약 알략 휘발유 휘발류
식용유 시굥뉴 한여름 한녀름 솜이불 솜니불 홑이불 혼니불 색연필 생년필 직행 지캥 내복약 내봉냑
두통약 두통냑 소독약 소동냑 꽃잎 꼰닙 깻잎 깬닙 나뭇잎 나문닙 솔잎 솔립 풀잎 풀립 콩잎 콩닙
집안일 지반닐 앞일 암닐 뒷일 뒨닐 옛일 옌닐 밭일 반닐 들일 들릴 눈요기 눈뇨기 맨입 맨닙 물엿 물렫
콩엿 콩녇 영업용 영엄뇽 장애인용 장애인뇽 노인용 노인뇽 여성용 여성뇽 남성용 남성뇽 관절염 관절렴
결막염 결망념 방광염 방광념 위장염 위장념 생활용품 생활룡품 위생용품 위생뇽품 정상영업 정상녕업
서울역 서울력 베갯잇 베갠닏 늑막염 능망념 남존여비 남존녀비 신여성 신녀성 막일 망닐 삯일 상닐
"""
_KEPT_N = """
의견란 의견난 임진란 임진난 생산량 생산냥 결단력 결딴녁 공권력 공꿘녁 동원령 동원녕 상견례 상견녜
횡단로 횡단노 이원론 이원논 입원료 이붠뇨 구근류 구근뉴 보관료 보관뇨 통신료 통신뇨 운전량 운전냥
판단력 판단녁 추천란 추천난 문의란 문이란 신문로 신문노 선릉로 설릉노 온라인 온나인
"""
_ALONE = """
여덟이 여덜비 여덟은 여덜븐 여덟을 여덜블 여덟 여덜 한자리 한자리 무인기계 무인기계 맛없 마덥 멋없 머덥
겉옷 거돋 헛웃음 허두슴 첫인상 처딘상 첫아이 처다이 옷안 오단 값어치 가버치 밭아래 바다래 늪앞 느밥
밟 밥 넓죽 넙쭉 넓둥 넙뚱 넓적 넙쩍 디귿이 디그시 지읒이 지으시 치읓이 치으시 키읔이 키으기
티읕이 티으시 피읖이 피으비 히읗이 히으시 닭과 닥꽈 닭도 닥또 흙과 흑꽈 흙도 흑또 안고 안꼬 남다 남따
남고 남꼬 남습 남씁 남지 남찌 넘다 넘따 넘고 넘꼬 넘습 넘씁 넘지 넘찌 넘게 넘께 감고 감꼬 심다 심따
심고 심꼬 담다 담따 담고 담꼬 신다 신따 참다 참따 숨다 숨따 읽고 일꼬 맑게 말께 맑고 말꼬 밝고 발꼬
밝게 발께 늙고 늘꼬 얽거 얼꺼 긁고 글꼬
"""


def _table(*blocks: str) -> dict[str, str]:
    words = [word for block in blocks for word in block.split()]
    return dict(zip(words[::2], words[1::2], strict=True))


RESPELLED: Final = _table(_SINO_RIEUL, _COMPOUND_TENSE, _INSERTED_N, _KEPT_N, _ALONE)
"""Written piece → respelled piece. An entry that maps to itself guards a longer word from a shorter entry."""

AT_START: Final = frozenset(word for word in _table(_COMPOUND_TENSE, _ALONE) if len(word) == 2)
"""Entries that count only at the beginning of a word: 안과 in 안과에, not in 불안과."""

_LATERAL_WORDS = """
진료 훈련 관련 권력 연료 원료 논란 분량 원리 혼란 언론 신뢰 곤란 난로 인력 전력 천리 연락 단련 편리 관리
분리 권리 심리 윤리 논리 전략 난류 한류 분류 전류 본래 근래 원래 건립 반론 분리 만료 완료 연령 신령 산림
신림 한란 찬란
"""
KEEPS_LATERAL: Final = frozenset(_LATERAL_WORDS.split())
"""Two-syllable words in which ㄴ and ㄹ meet as ㄹㄹ (제20항), against the suffixes of longer words."""

_UI_WORDS = """
회의 주의 동의 문의 합의 논의 심의 건의 결의 예의 정의 의의 강의 거의 편의 유의 창의 경의 호의 고의 본의
상의 하의 협의 명의 민의 성의 신의 실의 악의 열의 임의 자의 제의 질의 토의 한의 합의 항의 전의 사의 발의
수의 숙의
"""
UI_NOUNS: Final = frozenset(_UI_WORDS.split())
"""Nouns that end in 의, so that their last syllable is not the particle 의."""

INSERTS_N: Final = ("연금", "요금", "여행", "열차", "연락", "약국", "요양", "유치원", "윤리", "이불", "연극")
"""Second parts of compounds that take ㄴ after a closed syllable (제29항)."""

_STATIONLESS_WORDS = """
광역 통역 번역 면역 병역 용역 방역 검역 권역 전역 음역 영역 악역 성역 한역 중역 현역 반역 당역
"""
NO_STATION: Final = frozenset(_STATIONLESS_WORDS.split())
"""Words that end in 역 without being stations."""
