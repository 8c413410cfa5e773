"""From a kernel's text to a program that can run one launch of it."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from roikit.simt import cache, compiler, source
from roikit.simt.errors import CompileError, SimtError
from roikit.simt.processes import Run

PACKAGE = Path(__file__).parent
#: What a build reads besides the kernel.
FOLDERS = ("language", "include", "engine")
COMPILE_SECONDS = 120.0

#: Results must not depend on what the processor can fuse; addresses must be those that the symbols say.
COMMON = ("-w", "-pipe", "-fno-strict-aliasing", "-ffp-contract=off", "-fno-math-errno", "-fno-pie")
ENGINE = ("-std=c++17", *COMMON, "-O2")
KERNEL = (*COMMON, "-ffunction-sections", "-fdata-sections", "-fno-threadsafe-statics")
#: Kernels that the launch does not call, and their shared variables, are left out.
LINK = ("-no-pie", "-Wl,--gc-sections")
#: The compiler calls a function before each access of memory and each operation that may be undefined; in
#: mode "check" these functions are the checker's, not those of the sanitizers.
WATCHED = (
    "bounds,signed-integer-overflow,shift-exponent,float-cast-overflow,"
    "integer-divide-by-zero,vla-bound,return"
)
#: Lines of the first file of a program of version 5 are given to another one by older versions of addr2line.
DWARF = ("-gdwarf-4",)
MODES = {
    "fast": ("-O2", "-g1", *DWARF, "-fwrapv"),
    "check": (
        "-O1", "-g", *DWARF, "-fno-omit-frame-pointer", "-DSIMT_CHECK",
        "-fsanitize=thread", f"-fsanitize={WATCHED}",
    ),
}


#: clang leaves out a read that a write to the same place follows; a race or an unwritten word may show there.
CLANG_CHECK = ("-mllvm", "-tsan-instrument-read-before-write=1")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a kernel, as the compiler sees it."""

    name: str
    type: str  # const float*
    element: str  # float: what a pointer points at, without const
    pointer: bool
    const: bool  # a pointer to const
    kind: str  # of the element, or of the value: NumPy's letter; "x" behind void*
    size: int  # bytes of the element, or of the value


@dataclass(frozen=True)
class Variable:
    """A static ``__shared__`` variable, by its place in the block's shared memory.

    One without a name is the compiler's own: whether a variable's constructor has run.
    """

    name: str
    offset: int
    size: int


@dataclass(frozen=True)
class Description:
    """What a launch has to know of a program."""

    parameters: tuple[Parameter, ...]
    static_shared: int  # bytes
    variables: tuple[Variable, ...]
    dynamic_shared_name: str


@dataclass(frozen=True)
class Program:
    folder: Path
    description: Description

    @property
    def path(self) -> Path:
        return self.folder / "program"


@dataclass(frozen=True)
class Order:
    """What to build: a kernel of a text, for one mode."""

    text: str
    name: str
    filename: str
    mode: str
    options: tuple[str, ...]


def build(order: Order, run: Run, folder: Path | None) -> Program:
    """The program for `order`: from the cache, or newly built; in `folder` if one is given."""
    command = compiler.find()
    compiler.refuse_unknown(order.text, order.name, order.filename)
    if folder is not None:
        for name in FOLDERS:
            shutil.copytree(PACKAGE / name, folder / name, dirs_exist_ok=True)
        objects = _compile_engine(command, order.mode, folder, ".", run)
        return Program(folder, _compile_kernel(command, order, folder, ".", objects, run))

    finished = _kept(command, order, run)
    try:
        description = _read_description(finished / "description.json")
        whole = os.access(finished / "program", os.X_OK)
    except (OSError, ValueError, LookupError, TypeError):  # damaged since it was built
        whole = False
    if not whole:
        cache.discard(finished)
        description = _read_description(_kept(command, order, run) / "description.json")
    return Program(finished, description)


def _kept(command: tuple[str, ...], order: Order, run: Run) -> Path:
    """The folder of the cache with the program, which is built if it is not there."""
    kept = cache.folder()
    engine = kept / f"engine-{_key(command, order.mode)}"
    with cache.new_folder(engine) as new:
        if new is not None:
            _compile_engine(command, order.mode, new, str(PACKAGE), run)
    finished = kept / f"kernel-{_key(command, asdict(order))}"
    with cache.new_folder(finished) as new:
        if new is not None:
            objects = sorted(str(path) for path in engine.glob("*.o"))
            description = _compile_kernel(command, order, new, str(PACKAGE), objects, run)
            (new / "description.json").write_text(json.dumps(asdict(description)), encoding="utf-8")
    return finished


def _compile_engine(command: tuple[str, ...], mode: str, folder: Path, sources: str, run: Run) -> list[str]:
    """The engine's object files, in `folder`; mode "check" has the checker among them."""
    names = [
        path.stem
        for path in sorted((PACKAGE / "engine").glob("*.cpp"))
        if mode == "check" or not path.stem.startswith("check")
    ]
    objects = [f"{name}.o" for name in names]
    built = folder / "engine.key"  # of the objects that lie here already: a folder may be used again
    key = _key(command, mode)
    if built.exists() and built.read_text(encoding="utf-8") == key:
        return objects
    files = [f"{sources}/engine/{name}.cpp" for name in names]
    debug = ["-g1"] if mode == "check" else []
    done = _run_compiler(run, [*command, *ENGINE, *debug, "-c", *files], folder)
    if done.returncode != 0:
        raise SimtError(f"roikit.simt itself does not compile with {command[0]}:\n{done.stderr[:4000]}")
    built.write_text(key, encoding="utf-8")
    return objects


