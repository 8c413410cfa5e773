"""The pages: complete, escaped, without scripts, and silent to students about hidden cases."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from grader.records import Diagnosis, SandboxReport
from grader.report import html

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class Page(HTMLParser):
    """The elements of a page, their attributes, and its visible text."""

    def __init__(self, path):
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.elements, self.words, self.links, self.policy = [], [], [], None
        self.feed(self.source)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"]

    def handle_data(self, data):
        if not self.elements or self.elements[-1][0] != "style":
            self.words.append(data)


@pytest.fixture
def report(class_result, tmp_path):
    return html.write(class_result, tmp_path / "report")


def pages(report):
    return [Page(path) for path in sorted(report.parent.rglob("*.html"))]


def test_a_page_for_the_class_and_two_for_each_student(report, class_result):
    assert report.name == "index.html"
    assert len(list((report.parent / "students").iterdir())) == len(class_result.submissions)
    assert len(list((report.parent / "feedback").iterdir())) == len(class_result.submissions)


def test_every_link_leads_to_a_page(report):
    for path in report.parent.rglob("*.html"):
        for link in Page(path).links:
            assert (path.parent / link).is_file(), (path.name, link)


def test_no_page_holds_a_script_or_loads_anything(report):
    for page in pages(report):
        assert page.policy == POLICY
        for tag, attributes in page.elements:
            assert tag not in {"script", "iframe", "object", "embed", "img", "link", "base", "form"}
            assert not any(name.startswith("on") for name in attributes)
            assert not any(name in attributes for name in ("src", "xlink:href"))


def test_what_students_wrote_is_shown_as_text(report):
    page = next(page for page in pages(report) if "bin_edges raised E" in page.text)
    assert "<img src=x onerror=alert(1)>" in page.text
    assert "<script>alert(1)</script>" in page.text
    assert not any(bad in page.source for bad in ("\x1b", "\u202e", "<img", "<script"))


def test_the_class_page_tells_the_numbers(report):
    page = Page(report)
    assert "18 students" in page.text
    assert "13.38 / 20 mean" in page.text
    assert "17 / 20 median" in page.text
    assert "1 not graded" in page.text
    assert "as Caffe and torchvision cut them; here no two bins share a cell. × 2" in page.text
    assert "What does 665 / 32 do to a mask?" in page.text
    assert "Graded 3 March 2025, 14:02 UTC in 3.0 s" in page.text
    assert "20250303141592653589793" in page.text
    assert not any(attributes.get("role") == "alert" for _, attributes in page.elements)


def test_cells_say_their_outcome_in_a_sign_and_in_words(report):
    """Colour alone tells nobody: hedy ran into the time limit in roi_pool and has 0 of 10 there."""
    row = next(row for row in report.read_text(encoding="utf-8").split("<tr>") if "students/hedy.html" in row)
    assert 'title="time limit: 0 / 10"' in row
    assert '<span class="symbol">T</span><span class="sr">time limit</span> 0' in row


def test_a_reduced_sandbox_and_an_interrupted_run_are_said_in_a_banner(make_class, tmp_path):
    reduced = make_class(sandbox=SandboxReport("reduced", ("network", "home")), complete=False)
    index = html.write(reduced, tmp_path)
    for path in (index, tmp_path / "students" / "ada.html"):
        text = Page(path).text
        assert "Student code was not fully walled in. Sandbox: reduced. Missing: network, home." in text
        assert "This run was interrupted." in text
    assert "sandbox reduced (missing: network, home)" in Page(tmp_path / "feedback" / "ada.html").text


def test_a_students_page_shows_each_case_with_its_picture(report):
    page = Page(report.parent / "students" / "frances.html")
    assert "bin 1 starts at 2, expected 3" in page.text
    assert "RoI 0, channel 0, bin (1, 0): expected 0.97, got 0.69" in page.text
    assert page.source.count("<svg") == 2
    assert "9 / 10" in page.text
    grace = Page(report.parent / "students" / "grace.html")
    assert "top = features[b]" in grace.text


def test_a_repeated_traceback_is_shown_once_an_item(report):
    ida = Page(report.parent / "students" / "ida.html")
    assert ida.text.count("top = features[b]") == 4
    assert ida.text.count("SyntaxError") == 1 + 11  # what to do next, and each case


# ------------------------------------------------------------------ what the student gets
def test_feedback_keeps_quiet_about_hidden_cases(report):
    """dorothy fails one hidden case: she reads its idea and outcome, no numbers, no picture, no seed."""
    page = Page(report.parent / "feedback" / "dorothy.html")
    assert "A map of negative values has a negative maximum." in page.text
    assert "7 / 10" in page.text
    assert "-0.21" not in page.source
    assert "<svg" not in page.source
    assert "20250303141592653589793" not in page.source
    assert page.links == []


def test_feedback_shows_public_cases_in_full(report):
    page = Page(report.parent / "feedback" / "frances.html")
    assert "RoI 0, channel 0, bin (1, 0): expected 0.97, got 0.69" in page.text
    assert page.source.count("<svg") == 1
    assert "bin 1 starts at 2" not in page.source


def test_feedback_calls_our_failure_ours(report):
    page = Page(report.parent / "feedback" / "mary.html")
    assert "not graded" in page.text
    assert "Not graded yet: the grader failed here, not you." in page.text
    assert "scale is negative" not in page.source


def test_feedback_begins_with_what_to_do_next(report):
    """joan has two ideas, one function that nothing explains, and her first failing public check."""
    text = Page(report.parent / "feedback" / "joan.html").text
    told = (
        "What to do next Some of your results are what these ideas give. "
        "The ends were rounded to the nearest cell, as in Caffe; here they are rounded down. "
        "another convention This explains roi_pool . Go back to “Step 1. Quantize the box”."
    )
    assert told in text
    assert "In roi_pool , 1 and 2 act together: the results agree once both are mended." in text
    assert "Start with the first public check that fails: The 8×8 map with RoI" in text
    assert text.index("What to do next") < text.index("Quantize the RoI ✓ correct")


def test_feedback_without_findings_names_what_stops(report):
    for student, sentence in (
        ("karen", "What to do next roi_pool is not written yet (it raises NotImplementedError)"),
        ("grace", "What to do next Does not hold yet (error): The batch index picks the image."),
        ("ada", "Every check holds: nothing to mend."),
    ):
        assert sentence in Page(report.parent / "feedback" / f"{student}.html").text


def test_of_the_evidence_students_get_nothing(report):
    """For hidden cases there is the idea, and no count, no name of a case, no digest."""
    student = Page(report.parent / "students" / "dorothy.html")
    assert "started_at_zero: gives 31 of the wrong results, in test_negative" in student.text
    page = Page(report.parent / "feedback" / "dorothy.html")
    assert "The maximum was started at 0. very likely This explains roi_pool ." in page.text
    for path in (report.parent / "feedback").iterdir():
        source = path.read_text(encoding="utf-8")
        assert not any(secret in source for secret in ("gives 31", "test_negative", "d1", "dentical"))


def test_a_failed_diagnosis_is_told_to_the_instructor(make_class, tmp_path):
    html.write(make_class({"ada": {}}, {"ada": Diagnosis(problem="the bank: KeyError")}), tmp_path)
    assert "No diagnosis: the bank: KeyError" in Page(tmp_path / "students" / "ada.html").text
    assert "KeyError" not in Page(tmp_path / "feedback" / "ada.html").text


# ------------------------------------------------------------------ the class by idea
def test_the_class_page_tells_what_to_teach_again(report):
    text = Page(report).text
    assert "What to teach again Step 1. Quantize the box 2 of 18 students" in text
    assert "overlapping_bins in bin_edges, roi_pool: frances , joan" in text
    assert "Seen in the results, and no known idea 1 of 18 students" in text
    assert "Wrong, and nothing explains it" in text


def test_of_many_students_the_first_are_named(make_class, tmp_path, class_result):
    (joan,) = (one for one in class_result.submissions if one.student == "joan")
    students = {f"s{number}": {} for number in range(50)}
    html.write(make_class(students, dict.fromkeys(students, joan.diagnosis)), tmp_path)
    page = Page(tmp_path / "index.html")
    assert "s39 and 10 more" in page.text


def test_identical_wrong_results_are_on_a_page_of_their_own(report):
    page = Page(report.parent / "identical.html")
    assert "carl , <script>alert(1)</script> bin_edges, roi_pool 13" in page.text
    assert "a sign, not a proof" in page.text
    assert "Identical, and explained by a known idea (1)" in page.text


def test_a_class_without_any_says_so(make_class, tmp_path):
    html.write(make_class({"ada": {}}), tmp_path)
    text = Page(tmp_path / "identical.html").text
    assert "No two students gave the same wrong results that no known idea explains." in text


# ------------------------------------------------------------------ odd classes
def test_a_class_of_nobody_and_an_assignment_without_points(make_class, tmp_path):
    page = Page(html.write(make_class({}), tmp_path))
    assert "0 students" in page.text


def test_hostile_ids_stay_inside_the_report(make_class, tmp_path):
    ids = ["../../x", "CON", "a" * 300, "a/b", "\ud800", "ada", "Ada"]
    html.write(make_class({student: {} for student in ids}), tmp_path / "deep" / "report")
    assert len(list((tmp_path / "deep" / "report" / "students").iterdir())) == len(ids)
    assert [p.name for p in tmp_path.iterdir()] == ["deep"]


def test_a_megabyte_of_text_makes_no_page_of_a_megabyte(make_class, tmp_path):
    index = html.write(make_class({"eve": {"test_five": ("error", "<b>" * 350_000)}}), tmp_path)
    assert all(path.stat().st_size < 60_000 for path in index.parent.rglob("*.html"))


def test_what_is_not_a_drawing_of_ours_is_left_out(make_class, tmp_path):
    result = make_class({"ada": {"test_five": ("wrong", "no")}})
    submission = result.submissions[0]
    item = submission.items[1]
    case = replace(item.cases[0], picture="<img src=x onerror=alert(1)>")
    item = replace(item, cases=(case,))
    html.write(replace(result, submissions=(replace(submission, items=(item,)),)), tmp_path)
    assert "onerror" not in (tmp_path / "students" / "ada.html").read_text(encoding="utf-8")


def test_a_second_report_replaces_the_first(make_class, tmp_path):
    """bob is gone: so is his page. What is not ours stays."""
    html.write(make_class({"ada": {}, "bob": {}}), tmp_path)
    (tmp_path / "feedback" / "notes.html").write_text("mine", encoding="utf-8")
    html.write(make_class({"ada": {}}), tmp_path)
    assert [p.name for p in (tmp_path / "students").iterdir()] == ["ada.html"]
    assert sorted(p.name for p in (tmp_path / "feedback").iterdir()) == ["ada.html", "notes.html"]


def test_colours_come_in_light_and_dark_and_for_paper(report):
    style = re.search(r"<style>(.*?)</style>", report.read_text(encoding="utf-8"), re.DOTALL)[1]
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


def test_backticks_of_a_test_s_docstring_are_code():
    """`split` is a name; what is not ours stays text."""
    from grader.report.html import _idea

    assert _idea("`split` cuts <b>20</b> cells") == "<code>split</code> cuts &lt;b&gt;20&lt;/b&gt; cells"


def test_a_later_run_with_the_same_results_writes_no_student_page_again(make_class, tmp_path):
    result = make_class({"ada": {}, "bela": {}})
    html.write(result, tmp_path)
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*.html")}
    html.write(replace(result, started="2031-01-01T00:00:00Z", finished="2031-01-01T00:00:01Z"), tmp_path)
    assert [path.name for path in before if path.stat().st_ino != before[path]] == ["index.html"]
