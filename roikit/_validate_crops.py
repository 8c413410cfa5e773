"""The checks of what crop_and_resize and its gradients alone have."""

from __future__ import annotations

from roikit import _validate
from roikit._plain import real, shown


def extrapolation_value(value: object) -> float:
    """Any number; NaN and the infinities are, too."""
    try:
        number = real(value)
    except OverflowError:
        rule = "extrapolation_value must be a number that float64 can hold"
        raise ValueError(f"{rule}; got a larger one") from None
    if number is None:
        raise TypeError(f"extrapolation_value must be a real number; got {shown(value)}")
    return number


def method(value: object) -> str:
    return _validate.choice("method", value, "bilinear", "nearest")


def coordinates(value: object) -> str:
    return _validate.choice("coordinates", value, "normalized", "cells")
