"""Files beside a submission: those that it imports go with it, of the others it is told that they do not.

    roi_pool.ipynb      from my_pool import roi_pool
    my_pool.py          goes with it into the sandbox, where it is a module
    draft.ipynb         left aside
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from grader.errors import SubmissionError, UnreadableError
from grader.intake import extract, folder, names
from grader.intake.choice import StudentFile
from grader.intake.extract import module_source, shown
from grader.records import Cell, Source
from grader.sandbox.limits import DEFAULTS, Limits, show_size

MAX_MODULES = 50
#: Names that an import finds elsewhere: a file of this name is not what is imported while grading.
TAKEN = sys.stdlib_module_names | {"numpy", "roikit", "grader", "submission"}
_SHOWN = 5  # names in a note


def with_others(source: Source, name: str, others: Sequence[StudentFile], limits: Limits) -> Source:
    """The submission with the modules that it imports, and with notes on what else lies in its folder.

    Parameters
    ----------
    source : Source
    name : str
        Its path in the student's folder or archive.
    others : sequence of StudentFile
        The notebooks and modules that are there, without it.
    limits : Limits
        ``code`` bounds all that is run together.

    Raises
    ------
    SubmissionError
        They are too many, or too large.
    UnreadableError
        One changed while it was read.
    """
    place = name.rpartition("/")[0]
    near = [file for file in others if file.path.rpartition("/")[0] == place and file.name.endswith(".py")]
    importable = {file.name[:-3]: file for file in near if file.name[:-3].isidentifier()}
    modules = _imported(source, importable, limits)
    loaded = {importable[module.label.removesuffix(".py")] for module in modules}
    aside = [file for file in others if file not in loaded]
    notes = [f"graded is {shown(name)}"] if others else []
    if loaded:
        notes.append(f"with what it may import: {_listed(loaded)}")
    if aside:
        notes.append(f"left aside: {_listed(aside)}")
    told = ("; ".join(notes),) if notes else ()
    return replace(source, modules=modules, notes=(*source.notes, *told))


def _listed(files: Collection[StudentFile]) -> str:
    paths = sorted(file.path for file in files)
    return ", ".join(map(shown, paths[:_SHOWN])) + (", …" if len(paths) > _SHOWN else "")


def _imported(source: Source, files: Mapping[str, StudentFile], limits: Limits) -> tuple[Cell, ...]:
    """The modules of these files that the source imports, and those that they import."""
    found: dict[str, Cell] = {}
    waiting = [cell.text for cell in source.cells]
    room = limits.code - sum(len(text.encode()) for text in waiting)
    while waiting:
        for name in sorted(_words(waiting.pop()) & files.keys() - found.keys() - TAKEN):
            found[name] = _module(files[name], limits)
            waiting.append(found[name].text)
            room -= len(found[name].text.encode())
            if room < 0:
                raise SubmissionError(f"the code with what it imports is more than {show_size(limits.code)}")
            if len(found) > MAX_MODULES:
                raise SubmissionError(f"more than {MAX_MODULES} files beside the submission are imported")
    return tuple(found[name] for name in sorted(found))


def _words(text: str) -> set[str]:
    """Every name in a line that imports something."""
    lines = (line for line in text.split("\n") if "import" in line)
    return {word for line in lines for word in re.findall(r"\w+", line)}


def _module(file: StudentFile, limits: Limits) -> Cell:
    """A file as a module; one that cannot be read says why when it is imported."""
    try:
        (cell,) = module_source(file.name, file.read(limits.code), limits).cells
        return cell
    except UnreadableError:
        raise
    except SubmissionError as problem:
        return Cell(file.name, f"raise OSError({f'{file.name} cannot be read: {problem}'!r})\n")


def own_source(path: Path, data: bytes, limits: Limits = DEFAULTS) -> Source:
    """What `data` of one's own file holds, with the modules beside it that it imports: as it will be graded.

    Raises
    ------
    SubmissionError
        It cannot be read.
    """
    stem, suffix = names.split(path.name)
    beside = {other.name for other in path.parent.glob("*.py")} - {path.name, names.HANDED_OUT}
    others = [StudentFile(name, partial(folder.read, path.parent, (name,))) for name in sorted(beside)]
    return with_others(extract.source(stem + suffix, data, limits), path.name, others, limits)
