"""What every explanation can do: `.bin` of any value of the output, a `.picture` of it, `.draw` on axes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate
from roikit._plain import items, said, shown, whole
from roikit._svg import Picture

from ._grids import Crop, compared
from ._picture import draw
from ._scene import Scene

#: Differences up to this are no mistake, as in the checks.
TOLERANCE = 1e-6

Place = tuple[int, ...]
Outputs = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Tolerance:
    """Numbers further apart than ``atol + rtol * |expected|`` are wrong; NaN equals NaN."""

    rtol: float
    atol: float

    def wrong(self, got: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.bool_]:
        return ~np.asarray(np.isclose(got, expected, rtol=self.rtol, atol=self.atol, equal_nan=True))

    def first_wrong(self, outputs: Outputs) -> Place | None:
        if not {"expected", "got"} <= set(outputs):
            return None
        wrong = np.argwhere(self.wrong(outputs["got"], outputs["expected"]))
        return tuple(int(i) for i in wrong[0]) if len(wrong) else None


class Explanation(ABC):
    """How an operation came to its output; a notebook shows it as a picture of the first RoI, channel 0.

    Attributes
    ----------
    operation : name of the operation
    shape : shape of its output; what `bin` and `picture` call an index is an index into it
    """

    operation: str
    shape: tuple[int, ...]
    _axes: tuple[str, ...]  # what the output's axes are called
    _place_axes = 2  # how many axes at the end one picture holds: (ph, pw)

    def bin(self, *index: int) -> Any:
        """Everything that went into ``output[index]``: box, edges or sample points, weights, values, result.

        Raises
        ------
        TypeError, ValueError
            Not an index, or the output has no such place, for instance because there is no RoI (K = 0).
        """
        at = self._checked(index, len(self.shape))
        with np.errstate(all="ignore"):  # what is in the map is the caller's business
            return self._record(at)

    def picture(
        self,
        index: ArrayLike | None = None,
        expected: object = None,
        got: object = None,
        *,
        result: bool = False,
        rtol: float = TOLERANCE,
        atol: float = TOLERANCE,
    ) -> Picture:
        """One RoI on one channel, drawn; beside it the numbers expected and got.

        Parameters
        ----------
        index : tuple, optional
            Place in the output whose bin is highlighted, as (k, c, ph, pw); or (k, c) for no highlight.
            Default: the first wrong place where `expected` and `got` are both given, else RoI 0, channel 0.
        expected, got : array, optional
            Whole outputs. Where only `got` is given, it is compared with the operation's own result. An array
            of another shape is named below the picture and not drawn.
        result : bool, default False
            Draw the operation's own result beside the map. Without it a picture gives no answer away.
        rtol, atol : float, default 1e-6
            Numbers further apart than ``atol + rtol * |expected|`` are wrong, and red.

        Raises
        ------
        TypeError, ValueError
            Not an index, or the output has no such place, for instance because there is no RoI (K = 0); a
            tolerance that is not a number from 0 up.
        """
        own = "result" if _validate.flag("result", result) else None
        if own is None and got is not None and expected is None:
            own = "expected"
        tolerance = Tolerance(_validate.tolerance("rtol", rtol), _validate.tolerance("atol", atol))
        lead = (0,) * (len(self.shape) - self._place_axes)
        with np.errstate(all="ignore"):  # what is in the map is the caller's business
            outputs, faults = self._comparable(expected=expected, got=got)
            if index is None:
                index = tolerance.first_wrong(outputs) or lead
            at = self._checked(index, len(lead), len(self.shape))
            return self._draw(at, own, outputs, tolerance, faults)

    def draw(self, ax: Any = None, index: ArrayLike | None = None, **asked: Any) -> Any:
        """Draw `picture`, which has the other parameters, with matplotlib: axes in, the same axes out.

        The axes' units are the map's: the cell (row y, column x) covers [x, x+1) × [y, y+1), y downwards.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Default: those of a new figure of the picture's size.
        index, **asked
            As `picture` has them.
        """
        return self.picture(index, **asked).draw(ax)

    def _repr_svg_(self) -> str | None:
        return None if 0 in self.shape else self.picture().svg

    @property
    def axes(self) -> tuple[str, ...]:
        """What the output's axes are called."""
        return self._axes

    def __repr__(self) -> str:
        sizes = ", ".join(f"{axis} = {size}" for axis, size in zip(self._axes, self.shape, strict=True))
        return f"<explanation of {self.operation}: {sizes}>"

    @abstractmethod
    def _record(self, index: Place) -> Any:
        """The record of a place that is known to exist."""

    @abstractmethod
    def _draw(
        self, at: Place, own: str | None, outputs: Outputs, tolerance: Tolerance, faults: list[str]
    ) -> Picture:
        """The picture of the place `at`.

        `own` is the title under which the operation's own result is shown, `outputs` are others by title,
        `faults` sentences about what could not be shown.
        """

    def _checked(self, index: object, *lengths: int) -> Place:
        """The index as plain ints, if the output has such a place."""
        names = [f"({', '.join(self._axes[:length])})" for length in lengths]
        given = items(np.asarray(index).tolist() if issubclass(type(index), np.ndarray) else index)
        at = tuple(i for i in map(whole, given or ()) if i is not None)
        if given is None or len(at) < len(given):
            raise TypeError(f"index must be whole numbers {names[-1]}; got {shown(index)}")
        for axis, size in zip(self._axes, self.shape, strict=True):
            if size == 0:
                raise ValueError(f"there is nothing to explain: the output has {axis.upper()} = 0")
        if len(at) not in lengths:
            raise ValueError(f"index must be {' or '.join(reversed(names))}; got {shown(index)}")
        for axis, size, i in zip(self._axes, self.shape, at, strict=False):
            if not 0 <= i < size:
                raise ValueError(f"index {shown(at)}: {axis} = {shown(i)} lies outside 0..{size - 1}")
        return at

    def _comparable(self, **given: object) -> tuple[Outputs, list[str]]:
        """The arrays that are given and have the output's shape; a sentence about each of the others."""
        outputs, faults = {}, []
        for name, values in given.items():
            array = None if values is None else _numbers(name, values)
            if array is not None and array.shape == self.shape:
                outputs[name] = _arrays.copied(name, array, np.float64)
            elif array is not None:
                faults.append(f"{name} has shape {said(array.shape)}; the output has shape {self.shape}.")
            elif values is not None:
                faults.append(f"{name} is not an array of numbers.")
        return outputs, faults


