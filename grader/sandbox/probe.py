"""Finds out which walls hold on this machine, by running a sandbox and trying them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SandboxError
from grader.records import Cell, Source

from . import places
from .box import Sandbox
from .limits import MIB, Limits
from .rungs import Rung

LIMITS = Limits(call_seconds=5.0, memory=128 * MIB, processes=24)

#: wall -> the phrase under which a rung lists it as missing
WALLS = {
    "network": "the network is open",
    "/etc/passwd": "system files can be read",
    "home": "the grader's files can be read",
    "file names": "names of the grader's files can be seen",
    "writing outside": "files can be written outside",
    "file modes": "modes and times of the grader's files can be changed",
    "processes": "no limit on processes",
    "memory": "no limit on memory",
    "kill parent": "the grader can be killed",
    "parent's limits": "the grader's limits and priority can be changed",
    "roikit's files": "roikit's own files can be read",
}


@dataclass(frozen=True)
class Wall:
    """One wall, tried: ``held``, and otherwise in ``detail`` what came through."""

    name: str  # one of WALLS
    held: bool
    detail: str = ""


def probe(rung: Rung) -> tuple[Wall, ...]:
    """Runs a sandbox of this rung (about half a second) and tries each of ``WALLS`` from inside.

    Raises
    ------
    SandboxError
        The sandbox does not start, or a good function does not work in it.
    """
    source = Source((Cell("walls.py", (places.HERE / "walls.py").read_text()),), is_notebook=False)
    # What everybody may read and where everybody may write: only the sandbox's walls protect it.
    with (
        tempfile.TemporaryDirectory(prefix="roikit-wall-") as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
        _Bystander() as bystander,
        Sandbox(source, LIMITS, rung) as box,
    ):
        os.chmod(folder, 0o777)
        secret = Path(folder, "secret")
        secret.write_text("expected values")
        secret.chmod(0o644)
        home = os.path.expanduser("~")
        private = [*_private_paths(home), str(secret)]
        own_files = [str(places.HERE / "box.py"), str(places.HERE.parent / "records.py")]
        outside = ["/", "/dev", "/usr/lib", "/var/tmp", "/dev/shm", home, folder]
        walls = [
            _try(box, "network", "network", server.getsockname()[1]),
            _try(box, "/etc/passwd", "system_files"),
            _try(box, "home", "home", private),
            _try(box, "file names", "names", private),
            _try(box, "writing outside", "writing", outside, str(secret)),
            _try(box, "file modes", "modes", str(secret)),
            _try(box, "processes", "processes", LIMITS.processes),
            _try(box, "roikit's files", "roikit", own_files),
            _try(box, "parent's limits", "limits", bystander.pid),
            _try_memory(box),
        ]
        box.call("kill", [bystander.pid])
        alive = bystander.is_alive()
        walls.append(Wall("kill parent", alive, "" if alive else "another process of the grader was killed"))
    return tuple(walls)


class _Bystander(subprocess.Popen):
    """A process of the grader's user that says a line back for every line it hears."""

    def __init__(self) -> None:
        echo = "import sys\nfor line in sys.stdin: print(line, end='', flush=True)"
        command = [sys.executable, "-S", "-c", echo]
        super().__init__(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)

    def is_alive(self) -> bool:
        assert self.stdin is not None
        assert self.stdout is not None
        try:
            self.stdin.write(b"?\n")
        except BrokenPipeError:
            return False
        return self.stdout.readline() == b"?\n"

    def __exit__(self, *exc: object) -> None:
        self.kill()
        super().__exit__(*exc)


def _private_paths(home: str) -> list[str]:
    """What lies in the home folder; the interpreter may be there too, and is no secret."""
    where = places.find()
    shown = (where.python, *where.libraries)
    paths = [os.path.join(home, name) for name in os.listdir(home)] if os.path.isdir(home) else []
    return [path for path in paths if not any(other.startswith(f"{path}/") for other in shown)][:1000]


def _try(box: Sandbox, wall: str, function: str, *args: object) -> Wall:
    outcome = box.call(function, args)
    if outcome.status == "memory" and wall == "processes":
        # Where shared pages cannot be told apart (in a container), each process counts for all of its pages.
        return Wall(wall, True)
    if outcome.status != "returned" or not isinstance(outcome.value, str):
        raise SandboxError(f"the sandbox starts, but a call in it fails: {outcome.sentence}")
    return Wall(wall, not outcome.value, outcome.value)


def _try_memory(box: Sandbox) -> Wall:
    outcome = box.call("memory", [4 * LIMITS.memory])
    return Wall("memory", outcome.status == "memory", str(outcome.value or outcome.sentence))
