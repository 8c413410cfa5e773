"""The part of ``roikit doctor`` about GPUs: what runs CUDA kernels, and what works on them without a GPU.

To learn, to teach and to grade needs none of it.
"""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Iterator

from grader.doctor import Finding
from roikit import simt
from roikit.gpu import driver, nvrtc, toolkit
from roikit.simt import compiler

#: The oldest driver for each version of CUDA, by the first part of its number.
OLDEST_DRIVER = {12: 525, 13: 580}


def findings() -> Iterator[Finding]:
    """Heading and lines; looking takes less than a second, and no CUDA context is made."""
    try:
        found = driver.find()
    except driver.DriverError as problem:
        remedy = f"with an NVIDIA GPU: install its driver, >= {OLDEST_DRIVER[13]}"
        yield Finding("GPU", False, f"{problem} (no GPU is needed)", remedy)
        extra = "gpu"
    else:
        yield from _devices(found)
        yield _driver(found)
        extra = found.extra
    yield _cupy(extra)
    yield _nvrtc()
    yield _compiler()
    yield _sanitizer()


def _devices(found: driver.Driver) -> Iterator[Finding]:
    if not found.devices:
        remedy = "if there is one: see what CUDA_VISIBLE_DEVICES holds"
        yield Finding("GPU", False, "NVIDIA's driver finds none (no GPU is needed)", remedy)
    for device in found.devices:
        major, minor = device.capability
        memory = f"{device.memory / 2**30:.0f} GiB"
        yield Finding("GPU", True, f"{device.name}, compute capability {major}.{minor}, {memory}")


def _driver(found: driver.Driver) -> Finding:
    detail = "NVIDIA's, for CUDA up to " + ".".join(map(str, found.cuda))
    if found.cuda >= (12, 0):
        return Finding("  driver", True, detail)
    remedy = " or ".join(f"one >= {oldest} for CUDA {cuda}" for cuda, oldest in OLDEST_DRIVER.items())
    return Finding("  driver", False, f"{detail}: too old", f"install {remedy}")


def _cupy(extra: str) -> Finding:
    remedy = f"pip install 'roikit[{extra}]'"
    if not _is_installed("cupy"):
        return Finding("  CuPy", False, "missing (roikit's functions on a GPU)", remedy)
    try:
        import cupy
    except Exception as problem:  # half an installation fails in many ways
        first, *_ = str(problem).strip().splitlines() or [""]
        return Finding("  CuPy", False, f"is not importable: {type(problem).__name__}: {first}", remedy)
    cuda = cupy.cuda.runtime.runtimeGetVersion() // 1000
    detail = f"{cupy.__version__}, for CUDA {cuda}"
    if cuda == 13 and extra == "gpu12":
        remedy = f"pip uninstall cupy-cuda13x; {remedy}"
        return Finding("  CuPy", False, f"{detail}: too new for this driver or GPU", remedy)
    return Finding("  CuPy", True, detail)


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def _nvrtc() -> Finding:
    try:
        found = nvrtc.library()
    except nvrtc.NvrtcError as problem:
        detail, _, remedy = str(problem).rpartition(": ")
        return Finding("  NVRTC", False, detail, remedy)
    version = ".".join(map(str, found.version))
    return Finding("  NVRTC", True, f"{version}, compiles for sm_{found.archs[0]} to sm_{found.archs[-1]}")


def _compiler() -> Finding:
    try:
        found, *_ = compiler.find()
    except simt.NoCompiler as problem:
        return Finding("  C++ compiler", False, "missing (CUDA kernels on the CPU)", str(problem))
    return Finding("  C++ compiler", True, f"{_first_line(found, '--version')} (CUDA kernels on the CPU)")


def _sanitizer() -> Finding:
    found = toolkit.compute_sanitizer()
    if found is None:
        detail = "compute-sanitizer is missing (faults of kernels on a GPU)"
        return Finding("  sanitizer", False, detail, "pip install nvidia-cuda-sanitizer-api")
    return Finding("  sanitizer", True, found)


def _first_line(*command: str) -> str:
    """What a program says first of itself; its path where it says nothing."""
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    return (said.strip().splitlines() or command)[0]
