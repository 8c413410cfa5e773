"""The tables at the terminal: 80 columns, no colour needed, no markup from strangers."""

import io

import pytest
from rich.console import Console

from grader.records import Diagnosis, Finding, Idea, SandboxReport
from grader.report import terminal
from grader.where import Where


def console(encoding="utf-8", **options):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    return Console(file=file, width=80, **options)


def printed(console):
    console.file.flush()
    return console.file.buffer.getvalue().decode(console.file.encoding)


def lines(text):
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.fixture
def class_text(class_result):
    out = console()
    terminal.print_class(class_result, out)
    return printed(out)


def cases_of(result, student):
    submission = next(s for s in result.submissions if s.student == student)
    return [case for item in submission.items for case in item.cases]


def test_one_row_a_student(class_text):
    rows = lines(class_text)
    assert "ada 20 ✓ ✓ ✓ ✓ correct" in rows
    assert "frances 17 ✓ ◐ ◐ ✓ overlapping bins" in rows
    assert "niklaus 0 C C C C the process ended itself (exit code 0)" in rows
    assert any(row.startswith("mary ? ? ✓ ✓ ✓") for row in rows)


def test_the_numbers_stand_below(class_text):
    expected = "18 students, mean 13.38, median 17 of 20, 4 with full score, 1 not graded"
    assert expected in class_text
    assert "3 Pool every bin (10)" in class_text
    assert "T time limit" in class_text
    assert "By hand: What does 665 / 32 do to a mask? (4 points)" in class_text


def test_of_a_large_class_only_those_who_need_a_look(make_class):
    """Not graded first, then what crashed or was stopped; right and wrong answers are in the report."""
    students = {f"s{number}": {} for number in range(120)}
    students["s7"] = {"test_five": ("wrong", "5 is not 6")}
    students["s8"] = {"test_five": ("timeout", "too slow")}
    students["s9"] = {"test_five": ("internal_error", "our fault")}
    out = console()
    terminal.print_class(make_class(students), out)
    text = printed(out)
    named = [line.split()[0] for line in lines(text) if line[:1] == "s" and line[1:2].isdigit()]
    assert named == ["s9", "s8"]
    assert "and 118 more: see report/index.html" in text
    assert "120 students" in text


def test_of_a_large_class_without_trouble_nobody(make_class):
    out = console()
    terminal.print_class(make_class({f"s{number}": {} for number in range(101)}), out)
    text = printed(out)
    assert text.startswith("All were graded, and all code ran to its end: see report/index.html")
    assert "101 students" in text


def test_nothing_is_wider_than_80_columns_or_coloured_when_piped(class_text):
    assert max(map(len, class_text.splitlines())) <= 80
    assert "\x1b" not in class_text


