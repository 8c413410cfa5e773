"""``roikit new-assignment NAME``: a folder with a small, complete assignment, to be changed into one's own.

What is written passes ``roikit lint-assignment`` as it is: whoever changes it hears from the first step on
what no longer fits.
"""

from __future__ import annotations

import re
import sys
from importlib import resources
from pathlib import Path

from grader import assignment as assignments
from grader.errors import AssignmentError

#: What a made assignment consists of; the notebook is named after it.
FILES = (
    "notebook.ipynb", "test_public.py", "grading/assignment.toml", "grading/test_hidden.py",
    "grading/solution.py", "grading/misconceptions.py", "grading/probes.py",
)  # fmt: skip
MAX_NAME = 40
_NAME = re.compile(r"[a-z][a-z0-9_]*")
#: A student's NAME.py would stand in the way of these.
_MODULES = {*sys.stdlib_module_names, "conftest", "grader", "numpy", "pytest", "roikit"}


def write(name: str, directory: Path) -> list[Path]:
    """Write a new assignment into ``directory/<name>/``.

    Parameters
    ----------
    name : str
        Of the folder and of the notebook in it.
    directory : Path
        Made if need be; holds nothing of this name yet.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    AssignmentError
        If the name cannot be one, or is taken.
    """
    _check(name)
    target = directory / name
    if target.exists() or target.is_symlink():
        raise AssignmentError(f"{target} is there already; a new assignment needs a folder of its own")
    (target / "grading").mkdir(parents=True)
    return [_fill_in(target / file.replace("notebook", name), file, name) for file in FILES]


def _fill_in(path: Path, file: str, name: str) -> Path:
    """Write a file from its template here: ``{{name}}`` and ``{{title}}`` stand for the new assignment's."""
    template = resources.files(__name__).joinpath("templates", *f"{file}.txt".split("/"))
    text = template.read_text(encoding="utf-8").replace("{{name}}", name)
    title = name.replace("_", " ").strip().capitalize()
    path.write_text(text.replace("{{title}}", title), encoding="utf-8")
    return path


def _check(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
        rule = f"lower-case letters, digits and _, a letter first, at most {MAX_NAME} of them"
        raise AssignmentError(f"the name of an assignment is made of {rule}; got {name!r}")
    if name in _MODULES or name.startswith("test_"):
        raise AssignmentError(f"{name} is the name of a Python module or test; take another one")
    if name in (*assignments.names(), assignments.SAMPLE_CLASS):
        raise AssignmentError(f"roikit has {name} already; take another name")
