"""JUnit XML: by hand, against what readers of it take, and of a class."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from grader import cli
from grader.records import CaseResult
from grader.report import junit

WRONG = CaseResult(
    case="test_three_cells", rubric="span", idea="Three cells from cell 2.", visibility="public",
    outcome="wrong", score=0.0, max_score=1.0, sentence="end 1: expected 5, got 4", seconds=0.25,
)  # fmt: skip
RIGHT = replace(WRONG, case="test_twice", rubric="scale", outcome="correct", sentence="", seconds=0.5)

#: The common schema: element -> (its attributes, those that must be there, its children).
COUNTS = {"tests", "failures", "errors", "skipped", "time"}
SCHEMA = {
    "testsuites": ({"name", *COUNTS}, set(), {"testsuite"}),
    "testsuite": ({"name", *COUNTS}, {"name", "tests"}, {"testcase"}),
    "testcase": ({"name", "classname", "time"}, {"name"}, {"failure", "error", "skipped"}),
    "failure": ({"message", "type"}, set(), set()),
    "error": ({"message", "type"}, set(), set()),
    "skipped": ({"message"}, set(), set()),
}


def read(path):
    """The root of a file that keeps the schema, and whose counts are those of its test cases."""
    root = ElementTree.parse(path).getroot()
    assert root.tag == "testsuites"
    for element in root.iter():
        known, needed, children = SCHEMA[element.tag]
        assert needed <= set(element.attrib) <= known, element.tag
        assert {child.tag for child in element} <= children
        assert len(element) <= 1 or element.tag.startswith("testsuite")
    for element in (root, *root.iter("testsuite")):
        found = [case[0].tag for case in element.iter("testcase") if len(case)]
        assert int(element.get("tests")) == len(list(element.iter("testcase")))
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.get(count)) == found.count(tag)
    return root


def test_one_right_and_one_wrong_by_hand(tmp_path):
    assert junit.write_check([RIGHT, WRONG], "toy", tmp_path / "j.xml").read_text() == """\
<?xml version='1.0' encoding='utf-8'?>
<testsuites name="toy" tests="2" failures="1" errors="0" skipped="0" time="0.750">
  <testsuite name="scale" tests="1" failures="0" errors="0" skipped="0" time="0.500">
    <testcase name="test_twice" classname="toy.scale" time="0.500" />
  </testsuite>
  <testsuite name="span" tests="1" failures="1" errors="0" skipped="0" time="0.250">
    <testcase name="test_three_cells" classname="toy.span" time="0.250">
      <failure message="end 1: expected 5, got 4" type="wrong">Three cells from cell 2.

end 1: expected 5, got 4</failure>
    </testcase>
  </testsuite>
</testsuites>
"""


@pytest.mark.parametrize(
    ("outcome", "element"),
    [("wrong", "failure"), ("timeout", "failure"), ("skipped", "skipped"), ("internal_error", "error")],
)
def test_outcomes(outcome, element, tmp_path):
    root = read(junit.write_check([replace(WRONG, outcome=outcome)], "toy", tmp_path / "j.xml"))
    assert [found.tag for found in root.find("testsuite/testcase")] == [element]


def test_what_xml_cannot_hold(tmp_path):
    every = "".join(map(chr, (*range(0x20), 0x7F, 0x85, 0x2028, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x1F600)))
    text = f"]]> &<>\"' {every}"
    case = replace(WRONG, sentence=text, traceback=text, idea=text, case=text, rubric=text)
    root = read(junit.write_check([case], text, tmp_path / "j.xml"))
    found = root.find("testsuite/testcase/failure")
    for shown in (found.text, found.get("message"), root.get("name")):
        assert shown.startswith("]]> &<>\"' ")
        assert shown.rstrip().endswith("\U0001f600")
        assert not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]", shown)


def test_a_class(toy, rung, hand_in, right, tmp_path):
    """One suite a student and item; of a refused submission one case an item, which says why."""
    from grader import pipeline

    class Read:
        def __init__(self, submission):
            self.read = lambda: submission

    refused = replace(hand_in("", "bo"), source=None, refusal="no notebook and no module")
    handed_in = [Read(hand_in(right)), Read(refused)]
    result = pipeline.grade_class(pipeline.Plan(toy, rung, 7), handed_in)
    root = read(junit.write(result, tmp_path / "j.xml"))
    names = [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root]
    assert names == [
        ("ada: Scale", "3", "0"), ("ada: Span", "2", "0"), ("bo: Scale", "1", "1"), ("bo: Span", "1", "1"),
    ]  # fmt: skip
    assert root[2].find("testcase/failure").get("message") == "no notebook and no module"


def test_roikit_grade_writes_it(rung, right, tmp_path, capsys):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ada.py").write_text(right)
    toy = "tests/grader/data/toy"
    words = ["grade", toy, str(tmp_path / "class"), "--output", str(tmp_path / "out"), "--no-gradebook"]
    sandbox = "auto" if rung.is_full else "reduced"
    assert cli.main([*words, "--sandbox", sandbox, "--junit", str(tmp_path / "j.xml")]) == 0
    assert read(tmp_path / "j.xml").get("tests") == "5"
    assert f"JUnit XML: {tmp_path / 'j.xml'}" in capsys.readouterr().out
