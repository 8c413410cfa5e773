"""A zip of Moodle graded, and back: a grading worksheet or the gradebook, and a page a student."""

import csv
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import cli
from grader.intake.lms_names import moodle as parse
from grader.platforms import moodle
from grader.platforms.graded import Student
from grader.platforms.people import Person

CODE = """
import numpy as np

def scale(x, spatial_scale):
    return np.asarray(x) * spatial_scale

def span(start, size):
    return start, start + size
"""
SUBMISSIONS = {
    "Ada Lovelace_1001_assignsubmission_file_/toy.py": CODE,
    "Ada Lovelace_1001_assignsubmission_onlinetext_/onlinetext.html": "<p>See my file</p>",
    "José Berto_1002_assignsubmission_file_/work/toy.py": CODE.replace("start + size", "size"),
    "Chen_1003_assignsubmission_onlinetext_/onlinetext.html": "<p>My answer</p>",
}
HEADER = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Online text,Last modified (grade),Feedback comments"
)
WORKSHEET = f"""\
{HEADER}
Participant 1001,Ada Lovelace,ada@uni.org,Submitted for grading - ,,7.00,Yes,"Friday, 3 March 2023, 2:05",,-,
Participant 1002,=José Berto,jose@uni.org,Sent,6.50,7.00,Yes,-,=1+1,"Friday, 3 March 2023, 2:05",<p>So so</p>
Participant 1003,Chen,@chen.org,No submission,,7.00,Yes,-,,-,
Participant 1004,Dana Orin,dana@uni.org,No submission,3.00,7.00,Yes,-,,-,
"""
GERMAN = """\
ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung)
Teilnehmer/in1001;Ada Lovelace;ada@uni.org;Zur Bewertung abgegeben;;10,00;Ja;-;-
Teilnehmer/in1002;José Berto;jose@uni.org;Zur Bewertung abgegeben;5,25;10,00;Ja;-;-
Teilnehmer/in1003;Chen;chen@uni.org;;;10,00;Ja;-;-
"""  # noqa: E501
EXPORT = """\
"First name","Last name","ID number",Institution,Department,"Email address","Assignment: Essay (Real)","Assignment: Toy (Real)","Assignment: Toy (Percentage)","Assignment: Toy (Feedback)","Course total (Real)"
Ada,Lovelace,m-1,Uni,=CS,ada@uni.org,8,-,-,,8
José,Berto,m-2,Uni,=CS,jose@uni.org,9,6.50,92 %,ok,9
Chen,,m-3,Uni,=CS,+chen@uni.org,7,-,-,,7
"""  # noqa: E501


@pytest.fixture(scope="module")
def grade(toy, rung):
    """Files -> exit code; the folder of the graded class holds what is said to be written."""
    sandbox = "reduced" if rung.name == "reduced" else "auto"

    def grade(where, output):
        words = ["grade", toy.folder, where, "--output", output, "--no-gradebook", "--sandbox", sandbox]
        return cli.main(list(map(str, words)))

    return grade


@pytest.fixture(scope="module")
def graded(grade, tmp_path_factory):
    """The folder of the graded class."""
    folder = tmp_path_factory.mktemp("moodle")
    with zipfile.ZipFile(folder / "submissions.zip", "w") as archive:
        for name, text in SUBMISSIONS.items():
            archive.writestr(name, text)
    assert grade(folder / "submissions.zip", folder / "out") == 0
    return folder / "out"


@pytest.fixture
def back(graded, tmp_path, capsys):
    """A file's text -> (exit code, what was said, rows of grades.csv, names in feedback.zip)."""

    def back(text=WORKSHEET, *arguments, folder=graded):
        path = tmp_path / "sheet.csv"
        path.write_text(text, encoding="utf-8")
        code = cli.main(
            ["moodle", str(folder), str(path), "--output", str(tmp_path / "back"), *arguments]
        )
        said = "".join(capsys.readouterr())
        if code == 2:
            assert not (tmp_path / "back" / "grades.csv").exists()
            return code, said, None, None
        grades = (tmp_path / "back" / "grades.csv").read_text(encoding="utf-8")
        separator = ";" if ";" in grades.splitlines()[0] else ","
        with zipfile.ZipFile(tmp_path / "back" / "feedback.zip") as archive:
            rows = list(csv.reader(io.StringIO(grades), delimiter=separator))
            return code, said, rows, archive.namelist()

    return back


# ------------------------------------------------------------------ there and back
def test_a_grading_worksheet_comes_back(back):
    code, said, rows, names = back()
    assert code == 0
    assert rows[0] == [name for name in HEADER.split(",") if name != "Online text"]
    assert [(row[0], row[4]) for row in rows[1:]] == [
        ("Participant 1001", "7"),
        ("Participant 1002", "4"),
        ("Participant 1003", "0"),
        ("Participant 1004", "3.00"),
    ]
    assert rows[1][7:] == ["Friday, 3 March 2023, 2:05", "-", ""]
    assert rows[2][9] == "<p>So so</p>"  # changes nothing there
    assert "Found: 3 of 3 graded students: 3 by id" in said
    assert "Grade: 2 new, 1 changed (1 lower), 0 as they were" in said
    assert "José Berto_1002: 6.50 becomes 4" in said
    assert "Columns left out, since a spreadsheet might run them; Moodle keeps its own: Online text" in said
    assert "In 'sheet.csv', not graded: left as it was: Dana Orin" in said
    assert names == [
        "Ada Lovelace_1001_assignsubmission_file_feedback.html",
        "Chen_1003_assignsubmission_file_feedback.html",
        "José Berto_1002_assignsubmission_file_feedback.html",
    ]


