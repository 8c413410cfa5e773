"""The quick way of an ordinary small call: the same checks in C, where that is built.

`roi_align` and `roi_pool` give what the careful checks of a face would, or None for a call that is anything
but ordinary: that goes on to the careful checks, and to their sentences.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: The result; what the kernel is called with; whether `_arrays.widely` is for it; what holds arrays in place.
Call = tuple[Any, tuple[Any, ...], bool, object]


class _Nothing:
    """Where it is not built no call is ordinary."""

    @staticmethod
    def roi_align(*arguments: object) -> Call | None:
        return None

    roi_pool = roi_align


try:
    _built: Any = import_module("roikit.cpu._ordinary")
except ImportError:
    _built = _Nothing
roi_align, roi_pool = _built.roi_align, _built.roi_pool
