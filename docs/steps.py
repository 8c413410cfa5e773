"""The five steps of kernels.md, measured on one call, in one run.

``python docs/steps.py`` prints the table; ``--write`` puts it into the page. ONNX Runtime is a row of it
where it is installed.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from two_products import two_products

import roikit
from roikit.cpu import _roi_align as plain
from roikit.cpu.fast import _roi_align as fast
from roikit.cpu.fast import simd
from roikit.reference import roi_align as reference

PAGE = Path(__file__).with_name("kernels.md")
BEGIN, END = "<!-- written by docs/steps.py -->", "<!-- as far as here -->"
LEVELS = ("plain C", "AVX2", "AVX-512")  # as simd.LEVEL counts


@dataclass(frozen=True)
class Call:
    """RoIAlign, average, 2×2 samples a bin, aligned."""

    features: np.ndarray  # (1, C, H, W) float32
    rois: np.ndarray  # (K, 5) float64
    bins: tuple[int, int] = (14, 14)
    scale: float = 1 / 4

    def new(self) -> np.ndarray:
        """Room for a result."""
        return np.zeros((len(self.rois), self.features.shape[1], *self.bins), np.float32)


def call(channels: int = 256, count: int = 100, shape: tuple[int, int] = (200, 336)) -> Call:
    """The finest level of a feature pyramid, stride 4: boxes of 16 to 160 pixels, wide ones and high ones."""
    random = np.random.default_rng(0)
    features = random.standard_normal((1, channels, *shape), dtype=np.float32)
    side = 16 * 10 ** random.uniform(0, 1, count)
    stretch = 3 ** random.uniform(-0.5, 0.5, count)
    height, width = side / stretch, side * stretch
    y, x = random.uniform(0, 4 * shape[0] - height), random.uniform(0, 4 * shape[1] - width)
    return Call(features, np.column_stack([np.zeros(count), x, y, x + width, y + height]))


# ------------------------------------------------------------------ steps 1 and 2
def definition(call: Call, out: np.ndarray) -> None:
    reference.roi_align(call.features, call.rois, out, call.scale, (2, 2), True, "avg")


def plain_cython(call: Call, out: np.ndarray) -> None:
    plain.roi_align(call.features, call.rois, out, call.scale, (2, 2), True, "avg")


# ------------------------------------------------------------------ step 3
def matrix_products(call: Call, out: np.ndarray) -> None:
    two_products(call.features, call.rois, out, call.scale, 2)


# ------------------------------------------------------------------ steps 4 and 5
def passes(level: int) -> Callable[[Call, np.ndarray], None]:
    """Both passes by the tables of a plan: RoIs as they come, each on all channels."""

    def step(call: Call, out: np.ndarray) -> None:
        order = np.arange(len(call.rois))
        channels, *cells = call.features.shape[1:]
        size = (tuple(cells), call.bins, call.scale, (2, 2), True, "avg")
        plan = fast.Plan(call.rois, order, *size, False, False, 1 << 40, level)  # no gradient, no doubles
        planes = call.features[0, :, plan.top : plan.bottom, plan.left : plan.right]
        plan.forward(planes, out, np.zeros((len(order), channels), np.uint8), 0, plan.count, False)

    return step


def roikits(threads: int) -> Callable[[Call, np.ndarray], None]:
    """The public function."""

    def step(call: Call, out: np.ndarray) -> None:
        roikit.roi_align(
            call.features, call.rois, call.bins, call.scale, 2, True, out=out, num_threads=threads
        )

    return step


def onnx_runtime(call: Call) -> Callable[[Call, np.ndarray], None] | None:
    """ONNX Runtime on one thread, output memory reused; None where it is not installed."""
    try:
        import onnxruntime
        from onnx import TensorProto, helper
    except ImportError:
        return None
    feed = {"x": call.features, "rois": np.float32(call.rois[:, 1:]), "batch": np.int64(call.rois[:, 0])}
    node = helper.make_node(
        "RoiAlign", list(feed), ["out"], spatial_scale=call.scale, sampling_ratio=2, mode="avg",
        output_height=call.bins[0], output_width=call.bins[1], coordinate_transformation_mode="half_pixel",
    )  # fmt: skip
    types = {name: helper.np_dtype_to_tensor_dtype(array.dtype) for name, array in feed.items()}
    inputs = [helper.make_tensor_value_info(name, types[name], feed[name].shape) for name in feed]
    outputs = [helper.make_tensor_value_info("out", TensorProto.FLOAT, None)]
    graph = helper.make_graph([node], "roi_align", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    binding = session.io_binding()
    for name, array in feed.items():
        binding.bind_ortvalue_input(name, onnxruntime.OrtValue.ortvalue_from_numpy(array))

    def step(call: Call, out: np.ndarray) -> None:
        binding.bind_output("out", "cpu", 0, np.float32, out.shape, out.ctypes.data)
        session.run_with_iobinding(binding)

    return step


# ------------------------------------------------------------------ the table
def steps(call: Call, level: int, threads: int) -> dict[str, Callable[[Call, np.ndarray], None]]:
    """Each step by its words, in the order of the table."""
    portable = {"the same in plain C": passes(0)} if level else {}
    more = {f"5. … on {threads} threads": roikits(threads)} if threads > 1 else {}
    peer = onnx_runtime(call)
    return {
        "1. the definition, NumPy": definition,
        "2. plain Cython": plain_cython,
        "3. two matrix products, NumPy": matrix_products,
        f"4. sparse taps, two passes ({LEVELS[level]})": passes(level),
        **portable,
        "5. blocks of planes, sorted RoIs": roikits(1),
        **more,
        **({"ONNX Runtime": peer} if peer else {}),
    }


def measure(call: Call, rounds: int, level: int, threads: int) -> str:
    """All steps in turns; of each the median of its rounds, and its distance from the definition."""
    todo = steps(call, level, threads)
    outs = {name: call.new() for name in todo}
    seconds: dict[str, list[float]] = {name: [] for name in todo}
    for turn in range(-1, rounds):  # the first is not counted
        for name, step in todo.items():
            if turn < 0 or name[0] != "1" or turn < 3:  # the definition takes seconds
                seconds[name].append(fastest(step, call, outs[name]))
    median = {name: float(np.median(found[1:] or found)) for name, found in seconds.items()}
    return table(median, outs, float(np.abs(call.features).max()))


def fastest(step: Callable[[Call, np.ndarray], None], call: Call, out: np.ndarray) -> float:
    """Of as many calls as fit into a quarter of a second, one at least."""
    best, end = float("inf"), time.perf_counter() + 0.25
    while best == float("inf") or time.perf_counter() + best < end:
        start = time.perf_counter()
        step(call, out)
        best = min(best, time.perf_counter() - start)
    return best


def table(seconds: dict[str, float], outs: dict[str, np.ndarray], largest: float) -> str:
    first = before = next(iter(seconds))
    lines = [
        "| step | ms | gain | in all | distance |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, own in seconds.items():
        distance = float(np.abs(outs[name] - outs[first]).max()) / largest
        is_step = name[0].isdigit() and name != first
        gain = shown(seconds[before] / own) if is_step else ""
        in_all = shown(seconds[first] / own) if name != first else ""
        cells = (name, shown(own * 1e3), gain, in_all, f"{distance:.1e}" if distance else "0")
        lines.append(f"| {' | '.join(cells)} |")
        before = name if is_step else before
    return "\n".join(lines)


def shown(value: float) -> str:
    """Two digits are as many as a second run would give again."""
    return f"{float(f'{value:.2g}'):,.{0 if value >= 9.95 else 1}f}"


def write(text: str, page: Path = PAGE) -> None:
    """Put the table where the page wants it."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main(argv: list[str] | None = None) -> Any:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into kernels.md")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args(argv)
    text = measure(call(), arguments.rounds, simd.LEVEL, arguments.threads)
    print(text)
    if arguments.write:
        write(text)


if __name__ == "__main__":
    main()
