"""What the tests of the gradients share: derivatives by central differences, and boxes to try them on."""

import numpy as np


def central_differences(loss, at, step=1e-6):
    """The gradient of loss(at), number by number: half of what a step on either side differs by."""
    gradient = np.zeros(at.shape)
    for index in np.ndindex(at.shape):
        there = at.copy()
        there[index] += step
        back = at.copy()
        back[index] -= step
        gradient[index] = (loss(there) - loss(back)) / (2 * step)
    return gradient


def boxes_anywhere(rng, K, images=2, around=7):
    """Inside, across every border, off the map, empty, reversed; ends on whole and half cells and between."""
    ends = rng.uniform(-3, around + 3, (K, 4))
    ends = np.where(rng.random((K, 4)) < 0.4, np.round(2 * ends) / 2, ends)
    return np.column_stack([rng.integers(0, images, K), ends])
