"""The corpus of hostile files, archives and names, through the real intake, sandbox and reports.

Every builder in ``attacks/files/`` says what must come of it (``# expect:``) and what it makes (``# kind:``):
``file SUFFIX`` one student's hand-in, ``class zip|tar`` the archive of a whole class, ``names`` paths in a
class. Beside each, zoe hands in a right solution and gets her points. ``whole`` means that the archive is
refused as one, ``missing`` that nobody but zoe is found.
"""

import dataclasses
import json
import os
import re
import runpy
import tarfile
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.executors import usable_cores
from grader.intake.collect import hand_ins
from grader.nbgrader_bridge import write_gradebook
from grader.pipeline import Plan, grade_class
from grader.report import html, results_json, scores_csv

FILES = Path(__file__).parents[1] / "attacks" / "files"
BUILDERS = sorted(path for path in FILES.glob("*.py") if path.name != "making.py")
#: What the largest file that is read may take, on its way; the bombs unpack to more.
MOST_MEMORY = 250 << 20
#: Control characters, what hides and reorders text, halves of characters.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def said(path, word):
    return re.search(rf"^# {word}: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)[1]


def expected(path):
    return set(said(path, "expect").split("|"))


def of_kind(kind):
    return [path for path in BUILDERS if said(path, "kind").split()[0] == kind]


def of_builders(kind):
    paths = of_kind(kind)
    return pytest.mark.parametrize("path", paths, ids=[path.stem for path in paths])


@pytest.fixture(scope="session")
def making():
    """The builders' own module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FILES))
        yield __import__("making")


@pytest.fixture
def good(making):
    return making.GOOD.encode()


def built(path, making):
    return runpy.run_path(str(path))["build"]()


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder in which nothing may change: also a temporary file would lie there."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "secret.py").write_text("x = 'canary'")
    return tmp_path


def tree(place):
    found = {}
    for folder, folders, files in os.walk(os.fsencode(place)):
        for name in (*folders, *files):
            state = os.lstat(os.path.join(folder, name))
            found[os.path.join(folder, name)] = (state.st_mode, state.st_size, state.st_mtime_ns)
    return found


def memory(field):
    return int(re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) << 10


def read_in_peace(where, place, limit=MOST_MEMORY):
    """Every submission of a class; while they are read, memory and the files around them stay as they are."""
    before = tree(place)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    resident = memory("VmRSS")
    with hand_ins(where, "toy") as found:
        read = [hand_in.read() for hand_in in found]
    assert memory("VmHWM") - resident < limit
    assert tree(place) == before
    return read


def what_came(submission):
    if submission.source is not None:
        return "accepted"
    return "internal_error" if submission.is_ours else "refused"


def check(read, outcomes, good, mates=("zoe",)):
    """What came of all but zoe is expected; she is unharmed, and all that people will read is clean."""
    graded = {"accepted" if outcome in ("correct", "error") else outcome for outcome in outcomes}
    others = [submission for submission in read if submission.student not in mates]
    assert others or "missing" in graded
    for submission in others:
        assert what_came(submission) in graded, submission.refusal
    for submission in read:
        notes = submission.source.notes if submission.source else ()
        text = "\n".join((submission.student, submission.path, submission.refusal, *notes))
        assert not UNSAFE.search(text.replace("\n", "")), text
        assert len(text) < 6000
        assert submission.source is not None or submission.refusal
    (zoe,) = (submission for submission in read if submission.student == "zoe")
    assert zoe.source.cells[0].text.encode() == good


# ------------------------------------------------------------------ intake
@of_builders("file")
def test_a_hostile_file(path, place, making, good):
    suffix = said(path, "kind").split()[1]
    for student, name, data in (("eve", f"toy.{suffix}", built(path, making)), ("zoe", "toy.py", good)):
        (place / "class" / student / "toy").mkdir(parents=True)
        (place / "class" / student / "toy" / name).write_bytes(data)
    del data
    check(read_in_peace(place / "class", place), expected(path), good)


@of_builders("class")
def test_a_hostile_archive_of_a_class(path, place, making, good):
    where = place / f"class.{said(path, 'kind').split()[1]}"
    where.write_bytes(built(path, making))
    if expected(path) == {"whole"}:
        with pytest.raises(SubmissionError) as refused:
            read_in_peace(where, place)
        assert not UNSAFE.search(str(refused.value))
    else:
        check(read_in_peace(where, place), expected(path), good)


def fits_a_disk(path):
    parts = path.split("/")
    return "\0" not in path and ".." not in parts and all(len(os.fsencode(part)) < 256 for part in parts)


@of_builders("names")
def test_hostile_names_in_a_folder(path, place, making, good):
    wanted = [name for name in built(path, making) if fits_a_disk(name)]
    for name in (*wanted, "zoe/toy/toy.py"):
        file = os.path.join(os.fsencode(place / "class"), os.fsencode(name))
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as out:
            out.write(good)
    outcomes = expected(path) if wanted else {"missing"}
    check(read_in_peace(place / "class", place), outcomes, good)


@of_builders("names")
def test_hostile_names_in_a_zip(path, place, making, good):
    wanted = [name for name in built(path, making) if name.isascii() or "\udc80" not in ascii(name)]
    wanted = [name for name in wanted if not re.search("[\ud800-\udfff]", name)]
    files = [(making.entry(name), good) for name in (*wanted, "zoe/toy/toy.py")]
    (place / "class.zip").write_bytes(making.zipped(*files))
    outcomes = expected(path) if wanted else {"missing"}
    check(read_in_peace(place / "class.zip", place), outcomes, good)


@of_builders("names")
def test_hostile_names_in_a_tar(path, place, making, good):
    wanted = [name for name in built(path, making) if "\0" not in name]
    files = [(name, good) for name in (*wanted, "zoe/toy/toy.py")]
    (place / "class.tgz").write_bytes(making.tarred(*files, format=tarfile.GNU_FORMAT))
    outcomes = expected(path) if wanted else {"missing"}
    check(read_in_peace(place / "class.tgz", place), outcomes, good)


# ------------------------------------------------------------------ sandbox and reports
def gather(root, making, good):
    """A class of every hostile file that is not always refused, and of every name that is a student's."""
    wanted = {}
    for path in of_kind("file"):
        if expected(path) != {"refused"}:
            wanted[f"{path.stem}/toy/toy.{said(path, 'kind').split()[1]}"] = path, built(path, making)
    for path in of_kind("names"):
        if expected(path) in ({"correct"}, {"refused"}):
            wanted |= {name: (path, good) for name in built(path, making) if fits_a_disk(name)}
    for name, (_, data) in wanted.items():
        file = os.path.join(os.fsencode(root), os.fsencode(name))
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as out:
            out.write(data)
    return {name: path for name, (path, _) in wanted.items()}


@pytest.fixture(scope="module")
def hostile_class(toy, rung, making, tmp_path_factory):
    """The whole class, graded; its folder; and which builder made which path."""
    root = tmp_path_factory.mktemp("hostile") / "class"
    wanted = gather(root, making, making.GOOD.encode())
    for number in range(5):
        (root / f"zoe{number}.py").write_text(making.GOOD)
    patient = dataclasses.replace(toy, limits={**toy.limits, "call_seconds": 20, "cpu_seconds": 20})
    with hand_ins(root, "toy") as found:
        return grade_class(Plan(patient, rung, seed=3), found, jobs=usable_cores()), root, wanted


def test_every_hostile_hand_in_gets_what_it_should(hostile_class):
    result, _, wanted = hostile_class
    found = {submission.path: submission for submission in result.submissions}
    for path, builder in wanted.items():
        if expected(builder) == {"refused"}:
            continue  # under a name that can be shown
        submission = found[path]
        assert submission.outcome in expected(builder), (path, submission.notes)
        assert submission.score in ({7.0} if submission.outcome == "correct" else {0.0, 3.0, 4.0}), path
    zoes = [submission for submission in result.submissions if submission.student.startswith("zoe")]
    assert [zoe.score for zoe in zoes] == [7.0] * 5


def test_what_is_written_about_a_hostile_class(hostile_class, place):
    """Nothing lies outside of the output folder, and no text of a stranger is more than text."""
    result, root, _ = hostile_class
    before, output = set(tree(place)), place / "output"
    results_json.write(result, output / "results.json")
    scores_csv.write(result, output / "scores.csv")
    html.write(result, output / "report")
    write_gradebook(result, output / "gradebook.db", root)
    after = set(tree(place))
    assert before <= after
    assert all(name.startswith(os.fsencode(output)) for name in after - before)
    written = [path for path in output.rglob("*") if path.suffix in (".json", ".csv", ".html")]
    assert len(written) > 2 * len(result.submissions)
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert not UNSAFE.search(re.sub(r"[\r\n\t]", "", text)), path
        assert path.suffix != ".html" or not re.search(r"<(script|img|iframe|svg (?!viewBox))", text), path
    for path in (output / "autograded").glob("*/toy/toy.ipynb"):
        check_inert(json.loads(path.read_bytes()))


INERT = {
    "b", "br", "code", "details", "div", "img", "p", "pre", "span", "summary", "table", "tbody", "td", "tr",
    "alt", "class", "colspan", "style", "src=data:image/svg+xml;base64",
}  # fmt: skip


class Tags(HTMLParser):
    """Names of tags and attributes; of an address how it begins."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attributes):
        self.found.add(tag)
        for name, value in attributes:
            self.found.add(f"{name}={value.partition(',')[0]}" if name in ("src", "href") else name)


def check_inert(notebook):
    """Outputs and metadata are the grader's own, whatever was handed in."""
    assert set(notebook["metadata"]) == {"kernelspec"}
    for cell in notebook["cells"]:
        assert set(cell["metadata"]) <= {"nbgrader"}
        for output in cell.get("outputs", ()):
            assert set(output["data"]) <= {"text/html", "text/plain"}
            page = Tags()
            page.feed(output["data"].get("text/html", ""))
            assert page.found <= INERT
        assert cell["cell_type"] == "code" or not re.search(r"<\S|\]\((?!attachment:)", cell["source"])
