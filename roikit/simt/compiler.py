"""Which compiler there is, and what it says, in words for the kernel's author."""

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import sys
from collections.abc import Iterator

from roikit.simt import source
from roikit.simt.errors import CompileError, NoCompiler

#: The name under which the lines behind the kernel's text are compiled.
ENTRY = "simt-entry"
#: One mistake can lead to many errors; more than this nobody reads.
MOST_ERRORS = 10
#: A macro that makes kernels: their names are not to be read off the text.
_MACRO_KERNEL = re.compile(r"#\s*define\b(?:[^\n\\]|\\.|\\\n)*__global__", re.DOTALL)
_ERROR = re.compile(r"[^:\n]+:\d+(?::\d+)?: (?:fatal )?error: (.*)")


def find() -> tuple[str, ...]:
    """The command that compiles C++: ROIKIT_CXX, or the first of g++, clang++ and c++ that is installed."""
    if not sys.platform.startswith("linux") or platform.machine() not in ("x86_64", "aarch64", "arm64"):
        raise NoCompiler(
            "roikit.simt runs CUDA kernels on Linux, on x86-64 and aarch64 processors; "
            f"this is {platform.system()} on {platform.machine()}. On Windows use WSL, on a Mac a container."
        )
    wanted = shlex.split(os.environ.get("ROIKIT_CXX", ""))
    if wanted:
        found = shutil.which(wanted[0])
        if found is None:
            raise NoCompiler(f"ROIKIT_CXX names the compiler {wanted[0]!r}, which is not installed")
        return (found, *wanted[1:])
    for name in ("g++", "clang++", "c++"):
        found = shutil.which(name)
        if found is not None:
            return (found,)
    raise NoCompiler(
        "roikit.simt needs a C++ compiler, and found none of g++, clang++ and c++; install one "
        "(Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++), or name yours in ROIKIT_CXX"
    )


def explain(text: str, name: str, filename: str, output: str) -> str:
    """The compiler's errors for the kernel's author; one sentence where the CPU cannot do what is asked."""
    errors = list(_errors(filename, output))
    lines = text.split("\n")
    for line, _ in errors:
        what = source.unsupported(lines[line - 1]) if 0 < line <= len(lines) else None
        if what is not None:
            return f"{filename}:{line}: roikit.simt runs kernels on the CPU, which has no {what}"
    own = [f"{filename}:{line}: {message}" for line, message in errors if line > 0][:MOST_ERRORS]
    if own or not errors:
        return "\n".join(own) or output[:4000]
    said = errors[0][1]
    if "unresolved overloaded function" in said and "<" not in name:
        return f"{filename}: {name!r} is a template: name an instance of it, such as '{name}<float>'"
    if re.search(r"call\((?!void)[\w ]+ \(&\)", said):
        return f"{filename}: a kernel returns nothing: {name!r} must be declared void"
    return f"{filename}: {name!r} does not name one kernel: {said}"


def refuse_unknown(text: str, name: str, filename: str) -> None:
    """A GPU launches ``__global__`` functions alone; a C++ compiler would take any."""
    known = source.kernels(text)
    if source.bare_name(name) not in known and not _MACRO_KERNEL.search(text):
        names = ", ".join(known) or "none"
        raise CompileError(f"{filename}: there is no __global__ function {name!r}; there is: {names}")


def _errors(filename: str, output: str) -> Iterator[tuple[int, str]]:
    """Each error's line in `filename`, and what it says; line 0 where the file has no part in it.

    An error inside of the language, such as a static_assert, stands between lines that say where the kernel
    led there: "required from here" before it, "in expansion of macro" behind it.
    """
    own = re.compile(re.escape(filename) + r":(\d+):")
    lines = output.splitlines()
    starts = [i for i, line in enumerate(lines) if _ERROR.match(line)]
    for start, previous, following in zip(starts, [-1, *starts], [*starts[1:], len(lines)], strict=False):
        behind = reversed(lines[previous + 1 : start])
        places = [own.search(line) for line in (lines[start], *behind, *lines[start + 1 : following])]
        found = next((place for place in places if place is not None), None)
        message = _ERROR.match(lines[start])
        assert message is not None
        yield (int(found[1]) if found else 0), message[1]
