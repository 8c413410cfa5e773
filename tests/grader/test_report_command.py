"""`roikit report GRADED`: the report anew, from what a run left there."""

import json
import shutil

import pytest

from grader import cli, journal

TITLE = "Scale and shift"


@pytest.fixture(scope="module")
def graded(tmp_path_factory, toy, rung):
    """A class of three, graded: right, half right, not graded at all."""
    folder = tmp_path_factory.mktemp("graded")
    students = folder / "class"
    students.mkdir()
    right = "import numpy as np\ndef scale(x, s):\n    return np.asarray(x) * s\n"
    (students / "ada.py").write_text(right + "def span(start, size):\n    return start, start + size\n")
    (students / "bela.py").write_text(right + "def span(start, size):\n    return start, size\n")
    (students / "Cyd.py").write_text(right)
    (students / "cyd.py").write_text(right)
    sandbox = "reduced" if rung.name == "reduced" else "auto"
    words = ["grade", toy.folder, students, "--output", folder / "out", "--no-gradebook", "--jobs", 1]
    assert cli.main([str(word) for word in (*words, "--sandbox", sandbox, "--seed", 5)]) == 1
    return folder / "out"


@pytest.fixture
def out(graded, tmp_path):
    """A copy of it."""
    return shutil.copytree(graded, tmp_path / "out")


@pytest.fixture
def report(capsys, out):
    """Arguments -> (exit code, what was said)."""

    def run(*arguments):
        code = cli.main(["report", str(out), *map(str, arguments)])
        return code, " ".join("".join(capsys.readouterr()).split())

    return run


def pages(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.html"))}


def test_the_pages_are_those_of_the_run(report, out):
    before = pages(out / "report")
    shutil.rmtree(out / "report")
    code, said = report()
    assert code == 1  # two are not graded
    assert f"Report: {out}/report/index.html" in said
    assert "2 not graded" in said
    assert pages(out / "report") == before
    assert len(before) == 2 + 2 * 4


def test_nothing_but_the_report_is_written(report, out):
    before = {path: path.read_bytes() for path in out.iterdir() if path.is_file()}
    report()
    assert {path: path.read_bytes() for path in out.iterdir() if path.is_file()} == before


def test_without_a_journal_there_are_no_pictures(report, out):
    (out / journal.NAME).unlink()
    code, said = report()
    assert code == 1
    assert f"Without pictures, as there is no journal.jsonl in {out}: 4 of the students (Cyd, ada" in said
    assert TITLE in (out / "report" / "index.html").read_text()
    assert not (out / journal.NAME).exists()


def test_students_whose_result_the_journal_does_not_have(report, out):
    """As after another run with other tests, of which results.json could not be written."""
    path = out / journal.NAME
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if b'"student":"bela"' not in line))
    code, said = report()
    assert code == 1
    assert "as the journal does not have what results.json has: 1 of the students (bela)" in said

    results = json.loads((out / "results.json").read_text())
    next(one for one in results["submissions"] if one["student"] == "ada")["score"] = 6.5
    (out / "results.json").write_text(json.dumps(results))
    assert "2 of the students (ada, bela)" in report()[1]
    assert "6.5 / 7" in (out / "report" / "students" / "ada.html").read_text()


def test_a_torn_journal_is_left_as_it_is(report, out):
    path = out / journal.NAME
    path.write_bytes(path.read_bytes()[:-40])
    torn = path.read_bytes()
    assert "1 of the students" in report()[1]
    assert path.read_bytes() == torn


def test_while_another_one_grades(report, out):
    before = pages(out / "report")
    with journal.opened(out / journal.NAME):
        code, said = report()
    assert (code, said) == (2, f"roikit: another roikit is grading into {out}: wait for it, then try again")
    assert pages(out / "report") == before


def test_two_may_read_at_once(report, out):
    with journal.reading(out / journal.NAME):
        assert report()[0] == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda found: found["submissions"][0].pop("items"), "('items')"),
        (lambda found: found["submissions"][0].update(score="7"), "('7' is no"),
        (lambda found: found["submissions"].append([]), ""),
        (lambda found: found["assignment"].update(limits=[]), ""),
        (lambda found: found.update(submissions=None), ""),
    ],
)
def test_damaged_results_are_one_sentence(report, out, change, told):
    results = json.loads((out / "results.json").read_text())
    change(results)
    (out / "results.json").write_text(json.dumps(results))
    code, said = report()
    assert code == 2
    assert said.startswith(f"roikit: {out}/results.json is damaged ")
    assert said.endswith("grade the class again")
    assert told in said


def test_where_nothing_was_graded(report, out, capsys):
    assert cli.main(["report", str(out / "nowhere")]) == 2
    told = f"roikit: {out}/nowhere holds no results.json: name the --output of a roikit grade\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("option", ["--case", "--submissions", "--assignment"])
def test_options_of_a_replay_go_with_it(report, option):
    code, said = report(option, "x")
    assert code == 2
    assert "go with --explain STUDENT ITEM" in said
