"""Runs commands behind the sandbox's walls: a compiler on a stranger's text, the program that comes of it.

    with CommandBox(LIMITS, choose_rung("auto")) as box:
        box.run(["g++", "kernel.cpp", "-o", "kernel"], folder, seconds=60)
        box.run(["./kernel", "case", "out"], folder, seconds=10)

A command never works in the folder itself. The files go into the sandbox as bytes; after the command those
that its words name (``-c unit.cpp`` names ``unit.o``) come back as bytes, and are written into the folder as
plain files. So nothing of the machine but the compiler is in there, and no link, no device and no endless
file ever lies in the folder. The walls are those of a submission in Python (``box``): a compiler is no wall,
and nothing here reads the text that it is given.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from grader.errors import SandboxError
from grader.records import CallOutcome, Cell, Source

from . import places, tools
from .box import Sandbox
from .limits import GIB, MIB, Limits, show_seconds, show_size
from .rungs import Rung

#: For commands; a compiler at work takes a second and 300 MiB.
LIMITS = Limits(
    call_seconds=60.0, cpu_seconds=90, total_seconds=300.0, memory=1 * GIB, address_space=4 * GIB,
    file_size=128 * MIB, tmpfs=256 * MIB, reply=128 * MIB, prints_kept=1 * MIB, prints_end=4 * MIB,
)  # fmt: skip
MARGIN_SECONDS = 5.0  # for the files on their way, beside the command's own time
#: A file that a command's words may name: inside the folder, and nothing hidden.
_NAME = re.compile(r"[A-Za-z0-9_][\w.+-]*(?:/[A-Za-z0-9_][\w.+-]*)*", re.ASCII)
#: What the runner's answer is made of; anything else in its place is refused.
_ANSWER = {"why": str, "exit": int, "files": dict}

Status = Literal["ended", "timeout", "memory", "output_limit", "crashed"]


@dataclass(frozen=True)
class Ran:
    """What became of a command; all but ``status`` and ``seconds`` is the command's own word."""

    status: Status
    sentence: str = ""  # why it was stopped, without a subject: "took more than 10 s"
    exit: int = 0  # of a command that ended; negative: the signal that ended it
    stdout: str = ""  # cleaned of control characters and cut
    stderr: str = ""
    seconds: float = 0.0