def _compile_kernel(
    command: tuple[str, ...], order: Order, folder: Path, sources: str, objects: list[str], run: Run
) -> Description:
    (folder / "unit.cpp").write_text(_unit(order), encoding="utf-8")
    of_mode = (*MODES[order.mode], *_watched_by(command, order.mode))
    compiles = [
        *command, "-std=c++17", *KERNEL, *of_mode, *order.options,
        f"-I{sources}", f"-I{sources}/include", "-c", "unit.cpp",
    ]  # fmt: skip
    done = _run_compiler(run, compiles, folder)
    if done.returncode != 0:
        raise CompileError(compiler.explain(order.text, order.name, order.filename, done.stderr))
    # Linking is a step of its own: with the sanitizers' options it would take their libraries.
    done = _run_compiler(run, [*command, *LINK, "unit.o", *objects, "-o", "program"], folder)
    if done.returncode != 0:
        raise CompileError(compiler.explain(order.text, order.name, order.filename, done.stderr))
    (folder / "unit.o").unlink()
    return _describe(order, folder, run)


def _watched_by(command: tuple[str, ...], mode: str) -> tuple[str, ...]:
    """What only clang has to be told."""
    return CLANG_CHECK if mode == "check" and "clang" in Path(command[0]).name else ()


def _run_compiler(run: Run, command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    try:
        return run(command, folder, COMPILE_SECONDS)
    except subprocess.TimeoutExpired:
        raise CompileError(f"the compiler was not done after {COMPILE_SECONDS:g} seconds") from None


def _unit(order: Order) -> str:
    """The file that is compiled: the language, the kernel's text under its own name and lines, the entry."""
    text = source.with_dynamic_shared(order.text)
    return "\n".join(
        [
            '#include "language/cuda.h"',
            f"#line 1 {json.dumps(order.filename)}",
            text,
            f'#line 1 "{compiler.ENTRY}"',
            f"SIMT_ENTRY({order.name})",
            "",
        ]
    )


# ---- what the program says


def _describe(order: Order, folder: Path, run: Run) -> Description:
    path = str(Path("program") if folder == Path() else "./program")
    done = run([path, "describe"], folder, 20.0)
    if done.returncode != 0:
        raise SimtError(f"the program of kernel {order.name!r} does not start: {done.stderr[:400]}")
    static_shared, *rows = done.stdout.splitlines()
    names = source.kernels(order.text).get(source.bare_name(order.name), ())
    parameters = []
    for position, row in enumerate(rows):
        pointer, const, kind, size, spelled, element = row.split("\t")
        name = names[position] if len(names) == len(rows) else f"argument {position + 1}"
        parameters.append(
            Parameter(name, _type(spelled), _type(element), pointer == "1", const == "1", kind, int(size))
        )
    variables = _shared_variables(folder, run) if static_shared != "0" else ()
    named = sum(variable.size for variable in variables if variable.name)
    return Description(
        tuple(parameters), named or int(static_shared), variables, source.dynamic_shared_name(order.text)
    )


def _type(spelled: str) -> str:
    """``T`` of ``const char* simt::spelled() [with T = const float*]``."""
    found = re.search(r"\bT = (.*)\]$", spelled)
    return found[1].replace(" *", "*") if found else spelled


def _shared_variables(folder: Path, run: Run) -> tuple[Variable, ...]:
    """From the program's symbols: __shared__ variables are those of type TLS. Without nm, none."""
    with contextlib.suppress(OSError):
        done = run(["nm", "--format=sysv", "program"], folder, 20.0)
        variables = []
        for line in done.stdout.splitlines():
            fields = [field.strip() for field in line.split("|")]
            if len(fields) >= 5 and fields[3] == "TLS" and fields[4]:
                variables.append(Variable(_unmangled(fields[0]), int(fields[1], 16), int(fields[4], 16)))
        return tuple(sorted(variables, key=lambda variable: variable.offset))
    return ()


def _unmangled(symbol: str) -> str:
    """``tile`` of ``_ZZ1kILi4EEvPfE4tile``: the last name, behind its length; nothing of a guard."""
    if symbol.startswith("_ZGV"):
        return ""
    for found in re.finditer(r"(?=E(\d+))", symbol):
        start = found.start() + 1 + len(found[1])
        name = symbol[start : start + int(found[1])]
        if re.fullmatch(r"(_\d+|_\d+_|s|_)?", symbol[start + int(found[1]) :]):
            return name
    whole = re.fullmatch(r"_ZL?\d+(\w+)", symbol)
    return whole[1] if whole else symbol


def _read_description(path: Path) -> Description:
    fields = json.loads(path.read_text(encoding="utf-8"))
    fields["parameters"] = tuple(Parameter(**parameter) for parameter in fields["parameters"])
    fields["variables"] = tuple(Variable(**variable) for variable in fields["variables"])
    return Description(**fields)


def _key(command: tuple[str, ...], *things: object) -> str:
    """Of all that a build depends on."""
    status = os.stat(command[0])
    compiler_file = (command, status.st_size, status.st_mtime_ns)
    text = json.dumps([compiler_file, ENGINE, KERNEL, LINK, MODES, _texts(), things])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@functools.cache
def _texts() -> str:
    """A digest of the language and of the engine."""
    digest = hashlib.sha256()
    for folder in FOLDERS:
        for path in sorted((PACKAGE / folder).iterdir()):
            digest.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()
