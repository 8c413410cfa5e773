"""The rules of direction, held by walking the syntax trees of the installed packages.

    roikit.reference, roikit._validate ... <- roikit.ops <- roikit <- grader <- assignments
"""

import ast
import re
import sys
from pathlib import Path

import pytest

import grader
import roikit
from grader import assignment

ROIKIT = Path(roikit.__file__).parent
GRADER = Path(grader.__file__).parent
FAST = ROIKIT / "cpu" / "fast"
STDLIB = set(sys.stdlib_module_names)


def modules(package):
    return sorted(p for p in package.rglob("*.py") if "assignments" not in p.relative_to(package).parts)


def sources(package):
    """What is compiled."""
    return sorted(p for p in package.rglob("*") if p.suffix in (".pyx", ".pxd", ".h", ".cpp", ".cu", ".cuh"))


def imports(path):
    """Yield (dotted name, is it at the top level?) of every import in a file, relative ones made absolute."""
    parts = path.with_suffix("").parts
    root = max(i for i, part in enumerate(parts) if part in ("roikit", "grader"))
    package = parts[root:-1]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in top
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            name = ".".join(filter(None, [base, node.module]))
            yield name, id(node) in top
            for alias in node.names:
                yield f"{name}.{alias.name}", id(node) in top


def roots(path, top_level_only=False):
    return {name.split(".")[0] for name, top in imports(path) if top or not top_level_only}


def label(path):
    return "/".join(path.parts[-3:])


@pytest.mark.parametrize("path", modules(ROIKIT), ids=label)
def test_roikit_needs_numpy_alone(path):
    """Five exceptions: CuPy, in one module; what builds the kernels, and roikit.torch, which nothing else
    imports; matplotlib, only where it is drawn with; and onnx, in one module, imported when asked for."""
    allowed = STDLIB | {"numpy", "roikit"} | ({"cupy"} if path.name == "_cupy.py" else set())
    is_torch = path.parent == ROIKIT / "torch"
    assert is_torch or not any(name.startswith("roikit.torch") for name, _ in imports(path))
    if path.name == "build.py":
        allowed |= {"Cython", "setuptools"}
    if is_torch:
        allowed |= {"torch"}
    if path == ROIKIT / "onnx" / "_evaluator.py":
        allowed |= {"onnx"}
    if path.name == "_matplotlib.py":
        assert "matplotlib" not in roots(path, top_level_only=True)
        allowed |= {"matplotlib"}
    assert roots(path) <= allowed


@pytest.mark.parametrize("path", modules(ROIKIT / "reference"), ids=label)
def test_the_definition_stands_alone(path):
    """reference/ imports NumPy and its own modules, nothing else of roikit."""
    for name, _ in imports(path):
        assert not name.startswith("roikit") or name.startswith("roikit.reference"), name


@pytest.mark.parametrize("path", modules(FAST), ids=label)
def test_a_driver_knows_kernels_and_numpy(path):
    """It neither checks arguments nor chooses a backend: that is the faces' and the dispatch's."""
    ours = {name for name, _ in imports(path) if name.startswith("roikit")}
    assert all(f"{name}.".startswith(("roikit.cpu.", "roikit._arrays.")) for name in ours - {"roikit"}), ours


@pytest.mark.parametrize("path", sources(FAST), ids=label)
def test_a_fast_kernel_knows_its_own_kind(path):
    """C's library, the geometry that it shares with the plain kernels, and what lies beside it; no NumPy."""
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"^(?:from|cimport|import) ([\w.]+)", text, re.MULTILINE):
        shared = (ROIKIT / "cpu" / f"{name.removeprefix('roikit.cpu.')}.pxd").is_file()
        is_ours = shared or name.startswith("roikit.cpu.fast._")
        assert is_ours or name.split(".")[0] in ("cpython", "cython", "libc"), name
    for header in re.findall(r'(?:extern from|#include) "(.+?)"', text):
        assert (path.parent / header).is_file(), header
    of_the_system = ("immintrin", "math", "stddef", "stdint", "stdlib", "string", "sys/mman")
    assert set(re.findall(r"#include <(.+?)\.h>", text)) <= set(of_the_system)


@pytest.mark.parametrize("path", modules(GRADER), ids=label)
def test_only_the_bridge_imports_nbgrader(path):
    if path.parent.name == "nbgrader_bridge":
        return
    assert not roots(path) & {"nbgrader", "nbformat", "nbconvert", "traitlets", "sqlalchemy"}


@pytest.mark.parametrize("path", modules(GRADER), ids=label)
def test_the_bridge_is_imported_lazily(path):
    """The grader works without nbgrader."""
    if path.parent.name == "nbgrader_bridge":
        return
    for name, top in imports(path):
        assert not (top and "nbgrader_bridge" in name), f"{path.name} imports {name} at its top"


