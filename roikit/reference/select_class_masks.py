"""Of the masks that a network makes for every class, the one of each RoI's own class."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def select_class_masks(masks: NDArray[Any], labels: NDArray[np.int64], out: NDArray[Any]) -> None:
    """out[k] = masks[k, labels[k]]."""
    for of_classes, label, mask in zip(masks, labels, out, strict=True):
        mask[:] = of_classes[label]
