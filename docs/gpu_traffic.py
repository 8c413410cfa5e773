"""What the CUDA kernels ask of the memory, counted on the CPU: the table of gpu.md.

``python docs/gpu_traffic.py`` prints it; ``--write`` puts it into the page. It needs a C++ compiler, no GPU.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from roikit.convention import CONVENTIONS
from roikit.gpu import _simt
from roikit.gpu.bilinear_interpolate import bilinear_interpolate
from roikit.gpu.roi_align import roi_align
from roikit.gpu.roi_align_backward import roi_align_backward
from roikit.gpu.roi_align_rotated import roi_align_rotated
from roikit.gpu.roi_align_rotated_backward import roi_align_rotated_backward
from roikit.gpu.roi_pool import roi_pool
from roikit.gpu.roi_pool_backward import roi_pool_backward

PAGE = Path(__file__).with_name("gpu.md")
BEGIN, END = "<!-- written by docs/gpu_traffic.py -->", "<!-- as far as here -->"
SCALE, BINS, RATIO = 1 / 16, 7, 2
LAYOUTS = ("NCHW", "NHWC")


@dataclass(frozen=True)
class Call:
    """Maps, boxes, and what there is to compute from them."""

    features: np.ndarray  # (1, C, H, W) float32, in either layout
    rois: np.ndarray  # (K, 5)

    @property
    def turned(self) -> np.ndarray:
        """The boxes, turned by any angle about their centres, as kernels take them: with cosine and sine."""
        image, x1, y1, x2, y2 = self.rois.T
        angle = np.random.default_rng(2).uniform(0, 2 * np.pi, len(image))
        rows = image, (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1, np.cos(angle), np.sin(angle)
        return np.column_stack(rows)

    @property
    def bins(self) -> tuple[int, ...]:
        return (len(self.rois), self.features.shape[1], BINS, BINS)


@dataclass(frozen=True)
class Counted:
    """What all launches of a call asked of the memory, for one value of its output."""

    sectors: float  # of 32 bytes, of global memory
    turns: float  # of the first-level cache: its lines, and wavefronts of shared memory


def call(layout: str, channels: int = 64, count: int = 128, shape: tuple[int, int] = (38, 50)) -> Call:
    """An image of 600×800 pixels at stride 16; boxes of 64 to 512 pixels, wide ones and high ones."""
    random = np.random.default_rng(0)
    features = random.standard_normal((1, channels, *shape), dtype=np.float32)
    if layout == "NHWC":
        features = np.ascontiguousarray(features.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    side = 64 * 8 ** random.uniform(0, 1, count)
    stretch = 2 ** random.uniform(-0.5, 0.5, count)
    height, width = side / stretch, side * stretch
    y = random.uniform(0, np.maximum(shape[0] / SCALE - height, 1))
    x = random.uniform(0, np.maximum(shape[1] / SCALE - width, 1))
    return Call(features, np.column_stack([np.zeros(count), x, y, x + width, y + height]))


# ------------------------------------------------------------------ operations
def align(device: _simt.SimtDevice, call: Call) -> int:
    out = like(call.features, call.bins)
    _simt.run(roi_align, device, (2,), call.features, call.rois, out, SCALE, (RATIO, RATIO), True, "avg")
    return out.size


def align_rotated(device: _simt.SimtDevice, call: Call) -> int:
    out = like(call.features, call.bins)
    _simt.run(roi_align_rotated, device, (2,), call.features, call.turned, out, SCALE, (RATIO, RATIO), True)
    return out.size


def pool(device: _simt.SimtDevice, call: Call) -> int:
    """Without argmax, as in a network that does not learn."""
    out, caffe = like(call.features, call.bins), CONVENTIONS["caffe"]
    _simt.run(roi_pool, device, (2,), call.features, call.rois, out, None, SCALE, caffe, "max")
    return out.size


def interpolate(device: _simt.SimtDevice, call: Call) -> int:
    """At 4,096 points all over the map."""
    random, (H, W) = np.random.default_rng(1), call.features.shape[2:]
    y, x = random.uniform(0, H - 1, 4096), random.uniform(0, W - 1, 4096)
    out = np.empty((*call.features.shape[:2], 4096), np.float32)
    _simt.run(bilinear_interpolate, device, (3,), call.features, y, x, out)
    return out.size


def align_backward(device: _simt.SimtDevice, call: Call) -> int:
    grad, out = ones(call), like(call.features, call.features.shape)
    _simt.run(roi_align_backward, device, (2,), grad, call.rois, out, SCALE, (RATIO, RATIO), True)
    return out.size


def align_rotated_backward(device: _simt.SimtDevice, call: Call) -> int:
    grad, out = ones(call), like(call.features, call.features.shape)
    _simt.run(roi_align_rotated_backward, device, (2,), grad, call.turned, out, SCALE, (RATIO, RATIO), True)
    return out.size


def pool_backward(device: _simt.SimtDevice, call: Call) -> int:
    out, argmax = like(call.features, call.features.shape), like(call.features, call.bins, np.int64)
    pooled, fast = like(call.features, call.bins), _simt.SimtDevice()
    caffe = CONVENTIONS["caffe"]
    _simt.run(roi_pool, fast, (2, 3), call.features, call.rois, pooled, argmax, SCALE, caffe, "max")
    _simt.run(roi_pool_backward, device, (3,), ones(call), call.rois, argmax, out)
    return out.size


def like(features: np.ndarray, shape: tuple[int, ...], dtype: Any = np.float32) -> np.ndarray:
    """A new array in the layout of `features`."""
    a, b, c, d = shape
    if features.flags.c_contiguous:
        return np.zeros(shape, dtype)
    return np.zeros((a, c, d, b), dtype).transpose(0, 3, 1, 2)


def ones(call: Call) -> np.ndarray:
    grad = like(call.features, call.bins)
    grad[...] = 1
    return grad


# ------------------------------------------------------------------ counting
OPERATIONS: dict[str, Callable[[_simt.SimtDevice, Call], int]] = {
    "roi_pool": pool,
    "roi_align": align,
    "roi_align_rotated": align_rotated,
    "bilinear_interpolate": interpolate,
    "roi_pool_backward": pool_backward,
    "roi_align_backward": align_backward,
    "roi_align_rotated_backward": align_rotated_backward,
}
#: Which kernels; only gradients have the last.
WAYS: dict[str, Callable[[], _simt.SimtDevice]] = {
    "plain": lambda: _simt.SimtDevice(mode="check", plain=True),
    "fast": lambda: _simt.SimtDevice(mode="check"),
    "atomic": lambda: _simt.SimtDevice(mode="check", deterministic=False),
}


def count(operation: str, way: str, call: Call) -> Counted:
    device = WAYS[way]()
    outputs = OPERATIONS[operation](device, call)
    sectors = turns = 0.0
    for report in device.reports:
        part = counted_part(report.notes)
        sectors += sum(row.sectors for row in report.traffic) / part
        turns += sum(row.lines + row.wavefronts for row in report.traffic) / part
    return Counted(sectors / outputs, turns / outputs)


def counted_part(notes: Iterable[str]) -> float:
    """Of a large grid the checker counts some of the blocks, and says how many."""
    for note in notes:
        if found := re.search(r"counted in (\d+) of (\d+) blocks", note):
            return int(found[1]) / int(found[2])
    return 1.0


def rows(calls: dict[str, Call]) -> Iterator[tuple[str, str, dict[str, Counted]]]:
    for operation in OPERATIONS:
        for layout, each in calls.items():
            ways = [way for way in WAYS if way != "atomic" or operation.endswith("backward")]
            yield operation, layout, {way: count(operation, way, each) for way in ways}


def table(found: Iterable[tuple[str, str, dict[str, Counted]]]) -> str:
    lines = [
        "| operation | map | sectors: plain | fast | atomic | turns: plain | fast | plain / fast |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for operation, layout, ways in found:
        sectors = [shown(ways[way].sectors) if way in ways else "" for way in WAYS]
        turns = [ways["plain"].turns, ways["fast"].turns]
        cells = (f"`{operation}`", layout, *sectors, *map(shown, turns), shown(turns[0] / turns[1]))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def shown(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def write(text: str, page: Path = PAGE) -> None:
    """Put the table where the page wants it."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into gpu.md")
    arguments = parser.parse_args(argv)
    text = table(rows({layout: call(layout) for layout in LAYOUTS}))
    print(text)
    if arguments.write:
        write(text)


if __name__ == "__main__":
    main()
