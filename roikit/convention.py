"""What "quantize a box" and "cut it into bins" mean: one record, and the presets that have names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from types import MappingProxyType
from typing import Literal

from roikit._plain import real, shown, text, whole

#: No coordinate may lie further out than this many cells: every product below then fits into 64 bits.
FARTHEST_CELL = 2**40

Rounding = Literal["floor", "round_half_away", "round_half_even"]
Ends = Literal["inclusive", "exclusive"]
Split = Literal["overlap", "disjoint", "truncate"]
Outside = Literal["ignore", "zero"]

_CHOICES = {
    "rounding": ("floor", "round_half_away", "round_half_even"),
    "ends": ("inclusive", "exclusive"),
    "split": ("overlap", "disjoint", "truncate"),
    "outside": ("ignore", "zero"),
}


@dataclass(frozen=True)
class Convention:
    """How a box is quantized to the cells of a feature map and cut into bins.

    One axis of a box runs from ``start`` to ``end`` in image pixels. It becomes a range of whole cells and
    then P bins, in this order::

        end * spatial_scale - offset  ->  rounding  ->  ends  ->  minimum_size  ->  split

    Parameters
    ----------
    rounding : {"floor", "round_half_away", "round_half_even"}
        How each scaled end becomes an integer: 2.5 is 2, 3 or 2; -2.5 is -3, -3 or -2.
    ends : {"exclusive", "inclusive"}
        Whether the end cell itself belongs to the region: the ends 3 and 8 are 5 cells, or 6.
    split : {"overlap", "disjoint", "truncate"}
        Where bin p of P over n cells begins and ends, in whole cells counted from the region's start:

        - overlap: ``[floor(p * n / P), ceil((p + 1) * n / P))``; neighbours may share a cell;
        - disjoint: ``[floor(p * n / P), floor((p + 1) * n / P))``; every cell in one bin: 5 -> 2 + 3;
        - truncate: ``[p * b, (p + 1) * b)`` with ``b = max(floor(n / P), 1)``, cut off at n; what remains is
          dropped.
    minimum_size : int, default 1
        A region is made at least this many cells wide and high; it grows at its end.
    empty_value : float, default 0.0
        The value of a bin without cells. Its argmax is always -1.
    offset : float, default 0.0
        Subtracted from each scaled coordinate before it is rounded, in cells.
    outside : {"ignore", "zero"}, default "ignore"
        Bins are cut from the region as it stands, also where it leaves the map. Cells off the map are then
        left out (``ignore``; an average divides by the cells on the map), or take part as 0 (``zero``; they
        also count in the divisor, and a maximum that is such a 0 has argmax -1).

    Raises
    ------
    TypeError, ValueError
        A field of the wrong kind or value; an offset or a minimum size beyond 2**40 cells.

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
    minimum_size: int = 1
    empty_value: float = 0.0
    offset: float = 0.0
    outside: Outside = "ignore"

    def __post_init__(self) -> None:
        for field, choices in _CHOICES.items():
            value = getattr(self, field)
            name = text(value)
            if name is None:
                raise TypeError(f"Convention: {field} must be one of {_listed(choices)}; got {shown(value)}")
            if name not in choices:
                raise ValueError(f"Convention: {field} must be one of {_listed(choices)}; got {shown(value)}")
            object.__setattr__(self, field, name)
        object.__setattr__(self, "minimum_size", _whole_size(self.minimum_size))
        object.__setattr__(self, "empty_value", _real("empty_value", self.empty_value))
        object.__setattr__(self, "offset", _real("offset", self.offset))
        if not abs(self.offset) <= FARTHEST_CELL:
            raise ValueError(f"Convention: offset must lie within -2**40 .. 2**40 cells; got {self.offset!r}")

    def __str__(self) -> str:
        words = [self.rounding.replace("_", " "), f"ends {self.ends}", f"{self.split} bins"]
        for field in fields(self):
            value = getattr(self, field.name)
            if field.default is not MISSING and value != field.default:
                words.append(f"{field.name.replace('_', ' ')} {value}")
        return ", ".join(words)


def _listed(choices: tuple[str, ...]) -> str:
    return ", ".join(repr(choice) for choice in choices)


def _whole_size(value: object) -> int:
    size = whole(value)
    if size is None:
        raise TypeError(f"Convention: minimum_size must be a whole number of cells; got {shown(value)}")
    if not 0 <= size <= FARTHEST_CELL:
        raise ValueError(f"Convention: minimum_size must lie within 0 .. 2**40 cells; got {shown(size)}")
    return size


def _real(field: str, value: object) -> float:
    try:
        number = real(value)
    except OverflowError:
        raise ValueError(f"Convention: {field} must be a float64; got a number too large for it") from None
    if number is None:
        raise TypeError(f"Convention: {field} must be a real number; got {shown(value)}")
    return number


#: The conventions that have a name, by that name.
CONVENTIONS: Mapping[str, Convention] = MappingProxyType(
    {
        # Caffe's ROIPooling, and after it torchvision, detectron2, ONNX MaxRoiPool, MXNet and Paddle.
        "caffe": Convention(rounding="round_half_away", ends="inclusive", split="overlap"),
        # The course's worked example: 5 rows in 2 bins are 2 + 3 rows, 7 columns 3 + 4.
        "disjoint": Convention(rounding="floor", ends="exclusive", split="disjoint"),
        # 665/32 = 20.78125 -> 20 cells in 7 bins: 20/7 = 2.857... -> 2 cells a bin, and 6 of the 20 are
        # dropped.
        "truncate": Convention(rounding="floor", ends="exclusive", split="truncate"),
    }
)