def test_names_that_a_spreadsheet_would_run_are_shown(back):
    rows = back()[2]
    assert (rows[2][1], rows[3][2]) == ("'=José Berto", "'@chen.org")


def test_a_page_is_its_students(back, graded, tmp_path):
    back()
    with zipfile.ZipFile(tmp_path / "back" / "feedback.zip") as archive:
        page = archive.read("Chen_1003_assignsubmission_file_feedback.html")
    assert page == (graded / "report" / "feedback" / "Chen_1003.html").read_bytes()


def test_comments_that_a_spreadsheet_would_run_stay_in_moodle(back):
    _, said, rows, _ = back(WORKSHEET.replace("<p>So so</p>", "- so so"))
    assert "Moodle keeps its own: Online text, Feedback comments" in said
    assert "Feedback comments" not in rows[0]


def test_another_language_semicolons_and_decimal_commas(back):
    code, said, rows, names = back(GERMAN)
    assert code == 0
    assert [row[4] for row in rows] == ["Bewertung", "7", "4", "0"]
    assert rows[2][:4] == ["Teilnehmer/in1002", "José Berto", "jose@uni.org", "Zur Bewertung abgegeben"]
    assert rows[2][4:] == ["4", "10,00", "Ja", "-", "-"]
    assert "José Berto_1002: 5,25 becomes 4" in said
    told = "points are written as they are, without the 3 given by hand: add them there"
    assert f"Moodle's maximum is 10, roikit's is 7: {told}" in said
    assert len(names) == 3


def test_the_gradebook_s_export_comes_back(back):
    """Without participants' numbers people are found by name; Moodle's importer is told how to match."""
    code, said, rows, names = back(EXPORT)
    assert code == 1
    assert rows == [
        ["First name", "Last name", "ID number", "Email address", "Assignment: Toy (Real)"],
        ["Ada", "Lovelace", "m-1", "ada@uni.org", "7"],
        ["José", "Berto", "m-2", "jose@uni.org", "4"],
    ]
    assert "3 by name" in said
    assert "what identifies them: enter by hand: Chen" in said
    assert len(names) == 3  # by the numbers in the zip of submissions


@pytest.mark.parametrize("arguments", [("--column", "Assignment: Toy (Real)"), ("--column", "Essay")])
def test_a_column_by_name(back, arguments):
    assert back(EXPORT, *arguments)[2][1][-1] == "7"


def test_moodle_does_not_take_more_than_its_maximum(back):
    code, said, rows, _ = back(WORKSHEET.replace("7.00", "5.00"))
    assert code == 1
    assert "Above the maximum; Moodle does not take it: Ada Lovelace_1001" in said
    assert rows[1][4] == "7"


def test_a_class_that_did_not_come_out_of_moodle(back, grade, tmp_path):
    """E-mail, its local part, a name: Moodle's numbers are those of the worksheet."""
    (tmp_path / "class").mkdir()
    for student in ("ada", "jose@uni.org", "Orin Dana", "zoe"):
        (tmp_path / "class" / f"{student}.py").write_text(CODE)
    grade(tmp_path / "class", tmp_path / "out")
    text = WORKSHEET.replace("Dana Orin", '"Orin, Dana"')
    code, said, rows, names = back(text, folder=tmp_path / "out")
    assert code == 1
    assert [row[4] for row in rows[1:]] == ["7", "7", "", "7"]
    assert "1 by name, 1 by e-mail's local part, 1 by e-mail" in said
    assert "Graded, and not in 'sheet.csv': zoe" in said
    assert "No page in the zip, since no name is known that Moodle takes: zoe" in said
    assert sorted(names) == [
        "Ada Lovelace_1001_assignsubmission_file_feedback.html",
        "José Berto_1002_assignsubmission_file_feedback.html",
        "Orin, Dana_1004_assignsubmission_file_feedback.html",
    ]


# ------------------------------------------------------------------ files as they come
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "'sheet.csv' is empty"),
        (HEADER, "lists no students"),
        (WORKSHEET.replace(",7.00", ",Good"), "no maximum beside the grades: roikit's points fit no scale"),
        (WORKSHEET.replace("Grade,", "Cijfer,").replace(",7.00", ",Good"), "without one column of grades"),
        (EXPORT.replace("Toy", "Toys"), "has no column for toy: pass --column, one of "),
        (EXPORT.replace("Essay", "Toy"), "has several columns for toy"),
        ("Name,Mark\nAda,x\n", "has no column for toy"),
        ("Student,ID,Section,toy (5)\nAda,x,y,1\n", "is a gradebook of Canvas: use roikit canvas"),
    ],
)
def test_a_bad_file_is_one_sentence(back, text, sentence):
    code, said, _, _ = back(text)
    assert code == 2
    assert sentence in said
    assert said.count("\n") == 1


def test_a_missing_page_is_one_sentence(back, graded):
    page = graded / "report" / "feedback" / "Chen_1003.html"
    aside = page.rename(graded / "aside.html")
    try:
        code, said, _, _ = back()
    finally:
        aside.rename(page)
    assert code == 2
    assert "Chen_1003.html cannot be read: No such file or directory; grade the class again" in said


# ------------------------------------------------------------------ any name
@settings(deadline=None)
@given(st.text(max_size=300), st.integers(0, 10**9).map(str))
def test_any_name_becomes_one_that_moodle_knows(name, number):
    """The number is what stands after the first underscore, and no name leads anywhere."""
    found = moodle.feedback_name(Student("x", None, None, None), Person(0, number, (), name))
    back = parse((found,))
    assert (back.id, back.name) == (number, "feedback.html")
    assert found.split("_")[1:] == [number, "assignsubmission", "file", "feedback.html"]
    assert not found.startswith((".", "~"))
    assert not set(found) & set('/\\:*?"<>|')
    assert found.isprintable()
