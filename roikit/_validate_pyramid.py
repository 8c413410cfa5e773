"""The checks of what feature pyramids alone have: maps, their scales, and how boxes find their level."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays, _on_gpu, _validate, _validate_gradients
from roikit._plain import items, real, said, shown, text, whole
from roikit._validate import Regions
from roikit._validate_gradients import Shape

#: Levels lie within -MOST_LEVELS .. MOST_LEVELS.
MOST_LEVELS = 1000
EPS_OF = ("level", "ratio")


class Rule(NamedTuple):
    """How a box finds its level; in the order in which the kernel takes it."""

    canonical_level: int
    canonical_size: float
    eps: float
    eps_of: str


def rule(canonical_level: object, canonical_size: object, eps: object, eps_of: object) -> Rule:
    level = _validate.whole_number("canonical_level", canonical_level, -MOST_LEVELS, MOST_LEVELS)
    size = _validate.tolerance("canonical_size", canonical_size)
    if size == 0:
        raise ValueError("canonical_size must be above 0; got 0")
    little = _validate.tolerance("eps", eps)
    if little > 1:
        raise ValueError(f"eps must be at most 1; got {shown(eps)}")
    name = text(eps_of)
    if name not in EPS_OF:
        error = TypeError if name is None else ValueError
        raise error(f"eps_of must be 'level' or 'ratio'; got {shown(eps_of)}")
    return Rule(level, size, little, name)


def levels(value: object) -> NDArray[np.int64]:
    """The numbers of a pyramid's levels, finest first."""
    numbers = [whole(each) for each in items(value) or ()]
    if not numbers or None in numbers:
        raise TypeError(f"levels must be a list of whole numbers, finest first; got {shown(value)}")
    rising = all(a < b for a, b in pairwise(numbers))  # type: ignore[operator]
    if not rising or not all(abs(each) <= MOST_LEVELS for each in numbers):  # type: ignore[arg-type]
        bounds = f"within -{MOST_LEVELS} .. {MOST_LEVELS}"
        raise ValueError(f"levels must rise, {bounds}; got {shown(value)}")
    return np.array(numbers, np.int64)


def scales(spatial_scales: object, maps: int, holder: str) -> tuple[tuple[float, ...], NDArray[np.int64]]:
    """Cells per image pixel of each map, and the level's number: 2 for 1/4."""
    given = items(spatial_scales)
    factors = [_validate.scale(each) for each in given or ()]
    if given is None:
        raise TypeError(f"spatial_scales must be a list, one for each map; got {shown(spatial_scales)}")
    if len(factors) != maps:
        raise ValueError(f"spatial_scales must be one for each map: {holder} has {maps}; got {len(factors)}")
    parts = [math.frexp(each) for each in factors]  # 0.5 * 2**exponent
    numbers = [1 - exponent for _, exponent in parts]
    if any(part != 0.5 for part, _ in parts) or any(a >= b for a, b in pairwise(numbers)):
        rule = "powers of 2 that fall from map to map, as 1/4, 1/8, 1/16"
        raise ValueError(f"spatial_scales must be {rule}; got {shown(spatial_scales)}")
    return tuple(factors), np.array(numbers, np.int64)


def maps(features: object, layout: str) -> list[NDArray[Any]]:
    """(N, C, H, W) of each level, whatever the layout; alike but for H and W."""
    given = items(features)
    if not given:
        raise TypeError(f"features must be a list of maps, finest first; got {_kind(features)}")
    found = [_map(f"features[{i}]", each, layout) for i, each in enumerate(given)]
    first = found[0]
    for i, each in enumerate(found):
        if each.shape[:2] != first.shape[:2]:
            ours, theirs = (f"{N} and {C}" for N, C in (each.shape[:2], first.shape[:2]))
            raise ValueError(
                f"features[{i}] must have as many images and channels as features[0], {theirs}; got {ours}"
            )
        if each.dtype != first.dtype:
            raise TypeError(f"features[{i}] must be {first.dtype}, as features[0] is; got {each.dtype}")
        if _on_gpu.is_on_gpu(each) != _on_gpu.is_on_gpu(first):
            raise TypeError(f"features[{i}] and features[0] must both be on a GPU, or neither")
    return found


