"""A zip of Canvas graded, and back: its gradebook with one column filled, one page of feedback a student."""

import csv
import doctest
import io
import json
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import cli
from grader.errors import GraderError
from grader.intake import lms_names
from grader.intake.lms_names import parse
from grader.platforms import canvas, lms, people, table
from grader.platforms.graded import Student
from grader.platforms.people import Person, match

CODE = """
import numpy as np

def scale(x, spatial_scale):
    return np.asarray(x) * spatial_scale

def span(start, size):
    return start, start + size
"""
SUBMISSIONS = {
    "lovelaceada_101_9001_toy.py": CODE,
    "bertobela_LATE_102_9002_toy-1.py": CODE.replace("start + size", "size"),
    "chenchen_103_9003_toy.py": "def scale(:",
    "chenchen_103_9004_toy-1.py": CODE,
    "orindana_104_9005_mine.py": CODE,  # excused in the gradebook
    "emilemil_105_text.html": "<p>My answer</p>",  # no file
    "gonegus_199_9006_toy.py": CODE,  # has left the course
}
GRADEBOOK = '''\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Essay (50),toy (51),Current Score,Unposted Current Score
,,,,,,,Manual Posting,,
    Points Possible,,,,,,10,7,(read only),(read only)
"Lovelace, Ada",101,u-1,ada@uni.org,Group A,quiet,8,,80,80
"Berto, Bela",102,u-2,bela@uni.org,Group A and Group B,,9,6.50,90,90
"=""=HYPERLINK(1)""",103,u-3,@chen,Group B,=1+1,7,7,70,70
"Orin, Dana",104,u-4,dana@uni.org,Group B,,6,EX,60,60
"Emil, Emil",105,u-5,emil@uni.org,Group B,,5,,50,50
"Fay, Fay",106,u-6,fay@uni.org,Group B,,4,3,40,40
"Student, Test",107,,1f9e,Group B,,,,,
'''


@pytest.fixture(scope="module")
def run(toy, rung):
    """Arguments -> exit code."""
    sandbox = "reduced" if rung.name == "reduced" else "auto"

    def run(verb, *arguments):
        words = [verb, *arguments]
        if verb == "grade":
            words = [verb, toy.folder, *arguments, "--no-gradebook", "--sandbox", sandbox, "--seed", "1"]
        return cli.main([str(word) for word in words])

    return run


@pytest.fixture(scope="module")
def graded(run, tmp_path_factory):
    """The folder of the graded class."""
    folder = tmp_path_factory.mktemp("canvas")
    with zipfile.ZipFile(folder / "submissions.zip", "w") as archive:
        for name, text in SUBMISSIONS.items():
            archive.writestr(name, text)
    run("grade", folder / "submissions.zip", "--output", folder / "out")
    return folder / "out"


@pytest.fixture
def back(run, graded, tmp_path, capsys):
    """A gradebook -> (exit code, what was said, rows of grades.csv, names in feedback.zip)."""

    def back(text=GRADEBOOK, *arguments, encoding="utf-8"):
        path = tmp_path / "gradebook.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        code = run("canvas", graded, path, "--output", tmp_path / "back", *arguments)
        said = "".join(capsys.readouterr())
        if code == 2:
            assert not (tmp_path / "back" / "grades.csv").exists()
            return code, said, None, None
        grades = (tmp_path / "back" / "grades.csv").read_text(encoding="utf-8")
        with zipfile.ZipFile(tmp_path / "back" / "feedback.zip") as archive:
            assert archive.testzip() is None
            return code, said, list(csv.reader(io.StringIO(grades))), archive.namelist()

    return back


def scores(rows, column=-1):
    return {row[1]: row[column] for row in rows if row[1].isdigit()}


# ------------------------------------------------------------------ there and back
def test_the_zip_of_submissions(graded):
    results = json.loads((graded / "results.json").read_text(encoding="utf-8"))
    found = {one["student"]: (one["path"], one["score"]) for one in results["submissions"]}
    assert found == {
        "lovelaceada_101": ("lovelaceada_101_9001_toy.py", 7.0),
        "bertobela_102": ("bertobela_LATE_102_9002_toy-1.py", 4.0),
        "chenchen_103": ("chenchen_103_9004_toy-1.py", 7.0),
        "orindana_104": ("orindana_104_9005_mine.py", 7.0),
        "emilemil_105": ("emilemil_105_text.html", 0.0),
        "gonegus_199": ("gonegus_199_9006_toy.py", 7.0),
    }
    notes = {one["student"]: one["notes"] for one in results["submissions"]}
    assert "Canvas marks it as late" in notes["bertobela_102"]
    assert "of 2 versions the latest one counts" in notes["chenchen_103"]
    assert notes["lovelaceada_101"] == []


