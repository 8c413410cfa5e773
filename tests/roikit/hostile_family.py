"""Random calls of the family's newer operations and their gradients, good and bad; see `hostile_calls`.

Every argument is drawn by its name, whichever operation has it, and fits the others but now and then.
"""

import functools
import inspect

import numpy as np
from family import CALLS as EACH
from hostile_calls import (
    Call,
    a_convention,
    attempt,
    box,
    choose,
    flag,
    is_huge,
    junk,
    mode,
    parts,
    rois,
    spatial_scale,
    written,
)
from hostile_gradients import SHAPES, in_layout, row_count
from hostile_values import CHOICES, INDICES, INTEGERS, JUNK, ODD, SCALES, huge_map, laid_out, numbers, often

import roikit
from roikit.convention import SAMPLING

#: Those that `hostile_calls` and `hostile_gradients` leave out, and roi_align's gradients, which have grown.
NAMES = sorted(
    name for name in roikit.__all__
    if name.partition("_backward")[0] in EACH and name not in ("roi_pool", "roi_pool_backward", "roi_align")
)
FLOATS = ["f4", "f4", "f8", "f8", "f2", "bfloat16"]
SIZES = [value for value in INTEGERS if not isinstance(value, int) or abs(value) < 2**20 or value > 2**32]


class Arguments:
    """Of one call; what several of them have in common is drawn first."""

    def __init__(self, draw, operation):
        self.draw, self.operation = draw, operation
        self.N, self.C = draw.choice([0, 1, 1, 2, 2]), draw.choice([0, 1, 2, 3, 9])
        self.sizes = [(draw.randint(1, 7), draw.randint(1, 6)) for _ in range(draw.randint(1, 3))]
        self.bins = draw.choice([1, 2, 3, 5]), draw.randint(1, 4)
        self.groups = draw.choice([None, None, 1, 2, (1, 3), (3, 2)])
        self.dtype, self.like = draw.choice(FLOATS), draw.choice(["NCHW", "NCHW", "NHWC"])
        self.steps, self.classes = draw.choice([1, 2, 5, 10, 37]), draw.choice([1, 2, 5])
        self.near = often(draw, 0.5)
        self.boxes_ = self.boxes_of(self.N)
        self.K = row_count(self.boxes_) + often(draw, 0.02)

    def boxes_of(self, images):
        found = rois(self.draw, images, self.near)
        if not self.operation.endswith("rotated"):
            return found
        if isinstance(found, list) and found and not all(np.shape(row) == (5,) for row in found):
            return [[self.turned(row) for row in np.asarray(rows).tolist()] for rows in found]
        return np.array([self.turned(row) for row in np.asarray(found, float).tolist()]).reshape(-1, 6)

    def turned(self, row):
        *first, width, height = row
        sides = (width, height) if often(self.draw, 0.05) else (abs(width), abs(height))
        return [*first, *sides, self.draw.choice([0, 30, 90, -45.5, 180, 1e9, 1e300, -0.0, 5e-324])]

    def channels(self):
        """Of a map."""
        if self.operation == "border_align":
            return 4 * self.C
        if not self.operation.startswith("ps_"):
            return self.C
        GH, GW = np.broadcast_to(self.bins if self.groups is None else self.groups, 2)
        return int(self.C * GH * GW)

    def shapes(self):
        return [in_layout((self.N, self.channels(), *size), self.like) for size in self.sizes]

    def array(self, shape):
        return junk(self.draw, laid_out(self.draw, numbers(self.draw, shape, self.dtype)), 0.01)

    # --- by name -------------------------------------------------------------------------------------------

    def features(self):
        if self.operation == "roi_align_pyramid":
            return junk(self.draw, [self.array(shape) for shape in self.shapes()])
        return huge_map(self.draw) if self.near and often(self.draw, 0.02) else self.array(self.shapes()[0])

    def input_shape(self):
        return choose(self.draw, self.shapes()[0], [*SHAPES, *JUNK])

    def input_shapes(self):
        return choose(self.draw, self.shapes(), [*SHAPES, *JUNK, SHAPES])

    def rois(self):
        return junk(self.draw, self.boxes_)

    def boxes(self):
        return junk(self.draw, [box(self.draw, self.near) for _ in range(self.K)], 0.03)

    def grad(self):
        if self.operation in ("paste_masks", "select_class_masks"):
            return self.array((self.K, *self.sizes[0]))
        if self.operation == "border_align":
            return self.array((self.K, self.C, 4) if self.like == "NCHW" else (self.K, 4, self.C))
        return self.array(in_layout((self.K, self.C, *self.bins), self.like))

    def argmax(self):
        shape = (self.K, self.C, 4) if self.like == "NCHW" else (self.K, 4, self.C)
        points = [self.draw.randint(0, self.steps) for _ in range(self.K * self.C * 4)]
        if points and often(self.draw, 0.1):
            points[0] = self.draw.choice([-1, self.steps + 1, 2**15 - 1])
        points = np.array(points, self.draw.choice(["i8", "i8", "i4", ">i8", "i2"]))
        return junk(self.draw, laid_out(self.draw, points.reshape(shape)))

    def masks(self):
        several = (self.classes,) if self.operation == "select_class_masks" else ()
        return self.array((self.K, *several, *self.sizes[0]))

    def labels(self):
        each = [self.draw.randrange(self.classes) for _ in range(self.K)]
        if each and often(self.draw, 0.1):
            each[-1] = self.draw.choice([self.classes, *INDICES])
        return junk(self.draw, each)

    def offset(self):
        shifts = numbers(self.draw, (self.K, 2, *self.bins), self.draw.choice(FLOATS))
        if often(self.draw, 0.7):
            shifts = np.where(np.isfinite(shifts), shifts, 0.25)
        return junk(self.draw, self.draw.choice([None, laid_out(self.draw, shifts)]))

    def spatial_scales(self):
        powers = sorted(self.draw.sample(range(-3, 6), len(self.sizes)))
        return choose(self.draw, [2.0**-power for power in powers], [*SCALES, *JUNK])

    def convention(self):
        if self.operation == "paste_masks":
            return choose(self.draw, self.draw.choice(["torchvision", "torchvision", "detectron2"]), CHOICES)
        if self.operation == "ps_roi_pool":
            return a_convention(self.draw)
        return choose(self.draw, self.draw.choice([None, *SAMPLING]), JUNK) if often(self.draw, 0.3) else None

    def number(self, *good, bad=INTEGERS):
        return junk(self.draw, choose(self.draw, self.draw.choice(good), bad), 0.01)

    def option(self, name, default):
        """An argument that fits whatever the others are."""
        real = [0.0, 0.1, -1, 1e-300, 5e-324, 1e300, 0.5]
        drawn = {
            "output_size": lambda: self.number(self.bins), "spatial_scale": lambda: spatial_scale(self.draw),
            "sampling_ratio": lambda: self.number(1, 2, (1, 3), -1, (0, 2)), "mode": lambda: mode(self.draw),
            "group_size": lambda: self.number(self.groups), "gamma": lambda: self.number(*real, bad=SCALES),
            "pool_size": lambda: self.number(self.steps, bad=SIZES), "layout": lambda: self.like,
            "angle": lambda: self.number("degrees", "radians", bad=CHOICES),
            "num_orientations": lambda: self.number(1, 1, 3, self.C or 5),
            "mixing": lambda: self.number("linear", "redet", bad=CHOICES),
            "method": lambda: self.number("bilinear", "nearest", bad=CHOICES),
            "coordinates": lambda: self.number("normalized", "cells", bad=CHOICES),
            "extrapolation_value": lambda: self.number(*real, *ODD, bad=SCALES),
            "image_size": lambda: self.number(self.sizes[-1]),
            "mask_size": lambda: self.number(self.sizes[-1]),
            "padding": lambda: self.number(1, 1, 0, 3, 1024),
            "canonical_level": lambda: self.number(4, 0, -3),
            "canonical_size": lambda: self.number(224.0, 7, 1e-300, 1e300, bad=SCALES),
            "eps": lambda: self.number(0, 1e-6, 1.0, bad=SCALES),
            "num_threads": lambda: self.number(None, 1, 3),
            "eps_of": lambda: self.number("level", "ratio", bad=CHOICES),
            "classes": lambda: self.number(self.classes, bad=[0, -1, 2**31, 10**5000]),
        }
        if name in drawn:
            return drawn[name]()
        return flag(self.draw) if isinstance(default, bool) else default