@dataclass(frozen=True)
class Stage:
    """Of one place: the RoI and channel, the part of the output that is shown, the map, the bin's words."""

    lead: Place
    crop: Crop
    scene: Scene
    caption: str


class MapExplanation(Explanation):
    """An explanation whose picture is a feature map with grids of numbers beside it."""

    def _draw(
        self, at: Place, own: str | None, outputs: Outputs, tolerance: Tolerance, faults: list[str]
    ) -> Picture:
        stage = self.stage(at, reveals=own == "result")
        shown = {name: stage.crop.cut(output[stage.lead]) for name, output in outputs.items()}
        if own is not None:
            results = np.array([self._record((*stage.lead, *place)).result for place in stage.crop.places()])
            shown = {own: results.reshape(stage.crop.shape), **shown}
        grids = compared(shown, tolerance.wrong)
        return draw(stage.scene, grids, stage.crop, stage.caption, faults)

    def stage(self, index: ArrayLike, reveals: bool) -> Stage:
        """What a picture of the place (k, c, ph, pw), or (k, c), starts from."""
        lead_axes = len(self.shape) - self._place_axes
        at = self._checked(index, lead_axes, len(self.shape))
        lead, place = at[:lead_axes], at[lead_axes:] if len(at) == len(self.shape) else None
        with np.errstate(all="ignore"):  # what is in the map is the caller's business
            return Stage(
                lead,
                Crop.of(self.shape[lead_axes:], place),
                self._scene(lead, place, reveals),
                caption="" if place is None else f"{self._record(at).sentence}.",
            )

    @abstractmethod
    def _scene(self, lead: Place, place: Place | None, reveals: bool = False) -> Scene:
        """What is drawn over the map of ``output[lead]``, with `place` highlighted.

        Where it `reveals` the result, every bin's maximum is marked.
        """


def _numbers(name: str, values: object) -> NDArray[Any] | None:
    """The values as an array of real numbers, or None where they are nothing of the kind."""
    try:
        array = _arrays.read(name, values)
    except (TypeError, ValueError):
        return None
    return array if array.dtype.kind in "biuf" else None
