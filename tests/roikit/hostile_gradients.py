"""Random calls of the gradients, good and bad; what must hold for them is in `hostile_calls`."""

import numpy as np
from hostile_calls import Call, choose, flag, junk, rois, spatial_scale
from hostile_values import INTEGERS, JUNK, laid_out, numbers, often

import roikit

SHAPES = [(2, 3, 4), (2, 3, 4, 5, 6), (2, 3, 0, 4), (2, -3, 4, 5), (2**40, 1, 1, 1), (1, 1, 2**20, 2**20),
          (0, 0, 2**19, 2**19), (10**30, 1, 1, 1), (1, 1, 1, 2.0), np.array([1, 1, 2, 2])]


def row_count(boxes):
    """How many boxes there are, by image or not."""
    if not isinstance(boxes, list) or all(np.shape(row) == (5,) for row in boxes):
        return len(np.asarray(boxes))
    return sum(map(len, boxes))


def arguments(draw):
    """A map's shape, boxes and bins that fit together, but for a few; and how boxes are sampled."""
    N, C = draw.choice([0, 1, 1, 2, 2]), draw.choice([0, 1, 2, 3, 9])
    shape = (N, C, draw.randint(1, 7), draw.randint(1, 6))
    boxes = rois(draw, N, near=True)
    layout = draw.choice(["NCHW", "NCHW", "NHWC"])
    K = row_count(boxes) + often(draw, 0.03)
    bins = (K, C + often(draw, 0.03), draw.choice([0, *[1, 2, 3] * 9]), draw.randint(1, 4))
    dtype = draw.choice(["f4", "f4", "f8", "f8", "f2", "bfloat16"])
    grad = laid_out(draw, numbers(draw, in_layout(bins, layout), dtype))
    ratio = choose(draw, draw.choice([1, 2, 3, (1, 3), -1, (0, 2)]), INTEGERS)
    sampling = {"spatial_scale": spatial_scale(draw), "sampling_ratio": ratio, "aligned": flag(draw)}
    return shape, {"grad": junk(draw, grad), "rois": junk(draw, boxes), "layout": layout}, sampling


def in_layout(shape, layout):
    return shape if layout == "NCHW" else (shape[0], *shape[2:], shape[1])


def roi_align_backward(draw):
    shape, given, sampling = arguments(draw)
    given["input_shape"] = choose(draw, in_layout(shape, given["layout"]), [*SHAPES, *JUNK])
    return Call(roikit.roi_align_backward, given | sampling)


def roi_align_backward_rois(draw):
    shape, given, sampling = arguments(draw)
    like = getattr(given["grad"], "dtype", np.dtype("f8"))
    dtype = choose(draw, like if like.kind in "fV" else "f8", ["f4", "f8", "f2", "bfloat16"])
    given["features"] = junk(draw, laid_out(draw, numbers(draw, in_layout(shape, given["layout"]), dtype)))
    return Call(roikit.roi_align_backward_rois, given | sampling)


def roi_pool_backward(draw):
    (N, C, H, W), given, _ = arguments(draw)
    size = np.shape(given["grad"]) if type(given["grad"]) is np.ndarray else (1, 1, 1, 1)
    cells = [draw.randint(-1, H * W - 1) for _ in range(int(np.prod(size)))] if np.prod(size) < 2**12 else []
    argmax = np.resize(np.array(cells or [0]), size).astype(draw.choice(["i8", "i8", "i4", ">i8", "i2"]))
    if argmax.size and often(draw, 0.1):
        argmax.flat[draw.randrange(argmax.size)] = draw.choice([-2, H * W, 2**15 - 1, -(2**15)])
    given["argmax"] = junk(draw, laid_out(draw, argmax))
    given["input_shape"] = choose(draw, in_layout((N, C, H, W), given["layout"]), [*SHAPES, *JUNK])
    return Call(roikit.roi_pool_backward, given)


CALLS = [roi_align_backward, roi_align_backward_rois, roi_pool_backward]
