"""Every field is classified, what a classification points at is there, and the page says so."""

import os

import pytest

import page
import sources
from classified import ORDER, Answer, Resource, resources

ANSWERS = [pytest.param(resource, answer, id=f"{resource.file}-{answer.name}") for resource in resources() for answer in resource.answers]


@pytest.mark.parametrize(("resource", "answer"), ANSWERS)
def test_every_field_of_the_api_model_is_classified_once(resource: Resource, answer: Answer):
    known, where = page.known(answer), f"tests/fidelity/resources/{resource.file}.yaml, {answer.name}"
    classified = [field for row in answer.rows for field in page.fields_of(answer, row)]
    missing = [field for field in known if field not in classified]
    assert not missing, "\n".join([f"{where}: new in the API model; add to the row that is true of it:", *(f'- "{field}"' for field in missing)])
    gone = [field for field in classified if field not in known]
    assert not gone, f"{where}: no longer in the API model; take out: {gone}"
    twice = sorted({field for field in classified if classified.count(field) > 1})
    assert not twice, f"{where}: classified twice: {twice}"


def test_every_file_has_its_place_on_the_page():
    assert sorted(ORDER) == sorted(path.stem for path in (page.HERE / "resources").glob("*.yaml"))


def test_what_a_classification_points_at_is_there():
    rows = [(resource.file, row) for resource in resources() for answer in resource.answers for row in answer.rows]
    pointers = [(file, "by", each) for file, row in rows for each in row.by]
    pointers += [(file, "proof", each) for file, row in rows for each in row.proof]
    pointers += [(file, "rule", each) for file, row in rows for each in row.rule]
    pointers += [("identity", kind, each) for entry in page.identity() for kind in ("by", "proof", "rule") for each in entry.get(kind, ())]
    there = {"by": sources.has_field, "proof": sources.has_test, "rule": sources.has_rule}
    assert [pointer for pointer in pointers if not there[pointer[1]](pointer[2])] == []


def test_each_thing_that_hangs_on_the_identity_says_what_its_fate_needs():
    needs = {"re-wired": {"by", "proof"}, "refused": {"rule"}, "not seen": set()}
    for entry in page.identity():
        assert set(entry) == {"thing", "fate", "how"} | needs[entry["fate"]], entry["thing"]


def test_each_identity_has_a_class_in_each_place_where_it_may_be_written():
    said = page.written()
    cells = {f"{identity} {place}" for identity in said["identities"] for place in said["places"]}
    assert set(said["cells"]) == cells, f"unclassified or unknown: {sorted(set(said['cells']) ^ cells)}"
    needs = {"restored": {"proof"}, "repointed": {"proof"}, "told": {"proof"}, "refused": {"rule"}, "lost": {"why"}, "none": {"why"}}
    for name, cell in said["cells"].items():
        assert needs[cell["fate"]] <= set(cell) <= {"fate", "proof", "rule", "why"}, name
    pointers = [("proof", cell["proof"]) for cell in said["cells"].values() if "proof" in cell]
    pointers += [("rule", cell["rule"]) for cell in said["cells"].values() if "rule" in cell]
    there = {"proof": sources.has_test, "rule": sources.has_rule}
    assert [pointer for pointer in pointers if not there[pointer[0]](pointer[1])] == []


def test_shapes_that_are_told_elsewhere_are_told():
    named = {row.shape for resource in resources() for answer in resource.answers for row in answer.rows if row.fate == "as"}
    assert named == set(page.shared_shapes())


def test_the_page_says_what_is_classified():
    text = page.text()
    if os.environ.get("UPDATE_EXPECT"):
        page.PAGE.write_text(text)
    assert page.PAGE.is_file() and page.PAGE.read_text() == text, "UPDATE_EXPECT=1 tests/fidelity/check writes docs/fidelity.md anew"


@pytest.mark.parametrize(
    ("pointer", "there"),
    [
        ("LoadBalancer.scheme", True),
        ("LoadBalancer.shape", False),
        ("RuleAction::Redirect.port", True),
        ("RuleAction::Redirect.arn", False),
        ("RuleAction::Repeat.port", False),
        ("Unknown.scheme", False),
    ],
)
def test_fields_of_the_model_are_looked_for_where_they_belong(pointer: str, there: bool):
    assert sources.has_field(pointer) is there


def test_a_missing_test_or_rule_is_noticed():
    assert sources.has_test("tests/fidelity/test_fidelity.py::test_a_missing_test_or_rule_is_noticed")
    assert not sources.has_test("tests/cycle.rs::cycle"), "a function that is no test proves nothing"
    assert not sources.has_test("tests/no_such_file.rs::durable_comes_back_as_it_was")
    assert not sources.has_rule("shared/src/aws/records.rs: is green")
    assert not sources.has_rule("shared/src/aws/records.rs: ")


def test_a_row_that_has_all_below_a_name_is_told_shortly():
    known = ("A.B.c", "A.B.d", "A.e", "F.g")
    assert page.shortened(("A.B.c", "A.B.d", "F.g"), known) == ["A.B.*", "F.g"]
    assert page.shortened(("A.B.c", "A.B.d", "A.e"), known) == ["A.*"]
