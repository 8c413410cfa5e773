"""``roikit course check``: a course without a fault, and each fault planted in a copy of it."""

import shlex
import shutil
from io import StringIO

import planted_faults
import pytest
from planted_faults import NAME
from rich.console import Console

from grader import course, new_assignment
from grader.cli import main
from grader.course import check


@pytest.fixture(scope="module")
def sound(tmp_path_factory, nbgrader):
    """A course with one assignment: released by nbgrader, with a gradebook, two hand-ins and feedback."""
    folder = tmp_path_factory.mktemp("sound")
    new_assignment.write(NAME, folder)
    root = folder / "course"
    course.init(root, [str(folder / NAME)])
    root.chmod(0o755)  # as by mkdir: nothing but the files' own modes protects them
    config = root / course.CONFIG
    config.write_text(config.read_text() + f'\nc.Exchange.root = "{folder / "exchange"}"\n')
    nbgrader(root, "generate_assignment", NAME)
    (root / "gradebook.db").chmod(0o600)
    for student in ("ada", "ben"):
        handed_in = root / "submitted" / student / NAME
        shutil.copytree(root / "release" / NAME, handed_in)
        (handed_in / "timestamp.txt").write_text("2030-01-31 18:00:00 UTC")
    page = root / "feedback" / "ada" / NAME / f"{NAME}.html"
    page.parent.mkdir(parents=True)
    page.write_text("<pre>width = np.maximum(boxes[:, 2] - boxes[:, 0], 0)</pre>")  # her own, and right
    return root


@pytest.fixture
def planted(sound, tmp_path):
    """A copy, to plant a fault in."""
    return shutil.copytree(sound, tmp_path / "course", symlinks=True)


def test_a_sound_course(sound):
    assert check.findings(sound) == ()


@pytest.mark.parametrize(
    ("fault", "severity", "place", "sentence"),
    planted_faults.FAULTS,
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_fault_is_found(planted, fault, severity, place, sentence):
    fault(planted)
    found = check.findings(planted)
    (one,) = (one for one in found if one.severity == severity and one.place.endswith(place))
    assert sentence in one.sentence
    assert all(one.remedy for one in found)


# ------------------------------------------------------------------ what to do
def test_a_student_without_a_hand_in_can_be_removed(planted, nbgrader):
    """The remedy, as it is printed; an assignment whose hand-ins lie elsewhere says nothing of a student."""
    planted_faults.graded(planted, "ada", "cy", "ada~2")
    made_up, gone = check.findings(planted)
    assert made_up.sentence == "the student 'ada~2' has no hand-in in submitted/"
    assert made_up.remedy == "`nbgrader db student remove --force 'ada~2'`"
    assert gone.remedy.startswith("bring it back; or `nbgrader db student remove --force cy`")
    shutil.rmtree(planted / "submitted")
    assert check.findings(planted) == (made_up,)
    nbgrader(planted, *shlex.split(made_up.remedy.strip("`"))[1:])
    assert check.findings(planted) == ()


def test_names_alike_are_told_apart_by_hand(planted):
    planted_faults.names_alike(planted)
    found = check.findings(planted)
    assert [one.severity for one in found] == ["error", "error"]
    assert all("move one away or rename it" in one.remedy for one in found)


def test_an_assignment_of_nbgrader_alone_belongs_elsewhere(planted):
    planted_faults.source_of_nbgrader_alone(planted)
    (one,) = (one for one in check.findings(planted) if one.severity == "error")
    assert "needs grading/ (see `roikit new-assignment`), or belongs into a course of its own" in one.remedy


def test_what_is_said_of_the_seed_is_said_once(planted):
    planted_faults.no_seed(planted)
    _, text = printed(planted)
    assert "  error   seed.txt: the secret that hidden inputs are drawn from: No such file" in text


# ------------------------------------------------------------------ what is printed
def printed(root, width=100):
    console = Console(file=StringIO(), width=width)
    return check.run(console, root), console.file.getvalue()


def test_a_sound_course_in_one_line(sound):
    is_well, text = printed(sound)
    assert is_well
    assert text == f"All is well: {sound}\n"


def test_findings_by_folder_with_remedies(planted):
    planted_faults.seed_is_readable(planted)
    planted_faults.bank_released(planted)
    planted_faults.without_time(planted)
    is_well, text = printed(planted)
    assert not is_well
    assert [line.rstrip() for line in text.splitlines()] == [
        "the course",
        "  warning seed.txt: can be read by everybody with an account on this machine",
        "          -> chmod 600 seed.txt",
        "",
        "release",
        f"  error   release/{NAME}/misconceptions.py: is what students must never get",
        "          -> delete it; if students have it, draw a new seed and change what it gives away",
        "",
        "submitted",
        f"  note    submitted/*/{NAME}: 1 of 2 hand-ins have no timestamp.txt",
        "          -> they count as on time; or write one: 2030-01-31 18:00:00 UTC",
        "",
        f"1 error, 1 warning, 1 note: {planted}",
    ]


def test_warnings_are_no_failure(planted):
    planted_faults.gradebook_is_readable(planted)
    is_well, text = printed(planted)
    assert is_well
    assert text.endswith(f"1 warning: {planted}\n")


def test_many_of_a_kind_are_cut(planted):
    for number in range(30):
        planted_faults.write(planted / "release" / NAME / str(number) / "misconceptions.py", "")
    _, text = printed(planted)
    assert text.count("misconceptions.py") == 20
    assert "and 10 more" in text
    assert "30 errors: " in text


def test_names_of_strangers_are_text(planted):
    """Neither markup nor a terminal's commands."""
    (planted / "submitted" / "ben" / NAME).rename(planted / "submitted" / "ben" / "[red]\x1b[2J")
    _, text = printed(planted)
    assert "submitted/*/[red]\N{REPLACEMENT CHARACTER}[2J" in text


def test_the_command(planted, monkeypatch, capsys):
    monkeypatch.chdir(planted)
    assert main(["course", "check"]) == 0
    planted_faults.seed_released(planted)
    assert main(["course", "check", "."]) == 1
    assert "seed.txt under another name" in capsys.readouterr().out
    assert main(["course", "check", "elsewhere"]) == 2
    assert capsys.readouterr().err == "roikit: there is no folder elsewhere\n"


def test_a_folder_that_is_no_course(tmp_path, capsys):
    assert main(["course", "check", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"roikit: nothing of a course is in {tmp_path}: cd into one, or `roikit course init DIR`\n"
    )


def test_without_nbgrader(sound, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    (one,) = check.findings(sound)
    assert one.sentence == "cannot be read: nbgrader is not installed here"


def test_the_process_keeps_its_scorer(planted):
    """The formgrader's server may look at a course, too."""
    from nbgrader.apps import api

    before = api.Autograde
    planted_faults.no_scorer(planted)
    check.findings(planted)
    assert api.Autograde is before
