"""Names of Canvas and Moodle: whose file it is, which one counts; and what is not one of theirs."""

import stat
import zipfile

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.intake.collect import folders_without, hand_ins
from grader.intake.lms_names import canvas, moodle, parse, places

CODE = b"x = 1\n"


@pytest.fixture
def collected():
    """A place -> {student: (path, refusal or notes)}."""

    def collect(where):
        with hand_ins(where, "toy") as found:
            read = [hand_in.read() for hand_in in found]
        return {one.student: (one.path, _first(one.refusal) or one.source.notes) for one in read}

    return collect


def _first(refusal):
    """What is wrong, without what to do about it."""
    return refusal.partition(";")[0]


@pytest.fixture(params=["zip", "folder", "zip with a folder around"])
def packed(request, tmp_path):
    """Names -> the place where they lie, packed or not."""

    def pack(*names):
        where = tmp_path / "submissions"
        if request.param == "folder":
            for name in names:
                (where / name).parent.mkdir(parents=True, exist_ok=True)
                (where / name).write_bytes(CODE)
            return where
        around = "class/" if "around" in request.param else ""
        with zipfile.ZipFile(where.with_suffix(".zip"), "w") as archive:
            for name in names:
                archive.writestr(around + name, CODE)
        return where.with_suffix(".zip")

    return pack


# ------------------------------------------------------------------ Canvas
@pytest.mark.parametrize(
    ("name", "student", "upload", "own"),
    [
        ("lovelaceada_12_345_toy.ipynb", "lovelaceada_12", "345", "toy.ipynb"),
        ("lovelaceada_LATE_12_345_toy-2.ipynb", "lovelaceada_12", "345", "toy-2.ipynb"),
        ("o9neil_12_345_my_1_2_toy.ipynb", "o9neil_12", "345", "my_1_2_toy.ipynb"),
        ("李小龙_12_345_toy.py", "李小龙_12", "345", "toy.py"),
        ("van_der_berg_12_345_toy.py", "van_der_berg_12", "345", "toy.py"),
        ("anon_Ab1Cd_345_toy.py", "anon_Ab1Cd", "345", "toy.py"),
        ("LATE_anon_Ab1Cd_345_toy.py", "anon_Ab1Cd", "345", "toy.py"),
        ("lovelaceada_12_text.html", "lovelaceada_12", "", "text.html"),
        ("lovelaceada_12_345_a\nb.py", "lovelaceada_12", "345", "a\nb.py"),
    ],
)
def test_canvas(name, student, upload, own):
    found = canvas(name)
    assert (found.student, found.upload, found.name, found.is_late) == (student, upload, own, "LATE" in name)


@pytest.mark.parametrize(
    "name",
    ["a_b_c.py", "ada.py", "ada_12.py", "ada_12_toy.py", "_12_345_toy.py", "ada_12_345_", "a b_1_2_c.py"],
)
def test_not_canvas(name):
    assert canvas(name) is None


def test_a_class_of_canvas(packed, collected):
    where = packed(
        "lovelaceada_1_10_toy.py",
        "lovelaceada_1_9_notes.pdf",
        "belabela_LATE_2_20_toy-3.py",
        "chen_3_30_toy.py", "chen_3_31_toy-1.py", "chen_3_32_toy-2.py",
        "dana_4_text.html",
        "emil_5_50_lab-1.py", "emil_5_51_lab-2.py",
        "anon_Ab1Cd_60_mine.py",
    )  # fmt: skip
    assert collected(where) == {
        "lovelaceada_1": ("lovelaceada_1_10_toy.py", ()),
        "belabela_2": ("belabela_LATE_2_20_toy-3.py", ("Canvas marks it as late",)),
        "chen_3": ("chen_3_32_toy-2.py", ("of 3 versions the latest one counts",)),
        "dana_4": ("dana_4_text.html", "no notebook (.ipynb) and no module (.py) was handed in"),
        "emil_5": ("emil_5_50_lab-1.py", "several files could be the submission: 'lab-1.py', 'lab-2.py'"),
        "anon_Ab1Cd": ("anon_Ab1Cd_60_mine.py", ()),
    }