class CommandBox:
    """Runs commands one after the other; no process and no file of one is there for the next.

    Parameters
    ----------
    limits : Limits
        ``call_seconds`` is the longest that a command may ask for.
    rung : Rung
        From ``choose_rung``.
    slot : int, default 0
        As for ``Sandbox``.
    compiler : str, default "g++"
        The compiler that the sandbox has.

    Raises
    ------
    SandboxError
        There is no such compiler here, or the sandbox does not start.
    """

    def __init__(self, limits: Limits, rung: Rung, slot: int = 0, compiler: str = "g++") -> None:
        self._limits = limits
        patient = dataclasses.replace(limits, call_seconds=limits.call_seconds + MARGIN_SECONDS)
        text = (places.HERE / "runner.py").read_text()
        source = Source((Cell("runner.py", text),), is_notebook=False)
        self._box = Sandbox(source, patient, rung, slot, tools=tools.find(compiler))

    def run(self, argv: Sequence[str], folder: Path, seconds: float) -> Ran:
        """Runs ``argv`` in a copy of ``folder``.

        Parameters
        ----------
        argv : sequence of str
            A tool on the sandbox's path, which sees all files of the folder; or a program of the folder,
            ``./NAME``, which sees itself and the files that the other words name.
        folder : Path
            The grader's own. Files that the words name are in it afterwards as the command left them.
        seconds : float
            Of wall time.

        Returns
        -------
        Ran
            Never an exception for what the command did.

        Raises
        ------
        SandboxError
            The sandbox itself failed, or does not have the tool.
        """
        wanted = [word for word in _named(argv) if _may_be_written(word, folder)]
        files = _files(folder, [argv[0], *wanted] if argv[0].startswith("./") else None)
        if sum(map(len, files.values())) > self._limits.tmpfs:
            return Ran("output_limit", f"needs files of more than {show_size(self._limits.tmpfs)}")
        seconds = min(seconds, self._limits.call_seconds)
        outcome = self._box.call("run", [list(argv), files, wanted, float(seconds), self._room()])
        if outcome.status != "returned":
            return self._stopped(outcome)
        why, code, written = _parse(outcome.value, wanted)
        if why == "absent" and not argv[0].startswith("./"):
            raise SandboxError(f"the sandbox cannot run {argv[0]}")
        for name, data in written.items():
            _replace(folder / name, data)
        ran = Ran("ended", "", code, outcome.stdout, outcome.stderr, outcome.seconds)
        if why == "ended":
            return ran
        status, sentence = self._limit(why, seconds)
        return dataclasses.replace(ran, status=status, sentence=sentence)

    def _room(self) -> int:
        return self._limits.reply - MIB  # the files' names and the heads of their blocks take some

    def _limit(self, why: str, seconds: float) -> tuple[Status, str]:
        if why == "timeout":
            return "timeout", f"took more than {show_seconds(seconds)}"
        if why == "large":
            return "output_limit", f"wrote more than {show_size(self._room())}"
        if why == "absent":
            return "crashed", "is not a program that this machine can run"
        return "output_limit", f"needs files of more than {show_size(self._limits.tmpfs)}"

    def _stopped(self, outcome: CallOutcome) -> Ran:
        """The sandbox stopped the command together with the runner, or the command ended the runner."""
        if outcome.status in ("error", "refused"):
            raise SandboxError(f"running a command in the sandbox fails: {outcome.sentence}")
        status: Any = outcome.status
        sentence = re.sub("^(?:run|importing the file) ", "", outcome.sentence)
        return Ran(status, sentence, 0, outcome.stdout, outcome.stderr, outcome.seconds)

    def close(self) -> None:
        """Ends the sandbox and every process in it."""
        self._box.close()

    def __enter__(self) -> CommandBox:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


# ---------------------------------------------------------------- the folder
def _named(argv: Sequence[str]) -> list[str]:
    """The words of a command, and the object files that a compiler makes without being told their names."""
    sources = [Path(word) for word in argv if word.endswith(".cpp")] if "-c" in argv else []
    return list(dict.fromkeys([*argv[1:], *(f"{source.stem}.o" for source in sources)]))


def _may_be_written(word: str, folder: Path) -> bool:
    """Whether a word names a file in the folder, or in a folder that is in it."""
    path = folder / word
    return bool(_NAME.fullmatch(word)) and not path.is_dir() and path.parent.resolve().is_dir()


def _files(folder: Path, names: Sequence[str] | None) -> dict[str, np.ndarray]:
    """The files of the folder, or those of them that are named, by their names."""
    paths = sorted(folder.rglob("*")) if names is None else [folder / name for name in names]
    return {
        str(path.relative_to(folder)): np.frombuffer(path.read_bytes(), np.uint8)
        for path in paths
        if path.is_file()
    }


def _parse(value: Any, wanted: Sequence[str]) -> tuple[str, int, dict[str, np.ndarray | None]]:
    """The runner's answer; it is ours, and looked at as if it were not."""
    is_answer = type(value) is dict and {name: type(part) for name, part in value.items()} == _ANSWER
    if not is_answer or value["why"] not in ("ended", "timeout", "large", "absent", "full"):
        raise SandboxError("a command in the sandbox was answered by somebody else")
    for name, data in value["files"].items():
        is_bytes = isinstance(data, np.ndarray) and data.dtype == np.uint8 and data.ndim == 1
        if name not in wanted or not (data is None or is_bytes):
            raise SandboxError("a command in the sandbox gave back what it was not asked for")
    return value["why"], value["exit"], value["files"]


def _replace(path: Path, data: np.ndarray | None) -> None:
    """A plain file with these bytes in the place of whatever was there, or nothing."""
    path.unlink(missing_ok=True)
    if data is not None:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(data.tobytes())
