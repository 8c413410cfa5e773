"""The gradient of `select_class_masks`: the mask of a RoI's own class gets all of it, the others nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def select_class_masks_backward(grad: NDArray[Any], labels: NDArray[np.int64], out: NDArray[Any]) -> None:
    """out[k, labels[k]] = grad[k], and 0 elsewhere."""
    out[:] = 0
    for mask, label, of_classes in zip(grad, labels, out, strict=True):
        of_classes[label] = mask
