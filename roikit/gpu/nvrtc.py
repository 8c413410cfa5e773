"""CUDA C to machine code with NVIDIA's NVRTC, called through ctypes: no driver, no device, no CuPy.

    python -m roikit.gpu.nvrtc kernel.cu [--arch 75 90] [-D NAME=VALUE]

prints what each kernel takes of a multiprocessor. NVRTC knows device code only: headers and functions of the
host do not compile.
"""

from __future__ import annotations

import argparse
import ctypes
import ctypes.util
import functools
import itertools
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from roikit.gpu import source as roikit_source
from roikit.gpu import toolkit

#: Compute capabilities that roikit's kernels are compiled for: Turing to Blackwell.
ARCHS = (75, 80, 86, 89, 90, 100, 120)

#: The library on Windows and elsewhere; not the one for older systems that lies beside it (alt).
NAMES = "nvrtc64_*_0.dll" if sys.platform == "win32" else "libnvrtc.so.*"
#: Below the folders of packages and of toolkits: where the library may lie, and headers such as cuda_fp16.h.
IN_PACKAGES = (
    ("cu13/lib", "cu13/include"),
    ("cu13/bin/x86_64", "cu13/include"),
    ("cuda_nvrtc/lib", "cuda_runtime/include"),
    ("cuda_nvrtc/bin", "cuda_runtime/include"),
)
IN_TOOLKITS = tuple((folder, "include") for folder in ("lib64", "lib", "bin/x64", "bin"))


class NvrtcError(Exception):
    """NVRTC could not do what was asked."""


class NoNvrtc(NvrtcError):
    """There is no NVRTC here; the sentence says how to get it."""


class CompileError(NvrtcError):
    """The source does not compile; the message is NVRTC's, with the caller's file and line."""


@dataclass(frozen=True)
class Found:
    """An NVRTC on this machine: its library, and where headers such as cuda_fp16.h lie."""

    library: str
    include: Path | None = None


@dataclass(frozen=True)
class Resources:
    """What one kernel takes: registers a thread, bytes a thread on the stack, static shared bytes a block."""

    kernel: str
    arch: int
    registers: int
    stack: int
    spill_stores: int
    spill_loads: int
    shared: int


@dataclass(frozen=True)
class Compiled:
    """The machine code of one source for one compute capability."""

    cubin: bytes
    kernels: tuple[Resources, ...]
    log: str


# --- the library -------------------------------------------------------------------------------------------


def find() -> Found:
    """Look among Python's packages, below CUDA_PATH, then where the system's libraries lie."""
    if sys.platform == "darwin":
        raise NoNvrtc("NVIDIA makes no NVRTC for macOS: compile on Linux or on Windows")
    for library, include in _places():
        if files := sorted(library.glob(NAMES), key=lambda path: len(path.name)):
            return Found(str(files[0]), include if include.is_dir() else None)
    if sys.platform != "win32" and (name := ctypes.util.find_library("nvrtc")):
        return Found(name)
    raise NoNvrtc("there is no NVRTC, NVIDIA's compiler of kernels: pip install nvidia-cuda-nvrtc")


def _places() -> Iterator[tuple[Path, Path]]:
    for place, (library, include) in itertools.product(toolkit.packages(), IN_PACKAGES):
        yield place / library, place / include
    for place, (library, include) in itertools.product(toolkit.toolkits(), IN_TOOLKITS):
        yield place / library, place / include


class Nvrtc:
    """An open NVRTC."""

    def __init__(self, found: Found) -> None:
        if sys.platform == "win32" and Path(found.library).is_absolute():
            os.add_dll_directory(str(Path(found.library).parent))  # it loads another from there
        try:
            self._library = ctypes.CDLL(found.library)
        except OSError as problem:
            sentence = f"NVRTC does not load ({problem}): pip install --force-reinstall nvidia-cuda-nvrtc"
            raise NoNvrtc(sentence) from None
        self._library.nvrtcGetErrorString.restype = ctypes.c_char_p
        self.include = found.include
        self.version = self._version()
        self.archs = self._archs()

    def _version(self) -> tuple[int, int]:
        major, minor = ctypes.c_int(), ctypes.c_int()
        self._call("nvrtcVersion", ctypes.byref(major), ctypes.byref(minor))
        return major.value, minor.value

    def _archs(self) -> tuple[int, ...]:
        count = ctypes.c_int()
        self._call("nvrtcGetNumSupportedArchs", ctypes.byref(count))
        archs = (ctypes.c_int * count.value)()
        self._call("nvrtcGetSupportedArchs", archs)
        return tuple(archs)

    def compile(self, source: str, arch: int, options: Sequence[str], name: str) -> tuple[bytes, str]:
        """The machine code and the log."""
        program = ctypes.c_void_p()
        self._call("nvrtcCreateProgram", ctypes.byref(program), source.encode(), name.encode(), 0, None, None)
        try:
            words = [f"-arch=sm_{arch}", *options]
            encoded = (ctypes.c_char_p * len(words))(*(word.encode() for word in words))
            failed = self._library.nvrtcCompileProgram(program, len(words), encoded)
            log = self._text(program, "nvrtcGetProgramLog").decode(errors="replace").rstrip("\0")
            if failed:
                raise CompileError(_with_places(log.strip()) or self._reason(failed))
            return self._text(program, "nvrtcGetCUBIN"), log
        finally:
            self._call("nvrtcDestroyProgram", ctypes.byref(program))

    def _text(self, program: ctypes.c_void_p, getter: str) -> bytes:
        size = ctypes.c_size_t()
        self._call(f"{getter}Size", program, ctypes.byref(size))
        buffer = ctypes.create_string_buffer(size.value)
        self._call(getter, program, buffer)
        return buffer.raw

    def _call(self, function: str, *arguments: object) -> None:
        if failed := getattr(self._library, function)(*arguments):
            raise NvrtcError(f"{function} says {self._reason(failed)}")

    def _reason(self, code: int) -> str:
        return str(self._library.nvrtcGetErrorString(code).decode())


