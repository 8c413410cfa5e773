"""What "quantize a box", "cut it into bins", "sample it" mean: one record, and those that have names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from types import MappingProxyType
from typing import Literal

import numpy as np

from roikit._plain import listed, real, shown, text, whole

#: No coordinate may lie further out than this many cells: every product below then fits into 64 bits.
FARTHEST_CELL = 2**40

Rounding = Literal["floor", "round_half_away", "round_half_even", "none"]
Ends = Literal["inclusive", "exclusive", "inclusive_pixel"]
Split = Literal["overlap", "disjoint", "truncate", "absolute", "sampled"]
Outside = Literal["ignore", "zero"]
Arithmetic = Literal["exact", "float32", "float64"]

_CHOICES = {
    "rounding": ("floor", "round_half_away", "round_half_even", "none"),
    "ends": ("inclusive", "exclusive", "inclusive_pixel"),
    "split": ("overlap", "disjoint", "truncate", "absolute", "sampled"),
    "outside": ("ignore", "zero"),
    "arithmetic": ("exact", "float32", "float64"),
}


@dataclass(frozen=True)
class Convention:
    """How a box becomes a region of a feature map, and how the region is cut into bins.

    One axis of a box runs from ``start`` to ``end`` in image pixels. It becomes a region in cells and then P
    bins, in this order::

        round_pixels, pixel_offset  ->  end * spatial_scale - offset  ->  rounding  ->  ends
            ->  minimum_size  ->  split

    Parameters
    ----------
    rounding : {"floor", "round_half_away", "round_half_even", "none"}
        How each scaled end becomes an integer: 2.5 is 2, 3 or 2; -2.5 is -3, -3 or -2. With "none" the ends
        stay real numbers.
    ends : {"exclusive", "inclusive", "inclusive_pixel"}
        Whether the end itself belongs to the region. The end cell: the ends 3 and 8 are 5 cells, or 6. The
        end pixel: one pixel is added to the end before it is scaled.
    split : {"overlap", "disjoint", "truncate", "absolute", "sampled"}
        Where bin p of P begins and ends. Over n whole cells, counted from the region's start:

        - overlap: ``[floor(p * n / P), ceil((p + 1) * n / P))``; neighbours may share a cell;
        - disjoint: ``[floor(p * n / P), floor((p + 1) * n / P))``; every cell in one bin: 5 -> 2 + 3;
        - truncate: ``[p * b, (p + 1) * b)`` with ``b = max(floor(n / P), 1)``, cut off at n; what remains is
          dropped.

        Over a region with real ends, from a and n long:

        - absolute: ``[floor(a + p * n / P), ceil(a + (p + 1) * n / P))``, whole cells of the map;
        - sampled: from ``a + p * n / P`` to ``a + (p + 1) * n / P``, read at points: a convention of
          `roi_align` and its kin, not of pooling.
    minimum_size : int, float or None, default 1
        A region is made at least this many cells wide and high; it grows at its end. None: a reversed axis
        stays as it is, and has no cells.
    empty_value : float, default 0.0
        The value of a bin without cells. Its argmax is always -1. With split "sampled" it is of maxima: the
        value of a bin without samples, and that of a sample off the map, which -inf leaves out.
    offset : float, default 0.0
        Subtracted from each scaled coordinate before it is rounded, in cells.
    outside : {"ignore", "zero"}, default "ignore"
        Bins are cut from the region as it stands, also where it leaves the map. Cells off the map are then
        left out (``ignore``; an average divides by the cells on the map), or take part as 0 (``zero``; they
        also count in the divisor, and a maximum that is such a 0 has argmax -1).
    round_pixels : bool, default False
        Round in image pixels, before scaling. The region's ends are then real numbers.
    pixel_offset : float, default 0.0
        Added to each coordinate (after ``round_pixels``) before it is scaled, in pixels.
    arithmetic : {"exact", "float32", "float64"}, default "exact"
        How ``p * n / P`` is computed. "exact": in integers, where the region has whole cells; else in
        float64, and the last bin ends where the region ends. In a float it is computed as other libraries
        do, ``bin = n / P; floor(p * bin), ceil((p + 1) * bin)``, which now and then makes a bin one cell too
        long; "float32" scales the box in float32, too.

    Raises
    ------
    TypeError, ValueError
        A field of the wrong kind or value; fields that do not go together; an offset or a minimum size
        beyond 2**40 cells.

    Examples
    --------
    5 cells in 2 bins are 2.5 cells each: ``floor(2.5)`` and ``ceil(2.5)`` put cell 2 into both.

    >>> from roikit import Convention, bin_edges
    >>> mine = Convention(rounding="floor", ends="exclusive", split="overlap", offset=0.5)
    >>> bin_edges(5, 2, convention=mine).tolist()
    [[0, 3], [2, 5]]
    >>> print(mine)
    floor, ends exclusive, overlap bins, offset 0.5
    """

    rounding: Rounding
    ends: Ends
    split: Split
    minimum_size: float | None = 1
    empty_value: float = 0.0
    offset: float = 0.0
    outside: Outside = "ignore"
    round_pixels: bool = False
    pixel_offset: float = 0.0
    arithmetic: Arithmetic = "exact"

    def __post_init__(self) -> None:
        for field, choices in _CHOICES.items():
            value = getattr(self, field)
            name = text(value)
            if name is None:
                raise TypeError(f"Convention: {field} must be one of {listed(choices)}; got {shown(value)}")
            if name not in choices:
                raise ValueError(f"Convention: {field} must be one of {listed(choices)}; got {shown(value)}")
            object.__setattr__(self, field, name)
        if type(self.round_pixels) not in (bool, np.bool_):
            raise TypeError(f"Convention: round_pixels must be True or False; got {shown(self.round_pixels)}")
        object.__setattr__(self, "round_pixels", bool(self.round_pixels))
        _check_together(self)
        if self.minimum_size is not None:
            size = (_whole_size if self.whole_cells else _real_size)(self.minimum_size)
            object.__setattr__(self, "minimum_size", size)
        object.__setattr__(self, "empty_value", _real("empty_value", self.empty_value))
        for field, unit in (("offset", "cells"), ("pixel_offset", "pixels")):
            number = _real(field, getattr(self, field))
            if not abs(number) <= FARTHEST_CELL:
                within = f"-2**40 .. 2**40 {unit}"
                raise ValueError(f"Convention: {field} must lie within {within}; got {number!r}")
            object.__setattr__(self, field, number)

    @property
    def samples(self) -> bool:
        """Whether it is a convention of `roi_align` and its kin; all others are of pooling."""
        return self.split == "sampled"

    @property
    def whole_cells(self) -> bool:
        """Whether a region has whole cells (`quantize_rois`), and not real ends."""
        return self.rounding != "none" and not self.round_pixels

    @property
    def added_pixels(self) -> tuple[float, float]:
        """What is added to the start and to the end of a box before scaling."""
        return self.pixel_offset, self.pixel_offset + (self.ends == "inclusive_pixel")

    def __str__(self) -> str:
        words = [_ROUNDED[self.rounding], f"ends {self.ends.replace('_', ' ')}", f"{self.split} bins"]
        if self.round_pixels:
            words[0] += " in pixels"
        for field in fields(self):
            value = getattr(self, field.name)
            if field.default is not MISSING and value != field.default and type(value) is not bool:
                words.append(f"{field.name.replace('_', ' ')} {value}")
        return ", ".join(words).replace("minimum size None", "no minimum size")


_ROUNDED = {name: name.replace("_", " ") for name in _CHOICES["rounding"]} | {"none": "no rounding"}


def _check_together(made: Convention) -> None:
    """Fields that exclude each other."""
    real_split = made.split in ("absolute", "sampled")
    wrong = ""
    if made.round_pixels and made.rounding == "none":
        wrong = "round_pixels needs a rounding; got rounding 'none'"
    elif made.split == "sampled" and made.rounding != "none":
        wrong = f"split 'sampled' needs rounding 'none'; got {made.rounding!r}"
    elif not made.whole_cells and not real_split:
        ends = "rounding 'none'" if made.rounding == "none" else "round_pixels"
        wrong = f"{ends} leaves real ends, which need split 'absolute' or 'sampled'; got {made.split!r}"
    elif made.whole_cells and real_split:
        wrong = f"split 'absolute' needs real ends: rounding 'none' or round_pixels; got {made.rounding!r}"
    elif not made.whole_cells and made.ends == "inclusive":
        wrong = "ends 'inclusive' adds a whole cell; real ends need 'exclusive' or 'inclusive_pixel'"
    elif made.arithmetic != "exact" and made.split not in ("overlap", "absolute"):
        wrong = f"arithmetic {made.arithmetic!r} needs split 'overlap' or 'absolute'; got {made.split!r}"
    elif made.split == "sampled" and made.outside != "ignore":
        wrong = "outside 'zero' is about pooling; split 'sampled' has a border rule of its own"
    if wrong:
        raise ValueError(f"Convention: {wrong}")


def _whole_size(value: object) -> int:
    size = whole(value)
    if size is None:
        raise TypeError(f"Convention: minimum_size must be a whole number of cells; got {shown(value)}")
    if not 0 <= size <= FARTHEST_CELL:
        raise ValueError(f"Convention: minimum_size must lie within 0 .. 2**40 cells; got {shown(size)}")
    return size


def _real_size(value: object) -> float:
    size = _real("minimum_size", value)
    if not 0 <= size <= FARTHEST_CELL:
        raise ValueError(f"Convention: minimum_size must lie within 0 .. 2**40 cells; got {size!r}")
    return size


def _real(field: str, value: object) -> float:
    try:
        number = real(value)
    except OverflowError:
        raise ValueError(f"Convention: {field} must be a float64; got a number too large for it") from None
    if number is None:
        raise TypeError(f"Convention: {field} must be a real number; got {shown(value)}")
    return number


#: The conventions that have a name, by that name: first those of pooling, then those of sampling.
CONVENTIONS: Mapping[str, Convention] = MappingProxyType(
    {
        # Caffe's ROIPooling, and after it torchvision, detectron2, ONNX MaxRoiPool, MXNet and Paddle.
        "caffe": Convention(rounding="round_half_away", ends="inclusive", split="overlap"),
        # The course's worked example: 5 rows in 2 bins are 2 + 3 rows, 7 columns 3 + 4.
        "disjoint": Convention(rounding="floor", ends="exclusive", split="disjoint"),
        # 665/32 = 20.78125 -> 20 cells in 7 bins: 20/7 = 2.857... -> 2 cells a bin, and 6 of the 20 are
        # dropped.
        "truncate": Convention(rounding="floor", ends="exclusive", split="truncate"),
        # torchvision's ps_roi_pool; Chainer's roi_max_pooling_2d on a GPU, but for what is empty.
        "exclusive": Convention(rounding="round_half_away", ends="exclusive", split="overlap"),
        # Chainer's roi_max_pooling_2d: Python's round(), and nothing is less than any number.
        "chainer": Convention(
            rounding="round_half_even", ends="exclusive", split="overlap", empty_value=float("-inf")
        ),
        # R-FCN's position-sensitive pooling, and after it MXNet, Paddle and OpenVINO.
        "rfcn": Convention(
            rounding="round_half_away", ends="inclusive_pixel", split="absolute", minimum_size=0.1,
            round_pixels=True,
        ),
        # ChainerCV's ps_roi_average_pooling_2d and ps_roi_max_pooling_2d.
        "chainercv": Convention(rounding="none", ends="exclusive", split="absolute", minimum_size=0.1),
        # mmcv's roi_pool.
        "mmcv": Convention(rounding="none", ends="inclusive_pixel", split="absolute", minimum_size=None),
        # "caffe" as those libraries compute it of float32, also where float32 makes a bin a cell too long.
        "caffe_float32": Convention(
            rounding="round_half_away", ends="inclusive", split="overlap", arithmetic="float32"
        ),
        # RoIAlign as first published, aligned=False: a region is at least 1 cell.
        "roi_align": Convention(rounding="none", ends="exclusive", split="sampled"),
        # aligned=True: a cell's value stands at its centre, so cell i is at i + 0.5.
        "half_pixel": Convention(
            rounding="none", ends="exclusive", split="sampled", minimum_size=None, offset=0.5
        ),
        # OpenVINO's half_pixel: pixels have centres, too.
        "openvino_half_pixel": Convention(
            rounding="none", ends="exclusive", split="sampled", minimum_size=None, offset=0.5,
            pixel_offset=0.5,
        ),
        # DirectML: a box without a size is sampled at one point, again and again.
        "point": Convention(rounding="none", ends="exclusive", split="sampled", minimum_size=None),
        # ChainerCV's ps_roi_average_align_2d and ps_roi_max_align_2d.
        "chainercv_align": Convention(rounding="none", ends="exclusive", split="sampled", minimum_size=0.1),
    }
)

#: The three that the course teaches.
TAUGHT = ("caffe", "disjoint", "truncate")

#: Those that pool, and those that sample.
POOLING = tuple(name for name, known in CONVENTIONS.items() if not known.samples)
SAMPLING = tuple(name for name, known in CONVENTIONS.items() if known.samples)