def test_the_gradebook_comes_back_with_one_column_filled(back):
    code, said, rows, _ = back()
    assert code == 1  # Gus is in no row, Emil handed in no file that feedback could be attached to
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "toy (51)"]
    assert rows[1] == ["", "", "", "", "", "Manual Posting"]
    assert rows[2] == ["    Points Possible", "", "", "", "", "7"]
    assert rows[3] == ["Lovelace, Ada", "101", "u-1", "ada@uni.org", "Group A", "7"]
    assert scores(rows) == {
        "101": "7", "102": "4", "103": "7", "104": "EX", "105": "0", "106": "3", "107": "",
    }  # fmt: skip
    assert "Found: 5 of 6 graded students: 5 by id" in said
    assert "toy (51): 2 new, 1 changed (1 lower), 1 as they were" in said
    assert "bertobela_102: 6.50 becomes 4" in said
    assert "Left as it was (excused, or not assigned): orindana_104 (EX)" in said
    assert "Graded, and not in 'gradebook.csv': gonegus_199" in said
    assert "not graded: left as it was: Fay, Fay" in said
    assert "Test" not in said


def test_nothing_that_a_spreadsheet_would_run(back):
    rows = back()[2]
    assert rows[5][:4] == ["""'="'=HYPERLINK(1)""" + '"', "103", "u-3", "'@chen"]
    assert all(table.is_safe(cell) for row in rows for cell in row if not cell.startswith("'"))


def test_feedback_has_the_names_that_canvas_knows(back, graded):
    _, said, _, names = back()
    assert sorted(names) == [
        "bertobela_LATE_102_9002_feedback.html",
        "chenchen_103_9004_feedback.html",
        "gonegus_199_9006_feedback.html",
        "lovelaceada_101_9001_feedback.html",
        "orindana_104_9005_feedback.html",
    ]
    assert "No page in the zip, since no name is known that Canvas takes: emilemil_105" in said


def test_a_page_is_its_students(back, graded, tmp_path):
    back()
    with zipfile.ZipFile(tmp_path / "back" / "feedback.zip") as archive:
        page = archive.read("bertobela_LATE_102_9002_feedback.html")
    (own,) = (graded / "report" / "feedback").glob("bertobela_102*.html")
    assert page == own.read_bytes()


def test_twice_gives_the_same_files(back, tmp_path):
    def files():
        back()
        return [(tmp_path / "back" / name).read_bytes() for name in ("grades.csv", "feedback.zip")]

    assert files() == files()


def test_what_was_written_can_come_back_again(back, tmp_path):
    back()
    _, said, _, _ = back((tmp_path / "back" / "grades.csv").read_bytes())
    assert "0 new, 0 changed (0 lower), 4 as they were" in said


def test_an_unpacked_zip_and_one_of_its_files(run, graded, tmp_path, capsys):
    folder = tmp_path / "submissions"
    folder.mkdir()
    for name, text in SUBMISSIONS.items():
        (folder / name).write_text(text)
    before = (graded / "results.json").read_text(encoding="utf-8")
    run("grade", folder, "--output", graded)
    assert "6 of 6 already graded, 0 to do" in capsys.readouterr().out
    students = [one["student"] for one in json.loads((graded / "results.json").read_text())["submissions"]]
    assert students == [one["student"] for one in json.loads(before)["submissions"]]
    assert run("grade", folder / "lovelaceada_101_9001_toy.py", "--output", graded) in (0, 1)
    assert len(json.loads((graded / "results.json").read_text())["submissions"]) == 6


# ------------------------------------------------------------------ gradebooks as they come
def test_semicolons_commas_and_a_byte_order_mark(back, tmp_path):
    text = GRADEBOOK.replace(",", ";").replace("; ", ", ").replace("6.50", "6,50")
    code, said, _, _ = back(text, encoding="utf-8-sig")
    data = (tmp_path / "back" / "grades.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfStudent;ID;")
    assert "bertobela_102: 6,50 becomes 4" in said
    assert code == 1


def test_decimals_are_written_as_the_file_writes_them():
    rows = (("a", "6,50"), ("b", "7,00"))
    sheet = lms.Sheet(table.Table("x", ("s", "toy"), rows), (), 1, (0, 1), None)
    assert lms._writes_commas(sheet)


