"""How the compiler, the program and addr2line are started, unless the caller brings a way of their own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

try:
    import resource
except ImportError:  # Windows, where `build` refuses with the remedy
    resource = None  # type: ignore[assignment]

#: ``run(argv, folder, seconds)`` starts a process in `folder`, waits, and raises `TimeoutExpired` when late.
Run = Callable[["list[str]", Path, float], "subprocess.CompletedProcess[str]"]

#: No honest kernel needs more of the compiler.
COMPILER_BYTES = 8 << 30


def run(argv: list[str], folder: Path, seconds: float) -> subprocess.CompletedProcess[str]:
    """Start `argv` in `folder`; at the end of its time it is killed with all processes that it started."""
    with subprocess.Popen(
        argv, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", errors="replace", start_new_session=True,
    ) as process:
        _limit(process.pid, seconds, is_program=Path(argv[0]).name == "program")
        try:
            out, err = process.communicate(timeout=seconds)
        except BaseException:  # the time is up, or Ctrl-C
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
    return subprocess.CompletedProcess(argv, process.returncode, out, err)


def _limit(pid: int, seconds: float, is_program: bool) -> None:
    """A kernel's program sets its own limit on memory."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        resource.prlimit(pid, resource.RLIMIT_CPU, (int(seconds) + 2, int(seconds) + 3))
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
        if not is_program:
            resource.prlimit(pid, resource.RLIMIT_AS, (COMPILER_BYTES, COMPILER_BYTES))
