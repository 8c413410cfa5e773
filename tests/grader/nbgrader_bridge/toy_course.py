"""A course with the toy assignment, graded as the formgrader's button asks nbgrader for it."""

from contextlib import contextmanager

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from grader import course
from grader.nbgrader_bridge.course import configured

WRONG = "def scale(x, spatial_scale):\n    return x\n"
#: The toy assignment: 4 + 3 points by tests, 2 + 1 by a person.
FULL = 7.0


def nbgrader(folder):
    """What the formgrader calls, with the configuration of the course."""
    coursedir, config = configured(folder)
    return NbGraderAPI(coursedir, config=config)


def configure(folder, line):
    with open(folder / course.CONFIG, "a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def hand_in(folder, student, text, name="toy.py", stamp=None):
    place = folder / "submitted" / student / "toy"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text, encoding="utf-8")
    if stamp is not None:
        (place / "timestamp.txt").write_text(stamp)


def autograde(folder, student="*", **options):
    found = nbgrader(folder).autograde("toy", student, **options)
    return found["success"], found.get("log", "") + found.get("error", "")


@contextmanager
def gradebook(folder):
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "vision") as book:
        yield book


def score(folder, student):
    with gradebook(folder) as book:
        return book.find_submission("toy", student).score


def notebook(folder, student):
    return folder / "autograded" / student / "toy" / "toy.ipynb"
