"""The operations of the family as README's tables show them; ``python tests/roikit/family.py`` writes these.

A gradient's arguments follow from those of the operation by their names, so one small call of each operation
is all that is needed here.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import roikit
from roikit import PRESETS, _on_gpu

README = Path(__file__).parents[2] / "README.md"
GOLDEN = Path(__file__).with_name("golden")
COLUMNS = ("reference", "cpu", "gpu", "gradient", "box gradient", "presets")

_random = np.random.default_rng(5)
MAP = _random.standard_normal((2, 8, 7, 9))
MAPS = [_random.standard_normal((2, 3, 16 >> level, 20 >> level)) for level in range(3)]
ROIS = np.array([[0, 1.3, 0.7, 6.4, 4.9], [1, -1.35, 1.3, 3.65, 6.4], [0, 2.3, 2.25, 4.6, 3.4]])
ROTATED = np.array([[0, 4.1, 3.2, 5.3, 3.1, 33.0], [1, 2.6, 3.9, 4.2, 6.1, -70.0]])
SHIFTS = _random.standard_normal((3, 2, 2, 3))
MASKS = _random.random((3, 5, 6))

#: One call of each operation, by the names of its arguments.
CALLS: dict[str, dict[str, Any]] = {
    "roi_pool": {"features": MAP, "rois": ROIS, "output_size": (2, 3)},
    "roi_align": {"features": MAP, "rois": ROIS, "output_size": (2, 3), "sampling_ratio": 2},
    "roi_align_pyramid": {
        "features": MAPS, "rois": ROIS * [1, 9, 9, 9, 9], "output_size": 2, "sampling_ratio": 2,
        "spatial_scales": [1 / 4, 1 / 8, 1 / 16],
    },
    "roi_align_rotated": {"features": MAP, "rois": ROTATED, "output_size": (2, 3), "sampling_ratio": 2},
    "riroi_align_rotated": {"features": MAP, "rois": ROTATED, "output_size": (2, 3), "sampling_ratio": 2},
    "precise_roi_pool": {"features": MAP, "rois": ROIS, "output_size": (2, 3)},
    "deform_roi_pool": {
        "features": MAP, "rois": ROIS, "offset": SHIFTS, "output_size": (2, 3), "sampling_ratio": 2,
    },
    "ps_roi_pool": {"features": MAP, "rois": ROIS, "output_size": 2},
    "ps_roi_align": {"features": MAP, "rois": ROIS, "output_size": 2, "sampling_ratio": 2},
    "crop_and_resize": {"features": MAP, "rois": ROIS / [1, 8, 8, 8, 8], "output_size": (2, 3)},
    "ps_crop_and_resize": {
        "features": MAP, "rois": ROIS / [1, 8, 8, 8, 8], "output_size": (2, 3), "group_size": 2,
    },
    "border_align": {"features": MAP, "rois": ROIS, "pool_size": 4},
    "paste_masks": {
        "masks": MASKS, "image_size": (10, 12),
        "boxes": np.array([[2, 1, 9, 7], [-3, 4, 4, 12], [5, 5, 6, 6]]),
    },
    "select_class_masks": {"masks": _random.random((3, 4, 5, 6)), "labels": np.array([1, 0, 3])},
}
#: Of which mode, or by what beside the map.
GRADIENT_OF = {"roi_pool": "✓ of the maximum", "deform_roi_pool": "✓ and by offset"}
#: Operations that are made of others, and have no kernels.
THROUGH = {"roi_align_pyramid": "roi_align", "ps_crop_and_resize": "crop_and_resize"}
#: Why there is no gradient by the boxes.
NO_BOX_GRADIENT = {
    "roi_pool": "none: whole cells do not move",
    "ps_roi_pool": "none: whole cells do not move",
    "paste_masks": "none: boxes become whole pixels",
    "select_class_masks": "none: there are no boxes",
}


def operation(name: str) -> Any:
    return getattr(roikit, name)


def boxes_of(call: dict[str, Any]) -> str:
    return "boxes" if "boxes" in call else "rois"


def gradient(name: str, kind: str, call: dict[str, Any], grad: Any) -> Any:
    """What ``NAME_backward`` (or ``_backward_rois`` ...) gives for the gradient by the operation's result."""
    function = operation(f"{name}_{kind}")
    maps = call.get("features", call.get("masks"))
    derived = {
        "grad": lambda: grad,
        "input_shape": lambda: maps.shape,
        "input_shapes": lambda: [each.shape for each in maps],
        "mask_size": lambda: maps.shape[1:],
        "classes": lambda: maps.shape[1],
        "argmax": lambda: operation(name)(**call, return_argmax=True)[1],
    }
    given = {}
    for argument in inspect.signature(function).parameters:
        if argument in call:
            given[argument] = call[argument]
        elif argument in derived:
            given[argument] = derived[argument]()
    return function(**given)


