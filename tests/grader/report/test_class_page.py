"""The class page by item: mean, discrimination, outcomes; the slowest; and on top who is not graded."""

import re
from dataclasses import replace

import pytest

from grader.records import Submission
from grader.report import html
from grader.report.summary import FEWEST, not_graded, refused, summarize
from grader.score import without_cases

NO = ("wrong", "no")
#: The cases of the items that are worth 3, 4 and 3 points.
QUANTIZE = dict.fromkeys(("test_scale", "test_floor", "test_random"), NO)
BINS = dict.fromkeys(("test_five", "test_disjoint", "test_cover"), NO)
OVERLAP = {"test_overlap": NO}


def text_of(page):
    source = re.sub(r"<style>.*?</style>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", source).split())


def row_of(page, title):
    """The row of an item, as text."""
    rows = page.read_text(encoding="utf-8").split('class="items"')[1].split("</table>")[0].split("<tr>")
    row = next(row for row in rows if title in row)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


@pytest.fixture
def page(make_class, tmp_path):
    """Students with these failures -> the class page."""
    return lambda students, **changes: html.write(make_class(students, **changes), tmp_path)


# ------------------------------------------------------------------ discrimination
def test_the_correlation_of_an_item_with_the_rest(make_class):
    """Worked by hand, of "Quantize the RoI" (3 points) and what the others give together (17 at most).

    Five have everything, five fail both items: (3, 17) and (0, 13) lie on a line: correlation 1. Where two
    of the first five fail the bins and two of the others do not, the means are 1.5 and 15, all deviations are
    1.5 and 2, six products are +3 and four are -3: 6 / (10 · 3) = 0.2.
    """
    both = {**QUANTIZE, **BINS}
    students = {f"s{k}": {} if k < 5 else both for k in range(10)}
    assert summarize(make_class(students)).items[0].discrimination == pytest.approx(1)

    students |= {"s0": BINS, "s1": BINS, "s5": QUANTIZE, "s6": QUANTIZE}
    assert summarize(make_class(students)).items[0].discrimination == pytest.approx(0.2)


def test_an_item_that_the_weak_have_and_the_strong_have_not(make_class, page):
    students = {f"s{k}": OVERLAP if k < 5 else {**QUANTIZE, **BINS} for k in range(10)}
    assert summarize(make_class(students)).items[3].discrimination == pytest.approx(-1)
    assert row_of(page(students), "The two other conventions").startswith(
        "The two other conventions Mean 1.5 / 3 Discrimination −1.00"
    )


@pytest.mark.parametrize(
    "students",
    [
        {f"s{k}": QUANTIZE if k % 2 else {} for k in range(FEWEST - 1)},  # few
        {f"s{k}": QUANTIZE if k % 2 else {} for k in range(FEWEST)},  # the rest is the same for all
        {f"s{k}": BINS if k % 2 else {} for k in range(FEWEST)},  # the item is
    ],
)
def test_where_a_correlation_says_nothing_there_is_none(students, make_class, page):
    assert summarize(make_class(students)).items[0].discrimination is None
    assert "Discrimination –" in row_of(page(students), "Quantize the RoI")


def test_who_is_not_graded_counts_nowhere(make_class):
    """Nine students and one without a score are nine."""
    students = {f"s{k}": {**QUANTIZE, **BINS} if k % 2 else {} for k in range(FEWEST)}
    assert summarize(make_class(students)).items[0].discrimination == pytest.approx(1)
    students["s0"] = {"test_overlap": ("internal_error", "not graded: ours")}
    assert summarize(make_class(students)).items[0].discrimination is None


def test_the_page_says_what_discrimination_is(page):
    text = text_of(page({"ada": {}}))
    assert "Discrimination is the correlation of the points for an item with the points for all other" in text
    assert f"“–”: fewer than {FEWEST} graded students" in text


