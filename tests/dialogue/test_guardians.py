"""The wish that somebody may see along, in the dialogue alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.dialogue.harness import CATALOGUE, STATES, Talk, at_guardian, at_guardian_over_slot

from donghaeng.city.guardians import GuardianRules, load_guardian_rules
from donghaeng.dialogue.effects import GuardianOutcome, GuardianRequest, Guarding, Outcome
from donghaeng.dialogue.guardians import SCRIPT
from donghaeng.errors import CatalogueError
from donghaeng.understanding.acts import Act, ActKind
from donghaeng.understanding.calibration import FoundBy

LET = "우리 딸도 볼 수 있게 해 줘"
SCRIPTS = {
    "guardian/1": "싫으시면 안 하셔도 되고, '그만 보게 해 줘' 하시면 바로 끝나요. "
    "일이 잘 되는지 함께 살피시게, 하신 말씀과 주소, 전화번호는 빼고 "
    "접수번호와 무슨 신청인지, 어떻게 됐는지, 날짜만 1년 동안 따님이 보시게 할까요?"
}
"""What each version of the consent says. Other words need another version, which the records then tell."""
RULES = load_guardian_rules(CATALOGUE / "lexicon" / "guardians.yaml")


def wished(talk: Talk) -> list[Guarding]:
    return [one.wish for one in talk.effects if isinstance(one, GuardianRequest)]


def test_the_question_tells_all_that_the_law_wants_and_its_version_stands_for_its_words() -> None:
    talk = at_guardian()
    assert talk.draft.show == SCRIPTS[SCRIPT]
    assert talk.draft.card is not None
    assert [row["say"] for row in talk.draft.card["rows"]] == ["네, 보게 해 줘요", "아니요"]
    talk.does(Act(ActKind.CONFIRM, 0.98), heard="응 그렇게 해")
    (wish,) = talk.effects
    assert wish == GuardianRequest(Guarding.ALLOW, "따님", SCRIPT, SCRIPTS[SCRIPT], "응 그렇게 해")
    assert talk.draft.show.count("01-23-45") == 2
    assert talk.draft.expects == "open"


def test_the_wish_said_again_is_a_yes_and_for_somebody_else_another_question() -> None:
    talk = at_guardian()
    talk.does(Act(ActKind.LET_SEE), heard="아들도 볼 수 있게 해 줘")
    assert (wished(talk), talk.state.guardian_asked) == ([], "아드님")
    talk.does(Act(ActKind.LET_SEE), heard="우리 아들도 보여 줘")
    assert wished(talk) == [Guarding.ALLOW]


@pytest.mark.parametrize(
    "act", [Act(ActKind.CONFIRM, 0.6), Act(ActKind.CONFIRM, 0.95, found_by=FoundBy.LEARNT)]
)
def test_a_yes_that_is_not_sure_lets_nobody_see(act: Act) -> None:
    talk = at_guardian()
    talk.does(act)
    assert wished(talk) == []
    assert "'네' 또는 '아니요'" in talk.draft.show
    assert talk.draft.expects == "choice"


def test_words_that_are_neither_lead_to_a_person_and_nobody_sees() -> None:
    talk = at_guardian()
    for expected in ("'네' 또는 '아니요'", "접수번호", "상담사"):
        talk.says(ActKind.UNCLEAR)
        assert wished(talk) == []
        assert expected in talk.draft.show
    assert talk.state.guardian_asked is None


@pytest.mark.parametrize(
    "kind", [ActKind.CANCEL, ActKind.THANKS, ActKind.FORGET, ActKind.START_OVER, ActKind.HELP]
)
def test_whatever_else_is_said_the_question_lapses(kind: ActKind) -> None:
    talk = at_guardian()
    talk.says(kind)
    assert talk.state.guardian_asked is None
    talk.does(Act(ActKind.CONFIRM, 0.98))
    assert wished(talk) == []


def test_after_it_the_open_question_comes_again() -> None:
    for answer in (ActKind.CONFIRM, ActKind.DENY):
        talk = at_guardian_over_slot()
        talk.says(answer)
        assert (talk.draft.asks, talk.draft.expects) == ("address", "slot")


@pytest.mark.parametrize("state", STATES)
def test_it_can_be_taken_back_in_any_state_without_a_question(state: str) -> None:
    talk = STATES[state]()
    talk.does(Act(ActKind.STOP_SEEING), heard="딸 그만 보게 해 줘")
    assert wished(talk) == [Guarding.STOP]
    assert "따님은 이제 보실 수 없어요" in talk.draft.show


def test_where_nothing_could_be_kept_nobody_is_told_a_number() -> None:
    def fails(effect: object) -> Outcome:
        assert isinstance(effect, GuardianRequest)
        return GuardianOutcome(effect.wish, effect.who)

    talk = Talk(answering=fails)
    talk.does(Act(ActKind.LET_SEE), heard=LET)
    talk.does(Act(ActKind.CONFIRM, 0.98))
    assert "그렇게 해 드리지 못해요" in talk.draft.show


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("우리 큰딸도 보게 해 줘", "따님"),
        ("며늘아기도 보여 주이소", "며느님"),
        ("손녀딸도 볼 수 있게", "손주분"),
        ("생활지원사 선생님도", "생활지원사님"),
        ("사회 복지사도 보게", "사회복지사님"),
        ("요양보호사한테도 보여 줘", "요양보호사님"),
        ("영감도 봐도 돼", "남편분"),
        ("그만 보게 해 줘", None),
    ],
)
def test_who_is_meant_is_heard(words: str, who: str | None) -> None:
    assert RULES.named(words) == who


def test_a_wrong_file_is_said_with_its_line_and_none_is_needed(tmp_path: Path) -> None:
    file = tmp_path / "guardians.yaml"
    assert load_guardian_rules(file) == GuardianRules()
    for wrong in ("months: 0\n", "code_minutes: 600\n", "relations: [{says: 따님}]\n", "x: 1\n"):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(CatalogueError):
            load_guardian_rules(file)