def of_the_family(draw):
    name = draw.choice(NAMES)
    function = getattr(roikit, name)
    own = Arguments(draw, name.partition("_backward")[0])
    given, parameters = {}, inspect.signature(function).parameters
    for argument, parameter in parameters.items():
        made = getattr(own, argument, None)
        rare = argument in ("num_threads", "padding", "gamma", "eps", "extrapolation_value", "convention")
        if parameter.default is inspect.Parameter.empty or often(draw, 0.4 if rare else 0.8):
            given[argument] = made() if callable(made) else own.option(argument, parameter.default)
    if own.like == "NHWC" and "layout" in parameters:
        given["layout"] = "NHWC"
    if is_huge(given.get("features")):
        given.pop("convention", None)  # a minimum size could have every cell of a huge map read
    if given.pop("out", None) is None and "out" in parameters and often(draw, 0.2):
        made = attempt(Call(function, given))
        fit = parts(made.value) if made.error is None else (np.zeros((1, 1, 2, 2)),)
        # A fast gradient's last bits depend on the order in memory.
        lay = np.asarray if "_backward" in function.__name__ else functools.partial(laid_out, draw)
        places = [junk(draw, lay(np.zeros_like(array))) for array in fit]
        places = type(made.value)(places) if isinstance(made.value, (list, tuple)) else places[0]
        return Call(written, {**given, "operation": function, "out": choose(draw, places, JUNK)})
    return Call(function, given)


CALLS = [of_the_family]
