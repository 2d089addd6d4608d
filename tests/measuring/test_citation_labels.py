"""The labels of spoken statements name passages that are there, and sentences that stand in them."""

from pathlib import Path

from ruamel.yaml import YAML

from donghaeng.knowledge.loading import load_passages
from donghaeng.knowledge.passages import sentences

ROOT = Path(__file__).resolve().parents[2]
LABELS = YAML(typ="safe").load((ROOT / "bench" / "citations_unseen.yaml").read_text(encoding="utf-8"))
PASSAGES = {passage.id: passage for passage in load_passages(ROOT / "catalogue" / "knowledge")}


def test_what_is_labelled_as_spoken_from_the_catalogue_is_a_sentence_of_its_passage() -> None:
    for case in LABELS["catalogue"]:
        passage = PASSAGES[case["passage"]]
        said = [*sentences(passage.body), *sentences(passage.spoken)]
        assert [one for one in case["supported"] if one not in said] == [], case["question"]


def test_two_hundred_spoken_statements_are_labelled_and_those_denied_are_among_them() -> None:
    spoken = sum(len(case["supported"]) for case in LABELS["catalogue"])
    spoken += sum(len(case["spoken"]) for case in LABELS["welfare"])

    assert spoken == 200
    for kind in ("welfare", "welfare_leaning"):
        assert all(set(case["unsupported"]) <= set(case["spoken"]) for case in LABELS[kind])
    assert all(case["passage"] in PASSAGES for case in LABELS["reworded"])
