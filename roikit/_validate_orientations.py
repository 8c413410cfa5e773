"""What rotation-invariant RoIAlign alone needs: its channels' orientations, and how far a box turns these."""

from __future__ import annotations

import math
import sys
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from roikit import _on_gpu, _validate
from roikit._plain import said
from roikit._validate import MOST_BINS, Regions


class Mixing(NamedTuple):
    """How the orientations of a box follow from its angle."""

    num_orientations: int
    turn: float  # radians, counter-clockwise, of one unit of the angle
    as_redet: bool  # shifted one way, and mixed with the neighbour on the other side

    @property
    def full_turn(self) -> float:
        """In units of the angle."""
        return 2 * math.pi if abs(self.turn) == 1 else 360.0

    @property
    def steps(self) -> float:
        """How many orientations one radian, counter-clockwise, is in the mixture."""
        each = self.num_orientations / (2 * math.pi)
        return math.copysign(each, self.turn) if self.as_redet else each


def read_mixing(num_orientations: object, mixing: object, turn: float) -> Mixing:
    count = _validate.whole_number("num_orientations", num_orientations, 1, MOST_BINS)
    return Mixing(count, turn, _validate.choice("mixing", mixing, "linear", "redet") == "redet")


def check_channels(channels: int, num_orientations: int, holder: str) -> None:
    if channels % num_orientations:
        rule = f"channels in groups of {num_orientations} orientations, a multiple of {num_orientations}"
        raise ValueError(f"{holder} must have {rule}; got {said(channels)}")


def shifts(boxes: Regions, how: Mixing) -> Any:
    """(K, 2) float64: how many whole orientations further each box reads, and the part of one beyond these.

    For boxes on a GPU computed by a kernel there.
    """
    if boxes.on_gpu:
        return _shifts_on_gpu(boxes.table, how)
    return np.column_stack(whole_and_part(boxes.table[:, 5], how))


def whole_and_part(
    angles: NDArray[np.float64], how: Mixing
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    with np.errstate(all="ignore"):  # the smallest of all angles underflow
        steps = np.fmod(angles, how.full_turn) * how.num_orientations / how.full_turn
        if how.turn < 0 and not how.as_redet:
            steps = -steps
        whole = np.floor(steps)
        return np.mod(-whole if how.as_redet else whole, how.num_orientations), steps - whole


def _shifts_on_gpu(table: Any, how: Mixing) -> Any:
    cupy: Any = sys.modules["cupy"]
    with table.device:
        made = cupy.empty((len(table), 2), np.float64)
    compute = _on_gpu.compute("orientation_shifts", table, (1,), plain=False, deterministic=True)
    compute(table.astype(np.float64), made, *how, how.full_turn)
    return made