# ------------------------------------------------------------------ outcomes
def test_outcomes_by_item_in_numbers_signs_and_words(page):
    """Of five: two right, one with the public case alone wrong, one wrong, one too slow."""
    students = {
        "a": {}, "b": {}, "c": {"test_floor": NO}, "d": QUANTIZE,
        "e": dict.fromkeys(QUANTIZE, ("timeout", "too slow")),
    }  # fmt: skip
    index = page(students)
    assert "✓ correct 2 ◐ partly 1 ✗ wrong 1 T time limit 1" in row_of(index, "Quantize the RoI")
    assert "✓ correct 5" in row_of(index, "Pool every bin")
    assert 'style="flex: 2 0 0" title="correct: 2"' in index.read_text(encoding="utf-8")


# ------------------------------------------------------------------ slow, and not graded
def test_the_slowest(make_class, tmp_path):
    """Seconds 1 to 7 and one who was refused: the five slowest, the median of seven."""
    result = make_class({f"s{k}": {} for k in range(8)})
    timed = [replace(one, seconds=float(k)) for k, one in enumerate(result.submissions)]
    result = replace(result, submissions=tuple(timed))
    numbers = summarize(result)
    assert [slow.place for slow in numbers.slowest] == [7, 6, 5, 4, 3]
    assert numbers.seconds == 4
    text = text_of(html.write(result, tmp_path))
    assert "s7 7.00 The box is scaled before it is rounded. test_scale, 0.00 s, correct" in text
    assert "Half of the submissions took less than 4.00 s." in text


def test_not_graded_stands_on_top_with_what_to_do(make_class, page):
    ours = ("internal_error", "not graded: test_hidden.py:12: ValueError in the test: <b>scale</b>")
    students = {"ada": {}, "bob": {"test_random": ours}, "cy": {"test_random": ours}}
    assert not_graded(make_class(students)) == ((ours[1].partition(": ")[2], (1, 2)),)
    text = text_of(page(students))
    told = (
        "Not graded: 2 of 3 These have no score, and no zero: the grader failed here, not the student. Mend "
        "what the sentence names, then run the same roikit grade again: it grades what is not graded yet."
    )
    assert told in text
    assert "2 test_hidden.py:12: ValueError in the test: &lt;b&gt;scale&lt;/b&gt; bob , cy" in text
    assert text.index("Not graded:") < text.index("Scores") < text.index("By item")
    assert "Not graded:" not in text_of(page({"ada": {}}))


def test_a_refused_hand_in_is_said_once(make_class, tmp_path):
    """Not with every item: there it would hide what was found in the work of others."""
    result = make_class({"ada": {"test_overlap": NO}, "eve": {}})
    handed_in = Submission("eve", "eve", None, "no <b>notebook</b> was handed in")
    empty = without_cases(result.assignment, handed_in, "refused", handed_in.refusal)
    result = replace(result, submissions=(result.submissions[0], empty))
    assert refused(result) == (("no <b>notebook</b> was handed in", (1,)),)
    assert not_graded(result) == ()
    assert [[said.text for said in item.said] for item in summarize(result).items] == [[], [], [], ["no"]]
    text = text_of(html.write(result, tmp_path))
    assert text.count("no &lt;b&gt;notebook&lt;/b&gt; was handed in") == 1
    assert "Nothing to run: a score of 0 1 no" in text
    assert "Nothing to run" not in text_of(html.write(make_class({"ada": {}}), tmp_path))


# ------------------------------------------------------------------ a large, hostile class
def test_three_hundred_with_hostile_names(make_class, page):
    names = ("<script>alert(1)</script>", "\u202eevil\x1b[31m", "[bold]x[/]", "=1+1", "a" * 100, "学生")
    students = {f"{names[k % 6]}{k}": QUANTIZE if k % 3 else {} for k in range(300)}
    paths = sorted(page(students).parent.glob("class/?.html"))
    sources = [path.read_text(encoding="utf-8") for path in paths]
    assert [source.count("feedback/") for source in sources] == [200, 100]
    source = "".join(sources)
    assert not any(bad in source for bad in ("\x1b", "\u202e", "<script", "<img"))