def _map(name: str, values: object, layout: str) -> NDArray[Any]:
    array = _arrays.floats(name, values)
    if array.ndim != 4 or 0 in _arrays.channels_first(array, layout).shape[2:]:
        rule = f"({', '.join(layout)}), with at least one row and one column"
        raise ValueError(f"{name} must have shape {rule}; got {said(array.shape)}")
    return _validate.feature_maps(array, layout)


def _kind(value: object) -> str:
    return f"an object of {said(type(value))}" if items(value) is None else shown(value)


def shapes(input_shapes: object, layout: str) -> list[Shape]:
    """(N, C, H, W) of each level, whatever the layout; alike but for H and W."""
    given = items(input_shapes)
    if not given or any(real(each) is not None for each in given):
        raise TypeError(f"input_shapes must be a list of shapes, finest first; got {shown(input_shapes)}")
    found = [_validate_gradients.map_shape(each, layout) for each in given]
    for each in found:
        if each[:2] != found[0][:2]:
            rule = "the same images and channels"
            raise ValueError(f"input_shapes must have {rule}; got {shown(input_shapes)}")
    return found


def pooled_maps(
    features: object, mode: str, grad: NDArray[Any], shapes: list[Shape], layout: str
) -> list[NDArray[Any]] | None:
    """(N, C, H, W) of each level, whose maxima the bins are; None of averages."""
    if features is None:
        _validate_gradients.pooled_maps(None, mode, grad, shapes[0], layout)
        return None
    found = maps(features, layout)
    _validate_gradients.same_dtype(grad, found[0])
    given = [each.shape for each in found]
    if given != shapes:
        ours, theirs = ([_arrays.laid_out(each, layout) for each in some] for some in (shapes, given))
        raise ValueError(f"features must have the shapes input_shapes, {said(ours)}; got {said(theirs)}")
    return None if mode == "avg" else found


def outs(
    out: object, wanted: list[tuple[int, ...]], grad: NDArray[Any], features: list[NDArray[Any]] | None = None
) -> list[NDArray[Any]]:
    """What is written into: a new array of each level, or those that are given, as they are."""
    given: list[Any] | None = [None] * len(wanted) if out is None else items(out)
    if given is None or len(given) != len(wanted):
        raise TypeError(f"out must be a list of {len(wanted)} arrays, one for each map; got {_kind(out)}")
    found: list[NDArray[Any]] = []
    for i, (each, shape) in enumerate(zip(given, wanted, strict=True)):
        if each is None and out is not None:
            raise TypeError(f"out[{i}] must be an array, as the others are; got None")
        read = {f"features[{j}]": array for j, array in enumerate(features or ())}
        read |= {"grad": grad, **{f"out[{j}]": array for j, array in enumerate(found)}}
        found.append(_arrays.output(f"out[{i}]", each, shape, grad.dtype, new="the output", **read))
    return found if out is None else given


def boxes(rois: object, images: int, holder: str, beside: NDArray[Any]) -> Regions:
    """Boxes on a GPU are copied to the CPU: how many each level has, the CPU has to know."""
    found = _validate.regions(rois, images, holder, beside=beside)
    if found.on_gpu:
        table: Any = found.table
        found = _validate.regions(table.get(), images, holder)
    _validate.within_reach(found, 1.0)
    return found


def reach_and_samples(
    found: Regions, of_each: NDArray[np.int64], factors: tuple[float, ...], bins: tuple[int, int],
    ratio: tuple[int, int],
) -> None:
    """What RoIAlign asks of boxes, each at the scale of its level."""
    for level, factor in enumerate(factors):
        table = found.table.copy()
        table[of_each != level, 1:] = 0
        own = Regions(table, found.by_image)
        _validate.within_reach(own, factor)
        _validate.adaptive_samples(own, factor, bins, ratio)
