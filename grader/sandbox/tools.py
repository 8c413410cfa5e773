"""Where a compiler and what it needs lie on this machine: what a sandbox for commands sees beyond Python."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from dataclasses import dataclass

from grader.errors import SandboxError

from . import places

_ASK_SECONDS = 30.0
#: What a compiler starts, and what names the lines of a program afterwards.
_PARTS = ("cc1plus", "collect2", "lto-wrapper", "as", "ld")
_BESIDE = ("addr2line", "nm")


@dataclass(frozen=True)
class Tools:
    """Paths on the machine that may be read, and run, in the sandbox; nothing of it is anybody's own."""

    programs: tuple[tuple[str, str], ...] = ()  # (name on the path, the file that it stands for)
    folders: tuple[str, ...] = ()  # headers and libraries, links resolved

    @property
    def paths(self) -> tuple[str, ...]:
        """All files and folders, links resolved."""
        return (*self.folders, *sorted({file for _, file in self.programs}))


NONE = Tools()


@functools.cache
def find(compiler: str) -> Tools:
    """A compiler (``"g++"``, ``"/opt/gcc/bin/g++"``), its parts, headers and libraries, as it names them.

    Raises
    ------
    SandboxError
        There is no such compiler on this machine.
    """
    program = shutil.which(compiler)
    if program is None:
        raise SandboxError(f"the compiler {compiler} is missing: apt install g++ (or your distribution's)")
    parts = [_ask(program, f"-print-prog-name={part}").strip() for part in _PARTS]
    found = [path for word in (*parts, *_BESIDE) if (path := shutil.which(word))]
    programs = {(path, os.path.realpath(path)) for path in (os.path.abspath(program), *found)}
    folders = {os.path.realpath(path) for path in _folders(program) if os.path.isdir(path)}
    return Tools(
        programs=tuple(sorted(pair for pair in programs if not _is_shown(pair[1]))),
        folders=places.outermost(path for path in folders if not _is_shown(path) and not _holds_home(path)),
    )


def _is_shown(path: str) -> bool:
    return places.inside(path, places.find().libraries)


def _holds_home(path: str) -> bool:
    """A compiler that looks around in a home, or in all of the machine, is not followed there."""
    return places.inside(os.path.realpath(os.path.expanduser("~")), [path])


def _folders(program: str) -> list[str]:
    """Where the compiler looks for headers, libraries and its own parts."""
    headers = re.search(r"<\.\.\.> search starts here:\n(.*?)\nEnd of search list", _includes(program), re.S)
    listed = re.findall(r"^(?:programs|libraries): =?(.*)$", _ask(program, "-print-search-dirs"), re.M)
    found = [line.strip() for line in headers[1].splitlines()] if headers else []
    return found + [path for line in listed for path in line.split(":") if path.startswith("/")]


def _includes(program: str) -> str:
    return _ask(program, "-E", "-v", "-x", "c++", os.devnull)


def _ask(program: str, *words: str) -> str:
    """What a compiler says about itself; both streams."""
    try:
        said = subprocess.run(
            [program, *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=_ASK_SECONDS, check=False,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},  # no CPATH of somebody's own
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise SandboxError(f"the compiler {program} does not answer: {problem}") from None
    return said.stdout.decode(errors="replace")