def test_last_and_first_names(back):
    text = GRADEBOOK.replace("Student,ID", "LastName,FirstName,ID").replace(",,,,,,,Manual", ",,,,,,,,Manual")
    text = text.replace('"Lovelace, Ada"', "Lovelace,Ada").replace("Points Possible,", "Points Possible,,")
    for name in ("Berto, Bela", "Orin, Dana", "Emil, Emil", "Fay, Fay", "Student, Test"):
        text = text.replace(f'"{name}"', name.replace(", ", ","))
    text = text.replace('"=""=HYPERLINK(1)"""', "Chen,Chen")
    _, said, rows, _ = back(text)
    assert rows[3] == ["Lovelace", "Ada", "101", "u-1", "ada@uni.org", "Group A", "7"]
    assert "5 by id" in said


@pytest.mark.parametrize("name", ["Toy (51)", "51", "toy"])
def test_a_column_by_name(back, name):
    assert scores(back(GRADEBOOK, "--column", name)[2])["101"] == "7"


@pytest.mark.parametrize("sign", ["=cmd", "+cmd", "-cmd", "@cmd"])
def test_a_title_that_is_a_formula_keeps_its_number(back, sign):
    rows = back(GRADEBOOK.replace("toy (51)", f"{sign} (51)"), "--column", "51")[2]
    assert rows[0][-1] == f"'{sign} (51)"


def test_a_row_that_canvas_would_not_know_again_is_left_out(back):
    text = GRADEBOOK.replace("103,u-3,@chen", ",chenchen_103,@chen")
    code, said, rows, _ = back(text)
    assert code == 1
    assert "a spreadsheet might run what identifies them: enter by hand: =HYPERLINK(1)" in said
    assert not any("chenchen_103" in row for row in rows)


def test_another_maximum_is_told(back):
    _, said, rows, _ = back(GRADEBOOK.replace(",10,7,", ",10,5,"))
    assert "Canvas's maximum is 5, roikit's is 7: points are written as they are" in said
    assert "Above the maximum; Canvas takes it: chenchen_103, lovelaceada_101" in said
    assert scores(rows)["101"] == "7"