@pytest.mark.parametrize("path", modules(GRADER), ids=label)
def test_only_similarity_imports_copydetect(path):
    """And lazily: the grader works without it."""
    assert "copydetect" not in roots(path, top_level_only=path.name == "similarity.py")


@pytest.mark.parametrize("path", modules(GRADER), ids=label)
def test_only_one_executor_imports_dask(path):
    """And lazily: the grader works without it."""
    is_it = path == GRADER / "executors" / "dask.py"
    assert not roots(path, top_level_only=is_it) & {"dask", "distributed", "tornado"}


def test_a_diagnosis_reads_nothing_but_the_bank():
    """No report, no sandbox, no nbgrader, no process; only the bank has a file to open."""
    impure = {"os", "io", "pathlib", "subprocess", "multiprocessing", "shutil", "tempfile", "socket", "sys"}
    names = ("alarm", "attempts", "cases", "diagnosis", "errors", "records", "student")
    ours = {f"grader.{name}" for name in names}
    for path in modules(GRADER / "diagnosis"):
        assert roots(path) <= STDLIB | {"numpy", "grader"}, path.name
        taken = {".".join(name.split(".")[:2]) for name, _ in imports(path) if name.startswith("grader.")}
        assert taken <= ours, path.name
        assert not roots(path) & impure or path.name == "bank.py"


@pytest.mark.parametrize("name", ["solution.py", "misconceptions.py", "probes.py"])
def test_a_bank_needs_numpy_alone(name):
    """It is nobody's copy of the kernels, and a student's check runs it."""
    paths = list(assignment.home().glob(f"*/grading/{name}"))
    assert len(paths) >= 3
    for path in paths:
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        found |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
        assert {module.split(".")[0] for module in found} <= STDLIB | {"numpy"}, path


def test_what_is_worked_out_of_a_class_touches_no_files():
    """What to teach again, who gave identical results: of the records alone."""
    for name in ("ideas.py", "identical.py"):
        assert roots(GRADER / "report" / name) <= STDLIB - {"os", "io", "pathlib"} | {"grader"}


INSIDE = (
    "worker.py", "session.py", "child.py", "cleaning.py", "guard.py", "bpf.py", "protocol.py", "codec.py",
    "loader.py", "stateless.py", "landlock.py",
)  # fmt: skip


@pytest.mark.parametrize("name", INSIDE)
def test_what_enters_the_sandbox_knows_nothing_of_us(name):
    inside = {Path(name).stem for name in INSIDE} - {"worker"}  # bound beside the worker
    assert roots(GRADER / "sandbox" / name) <= STDLIB | {"numpy"} | inside


@pytest.mark.parametrize("name", ["compare.py", "score.py", "feedback.py"])
def test_pure_steps_touch_no_files_and_no_processes(name):
    impure = {"os", "io", "pathlib", "subprocess", "multiprocessing", "shutil", "tempfile", "socket", "sys"}
    assert not roots(GRADER / name) & impure


def test_nothing_that_crossed_the_sandbox_is_unpickled_or_executed():
    """The trusted side of the sandbox knows no way to run data."""
    for path in modules(GRADER / "sandbox"):
        if path.name in ("boot.py", "loader.py", "walls.py"):  # the inside
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
        called = {function.id for function in calls if isinstance(function, ast.Name)}
        assert not called & {"eval", "exec", "__import__"}, path.name
        assert not roots(path) & {"pickle", "shelve", "dill"}, path.name
        attributes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
        named = {f"{node.value.id}.{node.attr}" for node in attributes if isinstance(node.value, ast.Name)}
        assert not named & {"ast.literal_eval", "marshal.load", "marshal.loads"}, path.name


def test_files_stay_readable():
    """No file over about 400 lines."""
    banks = assignment.home().glob("*/grading/*.py")
    for path in [*modules(ROIKIT), *sources(ROIKIT), *modules(GRADER), *banks]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path


@pytest.mark.parametrize(
    "name", ["intake/lms_names.py", "platforms/people.py", "report/changes.py", "report/inert.py"]
)
def test_patterns_matching_and_wording_touch_no_files(name):
    path = GRADER.joinpath(name)
    impure = {"os", "io", "pathlib", "shutil", "socket", "subprocess", "sys", "tempfile"}
    assert roots(path) <= STDLIB - impure | {"grader"}


@pytest.mark.parametrize("path", modules(GRADER), ids=label)
def test_platforms_are_nobodys_business_but_the_commands(path):
    """Canvas and the others look at what a run left; grading, reports and courses know nothing of them."""
    if path.parent.name not in ("platforms", "commands"):
        assert not any(name.startswith("grader.platforms") for name, _ in imports(path)), path.name