@functools.cache
def library() -> Nvrtc:
    """The NVRTC of this machine, opened once."""
    return Nvrtc(find())


# --- compiling ---------------------------------------------------------------------------------------------


def compile(source: str, arch: int, options: Sequence[str] = (), name: str = "kernel.cu") -> Compiled:
    """Compile CUDA C for one compute capability, 90 for 9.0; `name` stands in messages.

    Raises
    ------
    NoNvrtc
        There is none here.
    CompileError
        The source or an option is wrong.
    NvrtcError
        This NVRTC does not know the compute capability.
    """
    nvrtc = library()
    if arch not in nvrtc.archs:
        known = ", ".join(map(str, nvrtc.archs))
        raise NvrtcError(f"NVRTC {_dotted(nvrtc.version)} compiles for sm_ {known}; got arch={arch}")
    found = [f"-I{nvrtc.include}"] if nvrtc.include else []
    cubin, log = nvrtc.compile(source, arch, ["--std=c++17", "--ptxas-options=-v", *options, *found], name)
    return Compiled(cubin, tuple(resources(log)), log)


def resources(log: str) -> Iterator[Resources]:
    """What the assembler says of each kernel of a log; it does so in three lines."""
    for part in log.split("Compiling entry function ")[1:]:
        named = re.match(r"'(\w+)' for 'sm_(\d+)\w*'", part)
        if named is None:
            raise NvrtcError(f"this NVRTC words its log in a way that is not known: {part[:80]!r}")
        yield Resources(
            kernel=named[1],
            arch=int(named[2]),
            registers=_number(r"Used (\d+) registers", part),
            stack=_number(r"(\d+) bytes stack frame", part),
            spill_stores=_number(r"(\d+) bytes spill stores", part),
            spill_loads=_number(r"(\d+) bytes spill loads", part),
            shared=_number(r"(\d+) bytes smem", part),
        )


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


def _with_places(log: str) -> str:
    """kernel.cu(7): error ... becomes kernel.cu:7: error ..., as other compilers write it."""
    return re.sub(r"^([^\s(][^(\n]*)\((\d+)\): ", r"\1:\2: ", log, flags=re.MULTILINE)


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


# --- the command -------------------------------------------------------------------------------------------


def table(compiled: Iterable[tuple[str, Compiled]]) -> str:
    """A line for each source's name, kernel and compute capability."""
    rows: list[tuple[str, ...]] = [("source", "kernel", "sm", "registers", "spilled", "shared", "bytes")]
    for name, one in compiled:
        for found in one.kernels:
            spilled = found.spill_stores + found.spill_loads
            numbers = (found.arch, found.registers, spilled, found.shared, len(one.cubin))
            rows.append((name, found.kernel, *map(str, numbers)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in [rows[0], *sorted(rows[1:], key=_in_order)])


def _in_order(row: tuple[str, ...]) -> tuple[str, str, int]:
    return row[0], row[1], int(row[2])


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    words = [word.ljust(width) for word, width in zip(row[:2], widths, strict=False)]
    numbers = [number.rjust(width) for number, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join([*words, *numbers])


def compile_all(
    tasks: Iterable[tuple[str, str, int]], options: Sequence[str] = ()
) -> Iterator[tuple[str, Compiled]]:
    """Compile each (name, source, compute capability), some at a time; gives name and result, in order."""

    def one(task: tuple[str, str, int]) -> tuple[str, Compiled]:
        name, source, arch = task
        return name, compile(source, arch, options, name)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(one, tasks)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m roikit.gpu.nvrtc", description=__doc__.split(".")[0])
    parser.add_argument("source", help="a file of device code, or the name of one of roikit's, as roi_align")
    parser.add_argument("--arch", type=int, nargs="+", help="75 for compute capability 7.5; default: many")
    parser.add_argument("-D", dest="define", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args(arguments)
    options = [*(f"-D{define}" for define in given.define), f"-I{Path(given.source).parent}"]
    try:
        archs = given.arch or [arch for arch in ARCHS if arch in library().archs]
        tasks = [(name, text, arch) for name, text in _sources(given.source) for arch in archs]
        print(table(compile_all(tasks, options)))
    except (OSError, UnicodeError, NvrtcError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _sources(wanted: str) -> list[tuple[str, str]]:
    """(name, text) of the file, or of every variant of a kernel of roikit's."""
    if wanted in roikit_source.kernels():
        found = [types for file, types in roikit_source.variants() if file == wanted]
        return [(" ".join([wanted, *types.values()]), roikit_source.text(wanted, **types)) for types in found]
    return [(Path(wanted).name, Path(wanted).read_text(encoding="utf-8"))]


if __name__ == "__main__":
    sys.exit(main())