def test_points_given_by_hand_are_missing(back):
    """A question of 3 points is in Canvas's maximum, and in no score of roikit's."""
    told = "is 7: points are written as they are, without the 3 given by hand: add them there"
    assert f"Canvas's maximum is 10, roikit's {told}" in back(GRADEBOOK.replace(",10,7,", ",10,10,"))[1]
    assert f"\nroikit's maximum {told}" in back(GRADEBOOK.replace(",10,7,", ",10,,"))[1]
    assert "given by hand" not in back()[1]  # a column for roikit's points alone


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "'gradebook.csv' is empty"),
        (GRADEBOOK.encode("utf-16"), "is UTF-16: export it again"),
        (GRADEBOOK.encode("utf-16-le"), "is UTF-16: export it again"),
        (GRADEBOOK.replace("quiet", "\0").encode(), "line 4 holds a NUL character"),
        (GRADEBOOK.replace("quiet", "été").encode("latin-1"), "is not UTF-8 in line 4"),
        (GRADEBOOK.replace('"Lovelace, Ada"', '"Lovelace, Ada').encode(), "is no CSV in line 5"),
        (GRADEBOOK.replace("quiet", "quiet,,,,").encode(), "has 14 cells in line 4, and 10 in its header"),
        (b"x" * (table.MAX_BYTES + 1), "is larger than 20 MiB"),
        (b"Student,ID,toy (51)\n" + b"x" * 200_000, "is no CSV in line 2: field larger than field limit"),
        (b"Name,Mark\nAda,3\n", "is no gradebook of Canvas: it has no column 'Student'"),
        (GRADEBOOK.replace(",Section", ",Sektion").encode(), "has no column 'Section'"),
        (GRADEBOOK.replace("toy (51)", "Toys (51)").encode(), "no column for toy: pass --column, one of "),
        (GRADEBOOK.replace("Essay", "toy").encode(), "has several columns for toy"),
        (GRADEBOOK.split("\n")[0].encode(), "lists no students"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_sentence(back, text, sentence):
    code, said, _, _ = back(text)
    assert code == 2
    assert sentence in said
    assert said.count("\n") == 1


def test_a_sum_is_no_column_for_grades(back):
    text = GRADEBOOK.replace("Current Score,", "Final Score (2020),")
    assert back(text, "--column", "Final Score (2020)")[0] == 2


def test_the_wrong_folder_is_one_sentence(run, tmp_path, capsys, graded):
    path = tmp_path / "grades.csv"
    path.write_text(GRADEBOOK)
    assert run("canvas", tmp_path, path, "--output", tmp_path / "x") == 2
    assert "is no folder of roikit grade" in capsys.readouterr().err
    assert run("canvas", graded, path, "--output", tmp_path) == 2
    assert "is the CSV itself" in capsys.readouterr().err
    assert path.read_text() == GRADEBOOK
    (tmp_path / "results.json").write_text('{"schema": "roikit-results", "version": 1, "submissions": [{}]}')
    assert run("canvas", tmp_path, path, "--output", tmp_path / "x") == 2
    assert "is damaged: grade the class again" in capsys.readouterr().err


# ------------------------------------------------------------------ who is who
def student(name, path="x.py"):
    return Student(name, 1.0, None, parse(path))


PEOPLE = [
    Person(0, "1", (("SIS id", "u1"), ("login", "ada@a.org")), "Lovelace, Ada"),
    Person(1, "2", (("SIS id", "u2"), ("login", "ada@b.org")), "Lovelace, Augusta"),
    Person(2, "3", (("SIS id", "1"), ("login", "cy")), "Young, Cy"),
    Person(3, "4", (), "Cy Young"),
]


@pytest.mark.parametrize(
    ("name", "rows", "rule"),
    [
        ("2", (1,), "id"),
        ("U2", (1,), "SIS id"),
        ("CY", (2,), "login"),
        ("ada@b.org", (1,), "login"),
        ("Ada Lovelace", (0,), "name"),
        ("lovelace ada", (0,), "name"),
        ("ada", (), "ambiguous"),  # the local part of two
        ("1", (), "ambiguous"),  # the id of one, the SIS id of another
        ("Cy Young", (), "ambiguous"),  # two people
        ("zoe", (), "unknown"),
    ],
)
def test_rules(name, rows, rule):
    found = match([student(name)], PEOPLE, "canvas")
    assert tuple(person.row for person in found.found.get(name, ())) == rows
    assert found.rules.get(name) == (rule if rows else None)
    assert (found.ambiguous == (name,)) == (rule == "ambiguous")
    assert (found.unknown == (name,)) == (rule == "unknown")


def test_two_students_are_not_one_person():
    found = match([student("u1"), student("Ada Lovelace"), student("u2")], PEOPLE, "canvas")
    assert list(found.found) == ["u2"]
    assert found.ambiguous == ("Ada Lovelace", "u1")


def test_an_id_in_a_file_name_is_the_surest():
    one = student("lovelaceada_3", "lovelaceada_3_77_toy.py")
    assert match([one], PEOPLE, "canvas").rules == {"lovelaceada_3": "id"}
    assert match([one], PEOPLE, "moodle").found == {}  # that of another system is none


def test_a_student_in_two_sections_has_two_rows():
    people = [Person(0, "1", (), "Ada"), Person(1, "1", (), "Ada")]
    assert [person.row for person in match([student("1")], people, "canvas").found["1"]] == [0, 1]


# ------------------------------------------------------------------ any text
WORDS = st.text(max_size=20)


@pytest.mark.parametrize("module", [lms_names, lms, people, table])
def test_examples_in_docstrings(module):
    found = doctest.testmod(module)
    assert (found.attempted > 0, found.failed) == (True, 0)


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_any_cell_is_written_so_that_no_spreadsheet_runs_it(cells):
    text = table.Table("x", ("a", "b"), tuple(map(tuple, cells))).text((0, 1), cells)
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            is_number = re.fullmatch(r"[+-][0-9.,]+%?|-", cell) is not None
            assert is_number or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@settings(deadline=None)
@given(person=st.from_regex(r"[a-zé]{1,20}", fullmatch=True), late=st.booleans(), rest=WORDS.filter(bool))
def test_any_name_of_canvas_gives_a_name_of_canvas(person, late, rest):
    """Of the rest of the name, which a student chose, nothing is left; its numbers are the upload's."""
    name = "_".join([person, *(["LATE"] if late else []), "12", "345", rest])
    upload = parse(name.replace("/", "-"))
    back = canvas.feedback_name(Student("x", None, None, upload), None)
    assert back == "_".join([person, *(["LATE"] if late else []), "12", "345", "feedback.html"])


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_one_sentence(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    try:
        found = table.read(path)
    except GraderError:
        with pytest.raises(GraderError, match=r"\A[^\n]*\Z"):
            table.read(path)
        return
    assert {len(row) for row in found.rows} <= {len(found.header)}
