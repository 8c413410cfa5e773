"""The fixture ``student_kernel``: a test's way to a student's CUDA C, which runs on the CPU behind walls.

    kernel = student_kernel(student.source(), "scale")
    kernel(grid, block, [x, y, np.int32(n)])

A kernel is C++ and may try anything: nothing here reads its text for bad words, which would be no wall.
`roikit.simt` turns away what it cannot do, and `CommandBox` holds the compiler and the program. Only a
launch's inputs go in there. What comes back is the arrays that the kernel may write, and the program's own
word about the rest: findings and traffic can be forged by whoever goes to that length, values only by
computing them.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.errors import SandboxError
from grader.kernel_run import WalledRun, failure, put_engine
from grader.sandbox import choose_rung, reduced
from grader.sandbox.command import LIMITS, CommandBox
from grader.sandbox.text import clean, clean_line
from grader.testing import StudentFailure
from roikit import simt
from roikit.simt import compiler
from roikit.simt.arguments import Unwritten

MAX_SOURCE = 256 << 10
MAX_MESSAGE = 4000
LAUNCH_SECONDS = 10.0
#: What bounds a launch's memory, beside the sandbox's own limit.
LAUNCH_BYTES = 512 << 20


class KernelWrong(AssertionError):
    """The kernel ran and did something that is wrong on a GPU; the message is the sentence for its author."""


def of(box: Any) -> StudentKernels:
    """For the hand-in of a box: on the rung where its Python runs, else on the best one of this machine."""
    if getattr(box, "is_own_code", False):
        return of_own_code()
    rung = getattr(box, "rung", None) or choose_rung("auto")
    try:
        program = compiler.find()[0]
    except simt.NoCompiler as error:
        raise SandboxError(str(error)) from None
    return StudentKernels(CommandBox(LIMITS, rung, getattr(box, "slot", 0), program))


def of_own_code() -> StudentKernels:
    """For one's own kernels, on one's own machine: without walls."""
    return StudentKernels(None)


class StudentKernels:
    """Compiles and keeps the kernels of one hand-in.

    Parameters
    ----------
    commands : CommandBox, optional
        Where compiler and programs run. Without one they run as they are: for one's own code alone.
    """

    def __init__(self, commands: CommandBox | None) -> None:
        self._commands = commands
        self._folder = Path(reduced.make_scratch(None)) if commands is not None else None
        self._kept: dict[tuple[Any, ...], StudentKernel | StudentFailure] = {}

    def __call__(
        self,
        source: Any,
        name: str,
        *,
        mode: str = "check",
        options: Sequence[str] = (),
        order: str = "forward",
        seconds: float = LAUNCH_SECONDS,
    ) -> StudentKernel:
        """The kernel of this name in a student's text, compiled.

        Parameters
        ----------
        source : str
            What the student handed in; anything but text is the student's error.
        name : str
            The kernel's.
        mode : {"check", "fast"}
            ``"check"`` finds races, accesses out of bounds and the like; ``"fast"`` only runs.
        options, order
            As for `roikit.simt.RawKernel`.
        seconds : float, default 10
            That a launch may take.

        Raises
        ------
        StudentFailure
            The text does not compile, or its compiling goes over a limit.
        """
        __tracebackhide__ = True
        text = _text(source, name)
        options = tuple(options)
        key = (text, name, mode, options, order, seconds)
        if key not in self._kept:
            chosen = {"mode": mode, "options": options, "order": order, "timeout": seconds}
            self._kept[key] = self._made_from(text, name, **chosen)
        kernel = self._kept[key]
        if isinstance(kernel, StudentFailure):
            raise StudentFailure(kernel.outcome)
        return kernel

    def _made_from(self, text: str, name: str, **options: Any) -> StudentKernel | StudentFailure:
        """The kernel, or why there is none: the same text is not compiled again."""
        try:
            return StudentKernel(text, name, self._walls(name, options["mode"]), **options)
        except StudentFailure as reason:
            return reason

    def _walls(self, name: str, mode: str) -> WalledRun | None:
        if self._commands is None or self._folder is None:
            return None
        folder = self._folder / str(len(self._kept))
        folder.mkdir(exist_ok=True)  # where an earlier try failed for a reason of ours
        put_engine(mode, folder)
        return WalledRun(self._commands, name, folder)

    def close(self) -> None:
        """Ends the sandbox and removes what was compiled."""
        if self._commands is not None:
            self._commands.close()
        if self._folder is not None:
            reduced.remove_scratch(str(self._folder))


class StudentKernel:
    """One kernel, compiled; called like `roikit.simt.RawKernel`, with NumPy arrays."""

    def __init__(self, source: str, name: str, walls: WalledRun | None, **options: Any) -> None:
        __tracebackhide__ = True
        self._name, self._walls = name, walls
        if walls is not None:
            options = {"memory": LAUNCH_BYTES, "folder": walls.folder, "run": walls.run, **options}
        self._kernel = simt.RawKernel(source, name, **options)
        self._told(self._kernel.compile)

    def __call__(
        self,
        grid: Sequence[int],
        block: Sequence[int],
        args: Sequence[Any],
        *,
        shared_mem: int = 0,
        writes: Collection[int] = (),
    ) -> simt.Report:
        """Launch.

        Parameters
        ----------
        grid, block, shared_mem
            As in CUDA.
        args : sequence
            Arrays, NumPy scalars, None. Those made by `roikit.simt.empty` are the outputs.
        writes : collection of int
            Positions of other arrays that the kernel is meant to change, in place.

        Returns
        -------
        roikit.simt.Report
            Its traffic is the program's own word.

        Raises
        ------
        KernelWrong
            A finding of mode "check", or an input that was changed.
        StudentFailure
            The launch crashed or went over a limit.
        """
        __tracebackhide__ = True
        given = [arg if _is_output(arg, k, writes) else _copy(arg) for k, arg in enumerate(args)]
        report = self._told(lambda: self._kernel(grid, block, given, shared_mem=shared_mem))
        for k, (arg, now) in enumerate(zip(args, given, strict=True)):
            if now is not arg and isinstance(arg, np.ndarray) and now.tobytes() != arg.tobytes():
                raise KernelWrong(f"{self._name} changed its argument {k}, which is an input")
        return report

    def _told(self, step: Callable[[], Any]) -> Any:
        """What `step` gives; what the student's text did wrong in it as the project's own exceptions."""
        __tracebackhide__ = True
        try:
            return step()
        except simt.NoCompiler as error:
            raise SandboxError(str(error)) from None
        except simt.KernelFault as fault:
            if fault.findings[0].kind == "memory":
                raise failure("memory", fault.findings[0].sentence) from None
            sentences = [clean_line(finding.sentence) for finding in fault.findings]
            more = f" (and {len(sentences) - 1} more)" if len(sentences) > 1 else ""
            raise KernelWrong(sentences[0] + more) from None
        except simt.CompileError as error:
            message = clean(str(error), MAX_MESSAGE)
            sentence = f"{self._name} does not compile: {_first_error(message)}"
            raise failure("error", sentence, message) from None
        except simt.LaunchError as error:
            raise failure("error", f"{self._name} cannot be launched: {error}") from None
        except simt.KernelTimeout as error:
            raise failure("timeout", str(error)) from None
        except simt.SimtError:  # its message holds what the program printed, maybe its inputs
            raise failure("crashed", f"{self._name} {self._ended()}") from None

    def _ended(self) -> str:
        code = None if self._walls is None else self._walls.exit
        if code is None:
            return "ended the process that runs it"
        if code >= 0:
            return f"ended the process that runs it (exit code {code})"
        try:
            return f"crashed ({signal.Signals(-code).name})"
        except ValueError:
            return f"crashed (signal {-code})"


def _first_error(message: str) -> str:
    """Of a compiler's message the line that says what is wrong."""
    lines = message.splitlines() or [""]
    return next((line for line in lines if re.search(r":\d+:.*error: ", line)), lines[0])


def _text(source: Any, name: str) -> str:
    """A student's text, once it is one that a compiler can be given."""
    if type(source) is not str:
        raise failure("error", f"the text of {name} must be a string of CUDA C, not {type(source).__name__}")
    if "\0" in source or len(source) > MAX_SOURCE:
        raise failure("error", f"the text of {name} is too long or holds characters that no text has")
    return source.encode("utf-8", "replace").decode()


def _is_output(arg: Any, position: int, writes: Collection[int]) -> bool:
    return position in writes or isinstance(arg, Unwritten)


def _copy(arg: Any) -> Any:
    return arg.copy() if isinstance(arg, np.ndarray) else arg
