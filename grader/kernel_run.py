"""How `roikit.simt` starts a compiler and a student's program in grading: behind walls, and trusting neither.

What a program leaves is looked at here, before `roikit.simt` reads it as if an honest program had written it.
"""

from __future__ import annotations

import atexit
import functools
import re
import shutil
import subprocess
from pathlib import Path

from grader import kernel_report
from grader.alarm import paused
from grader.errors import SandboxError
from grader.records import CallOutcome, CallStatus
from grader.sandbox import reduced
from grader.sandbox.command import CommandBox
from grader.sandbox.text import clean_line
from grader.testing import StudentFailure
from roikit import simt
from roikit.simt.launch import PAGE

CASE, REPORT = "case", "report"  # the files of a launch
MAX_LINE = 500
#: What a program says of its kernel: bytes of shared memory; of each parameter whether it is a pointer and
#: const, its kind, its size, and how its types are spelled.
_DESCRIPTION = re.compile(r"\d{1,9}\n(?:[01]\t[01]\t[biufVx]\t[1-9]\d{0,6}\t[^\t\n]+\t[^\t\n]+\n){0,99}")
#: What ``nm --format=sysv`` says of a compiler's symbol: name, value, class, type, size, line, section.
_SYMBOL = re.compile(r"[\w.$ ]+\|[0-9a-f]{16}\|[^|]*\|[^|]*\|(?:[0-9a-f]{16})?\s*\|[^|]*\|[^|]*")
_NOTHING = 'extern "C" __global__ void nothing() {}'


def failure(status: CallStatus, sentence: str, message: str = "") -> StudentFailure:
    """The exception for a kernel that gave nothing; `message` is the compiler's, cleaned."""
    return StudentFailure(CallOutcome(status, clean_line(sentence), traceback=message))


class WalledRun:
    """Starts the processes of one kernel.

    Parameters
    ----------
    commands : CommandBox
    name : str
        The kernel's, for sentences.
    folder : Path
        Where `roikit.simt` has all its files of this kernel.

    Attributes
    ----------
    exit : int or None
        How the last process ended, as in ``subprocess``.
    """

    def __init__(self, commands: CommandBox, name: str, folder: Path) -> None:
        self._commands, self._name = commands, name
        self.folder = folder
        self.exit: int | None = None

    def run(self, argv: list[str], folder: Path, seconds: float) -> subprocess.CompletedProcess[str]:
        """What `roikit.simt` takes as ``run``.

        Raises
        ------
        StudentFailure
            The process went over a limit, or left what no honest one leaves.
        SandboxError
            The sandbox itself failed.
        """
        is_launch, is_described = argv[1:] == [CASE, REPORT], argv[1:] == ["describe"]
        (folder / REPORT).unlink(missing_ok=True)  # an earlier launch's
        case = _beginning(folder / CASE)
        with paused():
            ran = self._commands.run(argv, folder, seconds)
        if ran.status != "ended":
            what = self._name if is_launch or is_described else f"compiling {self._name}"
            raise failure(ran.status, f"{what} {ran.sentence}")
        self.exit = ran.exit
        if is_described and ran.exit == 0 and not _DESCRIPTION.fullmatch(ran.stdout):
            raise failure("crashed", f"{self._name} speaks for the program that runs it")
        if is_launch:
            self._check_launch(folder, case)
        said = _plain_symbols(ran.stdout) if argv[0] == "nm" else ran.stdout
        return subprocess.CompletedProcess(argv, ran.exit, _cut(said), _cut(ran.stderr))

    def _check_launch(self, folder: Path, case: tuple[int, bytes] | None) -> None:
        if _beginning(folder / CASE) != case:
            raise failure("crashed", f"{self._name} damaged the file of its own launch")
        try:
            kernel_report.check(folder / REPORT)
        except kernel_report.Forged as reason:
            raise failure("crashed", f"{self._name} wrote into its own report: {reason}") from None


def _beginning(path: Path) -> tuple[int, bytes] | None:
    """Of the file of a launch its size, and all that comes before the arrays."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return path.stat().st_size, file.read(PAGE)


def _cut(said: str) -> str:
    """Without endless lines, in which a number could have any number of digits."""
    return re.sub(rf"(.{{{MAX_LINE}}}).+", r"\1", said)


def _plain_symbols(said: str) -> str:
    """The symbols whose names a compiler makes; in an assembler's a name may hold any character."""
    return "".join(f"{line}\n" for line in said.splitlines() if _SYMBOL.fullmatch(line))


# ------------------------------------------------------------------ the engine
@functools.cache
def _engine(mode: str) -> Path:
    """A folder with the engine's object files: our own text, so it is compiled once and without walls."""
    folder = reduced.make_scratch(None)
    atexit.register(reduced.remove_scratch, folder)
    try:
        simt.RawKernel(_NOTHING, "nothing", mode=mode, folder=Path(folder)).compile()
    except simt.SimtError as error:
        raise SandboxError(str(error)) from None
    return Path(folder)


def put_engine(mode: str, folder: Path) -> None:
    """Puts the compiled engine into the folder of a kernel, where `roikit.simt` finds and uses it."""
    engine = _engine(mode)
    for path in (*engine.glob("*.o"), engine / "engine.key"):
        shutil.copy(path, folder)
