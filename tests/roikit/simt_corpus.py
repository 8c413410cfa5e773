"""Small kernels in files, with the launch, the arguments and what must come of it in the first comments.

    // launch: grid 2,1 block 64 shared 256
    // args: x=arange(128,f4) out=empty(128,f4) n=i4(128)
    // expect: race line 12 with 13             the kind, and the line or the two lines that it names
    // says: no __syncthreads() lies between    words of the sentence
    // expect: clean                            or: no finding at all
    // result: out = x.reshape(2, 64)[:, ::-1].ravel()
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import roikit
from roikit import simt

FOLDER = Path(__file__).parent / "simt"
DTYPES = {name: np.dtype(name).type for name in ("f2", "f4", "f8", "i4", "i8", "u1", "u2", "u4")}


@dataclass(frozen=True)
class Example:
    """A kernel of the corpus."""

    path: Path
    code: str
    grid: tuple[int, ...]
    block: tuple[int, ...]
    shared: int
    kind: str
    lines: tuple[int, ...]
    says: tuple[str, ...]
    results: tuple[tuple[str, str], ...]

    @property
    def kernel_name(self) -> str:
        """The name after __global__ void."""
        return re.findall(r"__global__ void (\w+)", self.code)[0]

    def arguments(self) -> dict[str, Any]:
        """Fresh arguments, in the kernel's order."""
        words = _words(np.random.default_rng(0))
        pairs = (pair.split("=", 1) for line in _header(self.code, "args") for pair in line.split())
        return {name: eval(expression, words) for name, expression in pairs}

    def launch(self, mode: str, order: str = "forward") -> tuple[simt.Report, dict[str, Any]]:
        """Run it once: the report, and the arguments as they are afterwards."""
        kernel = simt.RawKernel(
            self.code, self.kernel_name, mode=mode, order=order, filename=self.path.name, timeout=20.0
        )
        arguments = self.arguments()
        report = kernel(self.grid, self.block, tuple(arguments.values()), shared_mem=self.shared)
        return report, arguments

    def expected(self) -> dict[str, Any]:
        """The results as the header has them, from the arguments before the launch."""
        before = {**self.arguments(), "np": np, "roikit": roikit}
        return {name: eval(expression, before) for name, expression in self.results}


def examples(folder: str) -> list[Example]:
    """All kernels of "bugs" or "correct", by name."""
    return [_example(path) for path in sorted((FOLDER / folder).glob("*.cu"))]


def _example(path: Path) -> Example:
    code = path.read_text()
    launch = re.fullmatch(r"grid ([\d,]+) block ([\d,]+) shared (\d+)", *_header(code, "launch"))
    expect = re.fullmatch(r"([\w-]+)(?: line (\d+))?(?: with (\d+))?", *_header(code, "expect"))
    assert launch is not None, path
    assert expect is not None, path
    results = (line.split(" = ", 1) for line in _header(code, "result"))
    return Example(
        path=path,
        code=code,
        grid=_sizes(launch[1]),
        block=_sizes(launch[2]),
        shared=int(launch[3]),
        kind=expect[1],
        lines=tuple(int(line) for line in expect.groups()[1:] if line),
        says=tuple(_header(code, "says")),
        results=tuple((name, expression) for name, expression in results),
    )


def _header(code: str, word: str) -> list[str]:
    return re.findall(rf"^// {word}: (.*)$", code, flags=re.MULTILINE)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))


def _words(rng: np.random.Generator) -> dict[str, Any]:
    """What an argument is written with: NumPy's words with the dtype last."""
    return {
        **DTYPES,
        "arange": lambda count, dtype: np.arange(count, dtype=dtype),
        "array": np.array,
        "empty": simt.empty,
        "full": np.full,
        "integers": rng.integers,
        "linspace": lambda start, stop, count, dtype: np.linspace(start, stop, count, dtype=dtype),
        "null": None,
        "ones": np.ones,
        "random": lambda shape, dtype: rng.random(shape).astype(dtype),
        "zeros": np.zeros,
    }
