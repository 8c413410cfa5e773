"""What the tests of rotated boxes share."""

import numpy as np

from roikit import _validate_rotated

DEGREE = np.pi / 180


def rotated_boxes(rng, K, images=2, around=7):
    """(K, 6): centres on the map, and near it; sides from 0 up; any angle, in degrees."""
    return np.column_stack([
        rng.integers(0, images, K), rng.uniform(-2, around + 2, (K, 2)), rng.uniform(0, around - 1, (K, 2)),
        rng.uniform(-400, 400, K),
    ])


def frames(rois, per_unit=DEGREE):
    """(K, 7), as kernels take them."""
    return _validate_rotated.frames(_validate_rotated.Regions(rois, False), per_unit)
