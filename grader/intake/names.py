"""Names that strangers chose: what is junk, what can be used, which of several files is the submission."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from grader.errors import SubmissionError
from grader.intake.extract import shown
from grader.sandbox.limits import Limits

MAX_NAME = 100  # characters of a student's or a file's name
MAX_BYTES = 200  # of the same in UTF-8: file systems count bytes, most of them up to 255
MAX_PATH = 1000  # characters of a path in an archive
SOURCES = (".ipynb", ".py")
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")
#: Handed out, so handed in again, but never the submission.
HANDED_OUT = "test_public.py"
_UNUSABLE = re.compile(r'[<>:"|?*\\/]')
_DRIVE = re.compile(r"[A-Za-z]:")


def parts(path: str) -> tuple[str, ...]:
    """An archive's path as its parts; ``..`` and an absolute beginning stay visible, to be refused.

    >>> parts("ada\\\\toy/./toy.py"), parts("C:/toy.py")
    (('ada', 'toy', 'toy.py'), ('/', 'C:', 'toy.py'))
    """
    path = path.replace("\\", "/")
    found = tuple(part for part in path.split("/") if part not in ("", "."))
    return ("/", *found) if path.startswith("/") or _DRIVE.match(path) else found


def leaves(path: tuple[str, ...]) -> bool:
    """Whether a path leads out of the place that it is in."""
    return ".." in path or path[:1] == ("/",)


def is_junk(path: tuple[str, ...]) -> bool:
    """What file managers, Jupyter and Python leave behind."""
    return any(
        part in ("__MACOSX", "__pycache__") or (part.startswith(".") and part != "..") for part in path
    )


def is_usable(name: str) -> bool:
    """Whether a name can be one of a folder, and be shown as it is."""
    is_plain = name.isprintable() and name != ".." and not _UNUSABLE.search(name)
    return is_plain and 0 < len(name) <= MAX_NAME and len(name.encode()) <= MAX_BYTES


def alike(name: str) -> str:
    """The same for all names that a file system or a reader may take for one another.

    >>> alike("Ada") == alike("ada. ") == alike("\\uff41da")
    True
    """
    return unicodedata.normalize("NFKC", name).casefold().rstrip(". ")


def plain(name: str) -> str:
    """A usable name of letters and digits for one that is not; two that differ stay different."""
    kept = re.sub(r"[^\w.@+-]+", "_", name.encode("ascii", "replace").decode())[:60].strip("._")
    return f"{kept or 'unnamed'}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def split(name: str) -> tuple[str, str]:
    """(stem, suffix) where the suffix is one of a hand-in, in lower case; else the name and nothing.

    >>> split("Toy.IPYNB"), split("toy.tar.gz"), split("toy.csv")
    (('Toy', '.ipynb'), ('toy', '.tar.gz'), ('toy.csv', ''))
    """
    for suffix in (*SOURCES, *ARCHIVES):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)], suffix
    return name, ""


def clash(paths: Iterable[tuple[str, ...]]) -> str:
    """What is wrong with a set of paths in one archive: one is there twice, or is a file and a folder."""
    keyed = sorted((tuple(map(alike, path)), path) for path in paths)
    for (before, _), (after, path) in pairwise(keyed):
        if before == after:
            return f"the archive holds {shown('/'.join(path))} twice"
        if after[: len(before)] == before:
            return f"the archive holds {shown('/'.join(path[: len(before)]))} as a file and as a folder"
    return ""


def candidates(paths: Sequence[str], assignment: str) -> list[int]:
    """Which of a student's files may be the submission: their places among `paths`, one where it is clear.

    The one named after the assignment, a notebook before a module; else all there are. An archive counts
    where there is no notebook and no module, or where it has the assignment's name.
    """
    found = [split(path.rpartition("/")[2]) for path in paths]
    stem = assignment.lower()
    for kind in SOURCES:
        named = [at for at, (own, suffix) in enumerate(found) if (own.lower(), suffix) == (stem, kind)]
        if named:
            return named
    sources = [at for at, (_, suffix) in enumerate(found) if suffix in SOURCES]
    packed = [at for at, (_, suffix) in enumerate(found) if suffix in ARCHIVES]
    own = [at for at in packed if found[at][0].lower() == stem]
    named = [*sources, *own] or packed
    if not named:
        raise SubmissionError("no notebook (.ipynb) and no module (.py) was handed in")
    return named


def limit_of(name: str, limits: Limits) -> int:
    """Bytes that are read of a hand-in of this name."""
    suffix = split(name)[1]
    return limits.code if suffix == ".py" else limits.notebook if suffix == ".ipynb" else limits.archive