def test_the_latest_is_the_one_that_was_uploaded_last():
    """Numbers are compared as numbers, and a file keeps its own name where the shorter one is nobody's."""
    names = ["a_1_9_toy.py", "a_1_10_toy-1.py", "a_1_8_toy-2.py", "a_1_7_x-1.py", "a_1_6_x-2.py"]
    found = places([(name,) for name in names], "toy")
    assert [place.is_outdated for place in found] == [True, False, True, False, False]
    assert [place.name for place in found] == ["toy.py", "toy.py", "toy.py", "x-1.py", "x-2.py"]


def test_a_class_with_other_names_is_not_canvas_s(packed, collected):
    assert set(collected(packed("team_1_2_toy.py", "ada.py"))) == {"team_1_2_toy", "ada"}


def test_one_student_s_odd_name_changes_nobody_else_s(tmp_path, collected):
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        for name in ("ada_1_2_toy.py", "eve_3_4_a\nb.py", "__MACOSX/._ada_1_2_toy.py"):
            archive.writestr(name, CODE)
    found = collected(tmp_path / "c.zip")
    assert found["ada_1"] == ("ada_1_2_toy.py", ())
    assert found["eve_3"][1].endswith("cannot be used as a name")


# ------------------------------------------------------------------ Moodle
@pytest.mark.parametrize(
    ("path", "student", "own"),
    [
        ("Ada Lovelace_77_assignsubmission_file_/toy.py", "Ada Lovelace_77", "toy.py"),
        ("Ada Lovelace_77_assignsubmission_file/toy.py", "Ada Lovelace_77", "toy.py"),
        ("Ada Lovelace_77_assignsubmission_file/a/b/toy.py", "Ada Lovelace_77", "toy.py"),
        ("Ada Lovelace_77_assignsubmission_file_toy.py", "Ada Lovelace_77", "toy.py"),
        ("Participant_77_assignsubmission_file_/toy.py", "Participant_77", "toy.py"),
        ("Gruppe A-José_77_assignsubmission_file_my_toy.py", "Gruppe A-José_77", "my_toy.py"),
        ("Ada_7_assignsubmission_onlinetext_/onlinetext.html", "Ada_7", "onlinetext.html"),
        ("Ada_7_assignsubmission_onlinetext_onlinetext.html", "Ada_7", "onlinetext.html"),
        ("Default group_assignsubmission_file_/toy.py", "Default group", "toy.py"),
        ("Ada_7_assignsubmission_file_Eve_8_assignsubmission_file_toy.py", "Ada_7",
         "Eve_8_assignsubmission_file_toy.py"),
    ],
)  # fmt: skip
def test_moodle(path, student, own):
    found = moodle(path.split("/"))
    assert (found.student, found.name, found.upload) == (student, own, "")


@pytest.mark.parametrize(
    "path", ["a_b_c/toy.py", "ada/toy/toy.py", "ada_7/toy.py", "x_y_7_assignsubmission_file/a.py"]
)
def test_not_moodle(path):
    assert moodle(path.split("/")) is None