def test_no_color_is_obeyed(class_result, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    out = console(force_terminal=True)
    terminal.print_class(class_result, out)
    assert not any(code in printed(out) for code in ("\x1b[31m", "\x1b[32m", "\x1b[1;31m", "\x1b[1;32m"))


def test_a_reduced_sandbox_is_said_in_red(make_class):
    result = make_class({"ada": {}}, sandbox=SandboxReport("reduced", ("network",)), complete=False)
    out = console(force_terminal=True, color_system="standard")
    terminal.print_class(result, out)
    text = printed(out)
    warning = "Sandbox reduced: student code is not fully walled in (missing: network)."
    assert f"\x1b[1;31m{warning}\x1b[0m" in text
    assert "\x1b[1;31mThe run was interrupted" in text


def test_what_students_wrote_is_no_markup(make_class):
    hostile = "[bold red]x[/bold red] [link=http://e.example]y[/link] \x1b[2J\x07 [/]"
    result = make_class({"[red]eve[/red]": {"test_five": ("error", hostile)}})
    out = console(force_terminal=True, color_system=None)
    terminal.print_class(result, out)
    terminal.print_check(cases_of(result, "[red]eve[/red]"), out)
    text = printed(out)
    assert "[red]eve[/red]" in text
    assert "[bold red]x[/bold red] [link=http://e.example]y[/link]" in text
    assert not any(bad in text for bad in ("\x1b[2J", "\x07", "\x1b]8"))


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_without_unicode_gets_letters(class_result, encoding):
    out = console(encoding)
    terminal.print_class(class_result, out)
    terminal.print_check(cases_of(class_result, "joan"), out)
    text = printed(out)
    assert "The 8x8 map with RoI [0, 3, 7, 8] in 2x2 bins." in text
    assert "x `roi_pool`: Channels do not mix." in text


def test_what_is_cut_or_missing_is_shown_in_ascii_too(make_class):
    """A word of 300 letters, and the mean of a class of which nobody was graded."""
    result = make_class({"you": {"test_five": ("error", "x" * 300), "test_random": ("internal_error", "")}})
    out = console("ascii")
    terminal.print_class(result, out)
    terminal.print_check(cases_of(result, "you"), out)
    assert "mean -, median - of 20" in printed(out)


def test_the_class_by_idea(class_text):
    rows = lines(class_text)
    place = rows.index("To teach again")
    assert rows[place + 1 : place + 6] == [
        "Step 1. Quantize the box: 2 students",
        "1 nearest ends (another convention): joan",
        "1 scale forgotten: edsger",
        "Step 2. Cut a length into bins: 2 students",
        "2 overlapping bins (another convention): frances, joan",
    ]
    assert "Identical wrong outputs: 1 group of students, see report/identical.html" in rows
    assert "joan 7 ✓ ✓ ✗ ✗ nearest ends + overlapping bins" in rows


def test_of_many_ideas_the_most_frequent(make_class):
    found = [
        Finding(Idea(f"idea_{k}", "misconception", "x", f"Step {k // 4}"), ("roi_pool",), 1, 0, 1.0, ())
        for k in range(28)
    ]
    out = console()
    terminal.print_class(make_class({"ada": {}}, {"ada": Diagnosis(tuple(found))}), out)
    text = printed(out)
    assert "and 13 more ideas: see report/index.html" in text
    assert max(map(len, text.splitlines())) <= 80


# ------------------------------------------------------------------ roikit check
def test_a_student_reads_what_fails_and_what_is_next(make_class):
    found = "RoI 0, channel 0, bin (1, 0): expected 0.97, got 0.69"
    cases = cases_of(make_class({"you": {"test_worked_example": ("wrong", found)}}), "you")
    out = console()
    terminal.print_check([case for case in cases if case.visibility == "public"], out)
    assert lines(printed(out)) == [
        "✓ The box is scaled before it is rounded.",
        "✓ 665 / 32 = 20.78 becomes 20.",
        "✓ 5 cells in 2 bins: 2 + 3.",
        "✗ `roi_pool`: The 8×8 map with RoI [0, 3, 7, 8] in 2×2 bins.",
        found,
        "",
        "3 of 4 checks pass. Next: `roi_pool`: The 8×8 map with RoI [0, 3, 7, 8] in 2×2",
        "bins.",
    ]


def test_what_it_looks_like_stands_below_the_checks(class_result):
    joan = next(one for one in class_result.submissions if one.student == "joan")
    cases = [case for case in cases_of(class_result, "joan") if case.visibility == "public"]
    out = console()
    terminal.print_check(cases, out, joan.diagnosis)
    text = " ".join(printed(out).split())
    assert text.endswith(
        "What this looks like Some of your results are what these ideas give. "
        "1. The ends were rounded to the nearest cell, as in Caffe; here they are rounded down. "
        "(another convention) This explains `roi_pool`. "
        "Go back to “Step 1. Quantize the box”. "
        "2. These are overlapping bins, as Caffe and torchvision cut them; here no two bins share a cell. "
        "(another convention) This explains `bin_edges` and `roi_pool`. "
        "Go back to “Step 2. Cut a length into bins”. "
        "In `roi_pool`, 1 and 2 act together: the results agree once both are mended. "
        "None of the usual mistakes gives the numbers of `bin_edges`. "
        "Start with the first public check that fails: The 8×8 map with RoI [0, 3, 7, 8] in 2×2 bins. "
        "3 of 4 checks pass. Next: Go back to “Step 1. Quantize the box”."
    )
    assert max(map(len, printed(out).splitlines())) <= 80


def test_where_and_the_next_hint_are_told_when_asked_for(make_class):
    wrong = {"test_worked_example": ("wrong", "bin (1, 0): expected 0.97, got 0.69")}
    cases = [case for case in cases_of(make_class({"you": wrong}), "you") if case.visibility == "public"]
    table = "expected      got\n0.85  0.97    0.85   0.69*"
    where = {"test_worked_example": Where("roi_pool([red]x)", "", table)}
    command = "roikit check roi_pool 'my work.ipynb' --hint idea" + " and more" * 10
    out = console()
    terminal.print_check(cases, out, where=where, following=command)
    text = printed(out)
    assert "expected 0.97, got 0.69" in text
    assert "    roi_pool([red]x)\n    expected      got\n    0.85  0.97    0.85   0.69*\n" in text
    assert text.endswith(f"\nHint: {command}\n")  # on one line: it is to be copied


def test_a_file_that_does_not_run_is_what_is_to_be_mended(make_class):
    reason = "me.py raised SyntaxError: invalid syntax (line 7)"
    broken = {
        "test_scale": ("error", f"quantize_roi is not defined: {reason}"),
        "test_floor": ("error", f"quantize_roi is not defined: {reason}"),
        "test_five": ("error", f"bin_edges is not defined: {reason}"),
        "test_worked_example": ("error", f"roi_pool is not defined: {reason}"),
    }
    cases = [case for case in cases_of(make_class({"you": broken}), "you") if case.visibility == "public"]
    assert {case.outcome for case in cases} == {"error"}
    out = console()
    terminal.print_check(cases, out, following="roikit check")
    text = " ".join(printed(out).split())
    assert text.count(reason) == 2
    assert f"2 bins. not defined: {reason} 0 of 4 checks pass. Next: mend this first: {reason}" in text
    assert "Hint" not in text  # there is nothing to see yet


@pytest.mark.parametrize("outcome", ["crashed", "timeout"])
def test_code_that_stops_is_to_be_mended_first(make_class, outcome):
    sentence = "importing the file ended the process (sys.exit(0))"
    cases = cases_of(make_class({"you": {"test_five": (outcome, sentence)}}), "you")
    out = console()
    terminal.print_check(cases, out, following="roikit check x y --hint where")
    text = " ".join(printed(out).split())
    assert text.endswith(f"Next: mend this first: {sentence} Hint: roikit check x y --hint where")


def test_a_notebook_that_nobody_filled_in_says_so_once(class_result):
    out = console()
    cases = [case for case in cases_of(class_result, "karen") if case.visibility == "public"]
    terminal.print_check(cases, out, following="roikit check x y --hint where")
    text = printed(out)
    assert text.count("is not written yet") == 1
    assert [line[0] for line in text.splitlines()[:5]] == ["–", "–", "–", "–", " "]
    assert lines(text)[-1] == "0 of 4 checks pass. Next: write `roi_pool`."  # and no hint: nothing to see yet


def test_all_pass(make_class):
    out = console()
    terminal.print_check(cases_of(make_class({"you": {}}), "you"), out)
    assert "All 11 checks pass. Grading uses more inputs, by the same rules." in printed(out)


def test_a_long_sentence_wraps_under_its_idea(make_class):
    out = console()
    terminal.print_check(cases_of(make_class({"you": {"test_five": ("error", "long " * 40)}}), "you"), out)
    wrapped = [line for line in printed(out).splitlines() if "long long" in line]
    assert len(wrapped) > 1
    assert all(line.startswith("  long") for line in wrapped)


def test_a_hidden_case_among_them_gives_nothing_away(make_class):
    out = console()
    terminal.print_check(cases_of(make_class({"you": {"test_batch": ("wrong", "secret 42")}}), "you"), out)
    text = printed(out)
    assert "The batch index picks the image." in text
    assert "secret" not in text


def test_no_checks_at_all():
    out = console()
    terminal.print_check([], out)
    assert printed(out) == "No checks to run.\n"
