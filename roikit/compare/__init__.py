"""The same call under several conventions, side by side, with the places where they differ.

>>> from roikit import compare, examples
>>> print(compare.roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, 2))
roi_pool: 3 of 4 values differ
(k, c, ph, pw)  caffe  disjoint  truncate
(0, 0, 0, 0)    0.85   0.85      0.85
(0, 0, 0, 1)    0.96   0.84      0.84      ≠
(0, 0, 1, 0)    0.97   0.97      0.69      ≠
(0, 0, 1, 1)    0.91   0.96      0.88      ≠

A notebook shows a comparison as this table with a picture for each convention.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from numpy.typing import ArrayLike

from roikit import _validate, explain
from roikit._plain import items, shown, text
from roikit.convention import TAUGHT, Convention
from roikit.ops.roi_align import roi_align as _roi_align
from roikit.ops.roi_pool import roi_pool as _roi_pool

from ._comparison import Comparison

__all__ = ["Comparison", "roi_align", "roi_pool"]

Kind = TypeVar("Kind")

#: The four layers that are called RoIAlign: ``aligned`` and ``mode``.
VARIANTS = ((True, "avg"), (True, "max"), (False, "avg"), (False, "max"))


def roi_pool(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    *,
    conventions: Sequence[str | Convention] | Mapping[str, str | Convention] = TAUGHT,
    mode: str = "max",
) -> Comparison:
    """Compare `roikit.roi_pool` under several conventions.

    Parameters
    ----------
    features, rois, output_size, spatial_scale, mode
        As `roikit.roi_pool` has them.
    conventions : list of str or Convention, or dict of them by a name of your own
        Default: the three that the course teaches, "caffe", "disjoint" and "truncate".

    Returns
    -------
    Comparison

    Raises
    ------
    TypeError, ValueError
        As `roikit.roi_pool`; no convention, or one twice.

    Examples
    --------
    The 8×8 map: Caffe's box has 6 rows and 8 columns, and 5 rows in bins of 2 leave the last one out.

    >>> from roikit import compare, examples
    >>> pooled = compare.roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, 2)
    >>> pooled.outputs["truncate"].tolist()
    [[[[0.85, 0.84], [0.69, 0.88]]]]
    >>> pooled.differing.tolist()
    [[[[False, True], [True, True]]]]
    >>> compare.roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, 2, conventions=["disjoint", "truncate"])
    <comparison of roi_pool: disjoint, truncate; 2 of 4 values differ>
    """
    arguments = (features, rois, output_size, spatial_scale)
    named = _named_conventions(conventions)
    return Comparison(
        explanations={
            name: explain.roi_pool(*arguments, convention=each, mode=mode) for name, each in named.items()
        },
        outputs={name: _roi_pool(*arguments, convention=each, mode=mode) for name, each in named.items()},
        words={name: str(each) for name, each in named.items() if name != str(each)},
    )


def roi_align(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    *,
    variants: Sequence[tuple[bool, str]] = VARIANTS,
) -> Comparison:
    """Compare `roikit.roi_align` with and without `aligned`, by average and by maximum.

    Parameters
    ----------
    features, rois, output_size, spatial_scale, sampling_ratio
        As `roikit.roi_align` has them.
    variants : list of (aligned, mode)
        Default: all four.

    Returns
    -------
    Comparison

    Raises
    ------
    TypeError, ValueError
        As `roikit.roi_align`; no variant, or one twice.

    Examples
    --------
    >>> from roikit import compare, examples
    >>> modes = [(True, "avg"), (True, "max")]
    >>> print(compare.roi_align(examples.MAP_8X8_BATCH, examples.ROI_8X8, 2, 1.0, 2, variants=modes))
    roi_align: 4 of 4 values differ
    (k, c, ph, pw)  aligned=True, avg  aligned=True, max
    (0, 0, 0, 0)    0.4770             0.7028             ≠
    (0, 0, 0, 1)    0.4710             0.6123             ≠
    (0, 0, 1, 0)    0.4569             0.7703             ≠
    (0, 0, 1, 1)    0.4552             0.7941             ≠
    """
    arguments = (features, rois, output_size, spatial_scale, sampling_ratio)
    named = _named_variants(variants)
    return Comparison(
        explanations={
            name: explain.roi_align(*arguments, aligned, mode=mode) for name, (aligned, mode) in named.items()
        },
        outputs={name: _roi_align(*arguments, aligned, mode=mode) for name, (aligned, mode) in named.items()},
    )


def _named_conventions(conventions: object) -> dict[str, Convention]:
    if issubclass(type(conventions), dict):
        given = list(conventions.items())  # type: ignore[attr-defined]
        if not all(text(name) for name, _ in given):
            raise TypeError(f"conventions must have names of letters; got {shown(conventions)}")
    else:
        given = [(text(each), each) for each in _given("conventions", conventions)]
    return _once("conventions", [(name, _validate.convention(each)) for name, each in given])


def _named_variants(variants: object) -> dict[str, tuple[bool, str]]:
    pairs = [(each, items(each) or []) for each in _given("variants", variants)]
    for given, pair in pairs:
        if len(pair) != 2:
            raise TypeError(f"variants must be pairs (aligned, mode); got {shown(given)}")
    checked = [(_validate.flag("aligned", aligned), _validate.mode(mode)) for _, (aligned, mode) in pairs]
    return _once("variants", [(f"aligned={aligned}, {mode}", (aligned, mode)) for aligned, mode in checked])


def _given(name: str, values: object) -> list[Any]:
    given = items(values)
    if given is None:
        raise TypeError(f"{name} must be a list; got {shown(values)}")
    return given


def _once(what: str, named: list[tuple[str | None, Kind]]) -> dict[str, Kind]:
    """By name, a convention that has none by its words; each once."""
    found: dict[str, Kind] = {}
    for given, value in named:
        name = given or str(value)
        if name in found:
            raise ValueError(f"{what} must differ; {shown(name)} is there twice")
        found[name] = value
    if not found:
        raise ValueError(f"{what} must have at least one; got none")
    return found