def test_a_class_of_moodle(packed, collected):
    where = packed(
        "Ada Lovelace_7_assignsubmission_file_/toy.py",
        "Ada Lovelace_7_assignsubmission_onlinetext_/onlinetext.html",
        "Bela_8_assignsubmission_file/deep/er/mine.py",
        "Chen_9_assignsubmission_file_toy.py",
        "Dana_10_assignsubmission_onlinetext_/onlinetext.html",
        "Emil_11_assignsubmission_file_/toy/toy.py",
    )
    assert collected(where) == {
        "Ada Lovelace_7": ("Ada Lovelace_7_assignsubmission_file_/toy.py", ()),
        "Bela_8": ("Bela_8_assignsubmission_file/deep/er/mine.py", ()),
        "Chen_9": ("Chen_9_assignsubmission_file_toy.py", ()),
        "Dana_10": (
            "Dana_10_assignsubmission_onlinetext_" + ("/onlinetext.html" if where.suffix else ""),
            "no notebook (.ipynb) and no module (.py) was handed in",
        ),
        "Emil_11": ("Emil_11_assignsubmission_file_/toy/toy.py", ()),
    }
    assert folders_without(where, "toy") == ()


def test_a_single_student_s_folder_is_not_a_wrapper(packed, collected):
    assert set(collected(packed("Ada_7_assignsubmission_file_/toy.py"))) == {"Ada_7"}


def test_one_file_of_moodle_s(tmp_path, collected):
    place = tmp_path / "Ada_7_assignsubmission_file_" / "toy.py"
    place.parent.mkdir()
    place.write_bytes(CODE)
    assert set(collected(place)) == {"Ada_7"}


def test_links_are_not_followed(tmp_path, collected):
    root, secret = tmp_path / "class", tmp_path / "secret"
    secret.mkdir()
    (secret / "toy.py").write_bytes(CODE)
    (root / "Ada_7_assignsubmission_file_").mkdir(parents=True)
    (root / "Ada_7_assignsubmission_file_" / "sub").symlink_to(secret, target_is_directory=True)
    (root / "Bela_8_assignsubmission_file_").symlink_to(secret, target_is_directory=True)
    (root / "Chen_9_assignsubmission_file_").mkdir()
    (root / "Chen_9_assignsubmission_file_" / "toy.py").symlink_to(secret / "toy.py")
    assert {student: what for student, (_, what) in collected(root).items()} == {
        "Ada_7": "no notebook (.ipynb) and no module (.py) was handed in",
        "Bela_8": "the folder is a symbolic link",
        "Chen_9": "the file is a symbolic link",
    }


def test_paths_that_leave_are_nobody_s(tmp_path, collected):
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("Ada_7_assignsubmission_file_/../../toy.py", CODE)
        link = zipfile.ZipInfo("Bela_8_assignsubmission_file_/toy.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    found = collected(tmp_path / "c.zip")
    assert found.pop("Bela_8")[1] == "the file is a symbolic link"
    ((_, refusal),) = found.values()
    assert refusal.endswith("leaves the folder")


# ------------------------------------------------------------------ any name
PEOPLE = st.from_regex(r"[^\W_0-9]{1,12}", fullmatch=True)
NUMBERS = st.integers(0, 10**12).map(str)
OWN = st.text(min_size=1, max_size=30).filter(lambda name: "/" not in name)


@settings(deadline=None)
@given(PEOPLE, st.booleans(), NUMBERS, NUMBERS, OWN)
def test_what_canvas_puts_together_is_taken_apart(person, late, number, upload, own):
    assume(person != "anon" or len(number) != 5)  # Canvas itself takes that for a secret person
    name = "_".join([person, *(["LATE"] if late else []), number, upload, own])
    found = canvas(name)
    assert (found.person, found.id, found.upload, found.name) == (person, number, upload, own)
    assert found.is_late == late
    assert parse(name) == found


@settings(deadline=None)
@given(PEOPLE, NUMBERS, OWN, st.sampled_from(["_file_", "_file/", "_file_/"]))
def test_what_moodle_puts_together_is_taken_apart(person, number, own, between):
    path = f"{person} {person}_{number}_assignsubmission{between}{own}"
    found = moodle(path.split("/"))
    assert (found.person, found.id, found.name) == (f"{person} {person}", number, own)
    assert parse(path) == found


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), max_size=3).map(tuple), max_size=6))
def test_any_paths_have_places(paths):
    assert len(places(paths, "toy")) == len(paths)