# --- peers ------------------------------------------------------------------------------------------------


class Case(NamedTuple):
    """Numbers that a peer's own tests or documents state."""

    operation: str
    peer: str
    name: str
    record: dict[str, Any]

    def call(self) -> dict[str, Any]:
        given = dict(self.record["call"])
        dtype = self.record.get("dtype", "float64")
        for argument in ("features", "masks"):
            if argument in given:
                given[argument] = np.array(given[argument], dtype)
        return given | PRESETS[self.operation][self.peer]

    def expected(self, what: str = "expected") -> Any:
        return np.array(self.record[what], self.record.get("dtype", "float64"))


def cases() -> Iterator[Case]:
    for path in sorted(GOLDEN.glob("*.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            if isinstance(record, dict) and "peer" in record:
                name = record.get("operation", path.stem)
                yield Case(name, record["peer"], record["name"], record)


def nearness(case: Case) -> float:
    """The largest difference from the peer's numbers; 0.0 where all are the same bits."""
    with roikit.use_backend("plain"):
        got = operation(case.operation)(**case.call())
    expected = case.expected()
    assert got.shape == expected.shape, f"{case.operation}, {case.peer}, {case.name}: {got.shape}"
    return float(np.max(np.abs(got.astype(np.float64) - expected.astype(np.float64)), initial=0.0))


# --- the tables -------------------------------------------------------------------------------------------


def cell(name: str, column: str) -> str:
    if column == "reference":
        return "✓"
    if column == "cpu":
        if name in THROUGH:
            return f"through `{THROUGH[name]}`"
        return "plain, fast" if find_spec(f"roikit.cpu.fast.{name}") else "plain"
    if column == "gpu":
        return "✓" if name in _on_gpu.operations() else f"through `{THROUGH[name]}`"
    if column == "gradient":
        return GRADIENT_OF.get(name, "✓")
    if column == "box gradient":
        return "✓" if hasattr(roikit, f"{name}_backward_rois") else NO_BOX_GRADIENT[name]
    return f"{len(PRESETS[name])} below" if PRESETS.get(name) else "none has it alone"


def first_table() -> str:
    rows = [["operation", *COLUMNS], ["---"] * (len(COLUMNS) + 1)]
    rows += [[page(name), *(cell(name, column) for column in COLUMNS)] for name in CALLS]
    return table(rows)


def page(name: str) -> str:
    """The name, leading to what is told of it."""
    told = "masks" if "masks" in name else name
    return f"[`{name}`](docs/operations/{told}.md)"


def second_table() -> str:
    """Operation and peer: what of the peer's own numbers comes out, and how nearly; like rows are one."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for case in cases():
        nearest = (nearness(case), case.record.get("tolerance", 0.0))
        found.setdefault((case.operation, case.peer), []).append(nearest)
    alike: dict[tuple[str, str, str], list[str]] = {}
    for name, peers in PRESETS.items():
        for peer, options in peers.items():
            given = ", ".join(f"{key}={shown(value)}" for key, value in options.items())
            row = (f"`{name}`", f"`{given}`" if given else "the defaults", verdict(name, peer, found))
            alike.setdefault(row, []).append(peer)
    rows = [["operation", "peer", "arguments", "the peer's own numbers, and other calls"], ["---"] * 4]
    last = ""
    for (name, given, told), peers in alike.items():
        rows.append([name if name != last else "", ", ".join(peers), given, told])
        last = name
    return table(rows)


def shown(value: Any) -> str:
    """As it is written in code; a convention without a name by the named one that is nearest."""
    if not isinstance(value, roikit.Convention):
        return json.dumps(value) if isinstance(value, str) else repr(value)
    changes = {}
    for name in roikit.CONVENTIONS:
        named, mine = asdict(roikit.CONVENTIONS[name]), asdict(value)
        changes[name] = [f"{key}={shown(mine[key])}" for key in mine if mine[key] != named[key]]
    nearest = min(changes, key=lambda name: len(changes[name]))
    return f'replace(CONVENTIONS["{nearest}"], {", ".join(changes[nearest])})'


def verdict(name: str, peer: str, found: dict[tuple[str, str], list[tuple[float, float]]]) -> str:
    told = [numbers(found[name, peer])] if (name, peer) in found else []
    told += [OTHERWISE[name, peer]] if (name, peer) in OTHERWISE else []
    return "; ".join(told) or "publishes none; by its source, not run"


def numbers(examples: list[tuple[float, float]]) -> str:
    times = f"{len(examples)} example{'s' * (len(examples) > 1)}"
    if not any(difference for difference, _ in examples):
        return f"{times}: equal, bit for bit"
    return f"{times}: within {max(tolerance for _, tolerance in examples):g}, as far as its digits go"


_EQUAL = "equal, bit for bit"
_ORT = "random calls"
_TORCHVISION = "random calls of 0.29"
_PADDLE = "random calls of 3.3"
_OPENVINO = "random calls of 2026.4"
_ALIGNED = f"{_OPENVINO}: within 2e-05, but a maximum there begins at 0"
#: What of a peer is compared beside its numbers: with_peers/, test_onnx*.py, test_paste_masks_torch.py.
OTHERWISE = {
    ("roi_pool", "torchvision"): f"{_TORCHVISION}: {_EQUAL}, where its float bins are exact",
    ("roi_pool", "torchvision_float32"): f"{_TORCHVISION}, of float32: {_EQUAL}",
    ("roi_pool", "torchvision_float64"): f"{_TORCHVISION}, of float64: {_EQUAL}",
    ("roi_pool", "onnxruntime"): f"{_ORT}: {_EQUAL}, where its float bins are exact",
    ("roi_pool", "openvino"): f"{_OPENVINO}: {_EQUAL}, as are its bins",
    ("roi_pool", "paddle"): f"{_PADDLE}: {_EQUAL}, where its float bins are exact",
    ("roi_pool", "paddle_float32"): f"{_PADDLE}: {_EQUAL}",
    ("roi_align", "torchvision"): f"{_TORCHVISION}: within 2e-05, of float64 1e-13",
    ("roi_align", "torchvision_aligned"): f"{_TORCHVISION}: within 2e-05, of float64 1e-13",
    ("roi_align", "onnxruntime"): f"{_ORT}: within 5e-05",
    ("roi_align", "onnxruntime_max"): f"{_ORT}: within 5e-05",
    ("roi_align", "openvino_asymmetric"): _ALIGNED,
    ("roi_align", "openvino_half_pixel"): _ALIGNED,
    ("roi_align", "openvino_half_pixel_for_nn"): _ALIGNED,
    ("roi_align", "paddle"): (
        f"{_PADDLE}: within 2e-05, of float64 1e-13; NaN where a box is empty, 0 here, and its gradient makes"
        f" a box at least a cell"
    ),
    ("roi_align", "paddle_legacy"): f"{_PADDLE}: within 2e-05, of float64 1e-13",
    ("ps_roi_pool", "torchvision"): (
        f"{_TORCHVISION}: it leaves out the map's last row and column; without these within 2e-05,"
        f" of float64 1e-13"
    ),
    ("ps_roi_pool", "paddle"): f"{_PADDLE}, of float64: within 1e-13",
    ("ps_roi_pool", "paddle_float32"): f"{_PADDLE}, of float32: within 2e-05",
    ("ps_roi_pool", "openvino_float32"): f"{_OPENVINO}: within 2e-05",
    ("ps_roi_align", "torchvision"): (
        f"{_TORCHVISION}: within 2e-05, of float64 1e-13; NaN where a box is empty, 0 here"
    ),
    ("roi_align_rotated", "openvino"): f"{_OPENVINO}: within 2e-05",
    ("crop_and_resize", "tensorflow"): "random calls of 2.21: within 2e-05",
    ("crop_and_resize", "openvino"): f"{_OPENVINO}: within 2e-05",
    ("ps_crop_and_resize", "openvino"): f"{_OPENVINO}: within 2e-05",
    ("roi_align_pyramid", "torchvision"): f"{_TORCHVISION}, of float64: within 1e-13",
    ("roi_align_pyramid", "detectron2"): "publishes none; its rule of levels, written anew, agrees",
    ("paste_masks", "torchvision"): f"{_TORCHVISION}, of float64: within 1e-13",
    ("paste_masks", "detectron2"): "its steps in PyTorch: within 1e-12",
}


def table(rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def written(text: str) -> str:
    """README's text with both tables made anew, each between its two marks."""
    for mark, made in (("operations", first_table()), ("peers", second_table())):
        pattern = rf"(<!-- {mark}: .*? -->\n).*?(<!-- /{mark} -->)"
        text, count = re.subn(pattern, lambda found, made=made: found[1] + made + found[2], text, flags=re.S)
        assert count == 1, f"README.md has no place for the table of {mark}"
    return text


if __name__ == "__main__":
    for case in cases():
        sys.stdout.write(f"{case.operation}, {case.peer}, {case.name}: {nearness(case):g}\n")
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
