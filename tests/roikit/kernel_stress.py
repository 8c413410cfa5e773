"""Runs the compiled kernels over every border; `test_builds.py` starts this on builds that watch each step.

With the name of a fault it makes that one instead, by passing what the faces would refuse straight to a
kernel: the watchers must see it.
"""

import dataclasses
import itertools
import os
import sys

import numpy as np

import roikit
from roikit.cpu import _bin_edges, _quantize_rois, _roi_pool, _roi_pool_backward
from roikit.cpu.fast import simd

FAR = 2.0**40


def fail_loudly(unraisable):
    """An IndexError in a kernel cannot be raised to its caller: it ends the process instead."""
    print(f"{unraisable.exc_type.__name__}: {unraisable.exc_value}", flush=True)
    os._exit(3)


def boxes(rng, N, H, W):
    """Over every border and corner, on it, empty, reversed; then huge ones and one far away."""
    ends = [-9.5, -1.0, -0.5, 0.0, 0.5, 1.0]
    across = itertools.product([*ends, W - 0.5, W, W + 1], [*ends, W - 0.5, W, W + 7])
    down = itertools.product([*ends, H - 0.5, H, H + 1], [*ends, H - 0.5, H, H + 7])
    across, down = np.array([*across]), rng.permutation(np.array([*down]))
    near = np.column_stack([across[:, 0], down[:, 0], across[:, 1], down[:, 1]])
    far = [[-FAR, -FAR, FAR, FAR], [FAR, 0, -FAR, 3], [1e12, 1e12, 1e12, 1e12]]
    return [np.column_stack([rng.integers(0, N, len(table)), table]) for table in (near, far)]


def stress():
    rng = np.random.default_rng(0)
    conventions = [
        roikit.Convention(*fields, minimum_size, 0.0, offset, outside)
        for *fields, (minimum_size, offset, outside) in itertools.product(
            ("floor", "round_half_away", "round_half_even"), ("inclusive", "exclusive"),
            ("overlap", "disjoint", "truncate"), [(1, 0.0, "ignore"), (0, -0.5, "zero")],
        )
    ]
    between_real_ends = [roikit.CONVENTIONS[name] for name in ("rfcn", "chainercv", "mmcv")]
    between_real_ends += [
        dataclasses.replace(each, arithmetic=arithmetic, pixel_offset=0.5, outside="zero")
        for each in between_real_ends for arithmetic in ("float32", "float64")
    ]
    shapes = [(1, 1, 1, 1), (2, 9, 5, 3), (3, 8, 1, 7)]
    for shape, dtype in itertools.product(shapes, [np.float32, np.float64]):
        N, _, H, W = shape
        features = rng.normal(size=shape).astype(dtype)
        near, far = boxes(rng, N, H, W)
        rois = np.concatenate([near, far])
        for convention, output_size in itertools.product(
            [*conventions, "caffe_float32", *between_real_ends], [(1, 1), (3, 2)]
        ):
            roikit.roi_pool(features, rois, output_size, convention=convention, return_argmax=True)
            roikit.roi_pool(features, rois, output_size, 0.5, convention=convention, mode="avg")
            if convention not in between_real_ends:
                roikit.quantize_rois(rois, convention=convention)
        for aligned, mode in itertools.product([True, False], ["avg", "max"]):
            roikit.roi_align(features, rois, (3, 2), 1.0, 3, aligned, mode=mode)
            roikit.roi_align(features, near, (3, 2), 1.0, (0, 2), aligned, mode=mode)
        gradients(rng, features, near, far)
        family(rng, features, near, far)
        points = np.array([-1e300, -1.0001, -1, -0.5, 0, 0.5, H, W, H + 0.5, 1e300])
        roikit.bilinear_interpolate(features, points[:, None], points)
    for length, bins in itertools.product([0, 1, 5, 2**42], [1, 2, 7]):
        roikit.bin_edges(length, bins)


def gradients(rng, features, near, far):
    H, W = features.shape[2:]
    rois = np.concatenate([near, far])
    grad = rng.normal(size=(len(rois), features.shape[1], 3, 2)).astype(features.dtype)
    for aligned, (boxes, ratio) in itertools.product([True, False], [(rois, 3), (near, (0, 2))]):
        roikit.roi_align_backward(grad[: len(boxes)], boxes, features.shape, 1.0, ratio, aligned)
        roikit.roi_align_backward_rois(grad[: len(boxes)], features, boxes, 1.0, ratio, aligned)
    for dtype in (np.int32, np.int64):
        argmax = rng.integers(-1, H * W, grad.shape, dtype)
        roikit.roi_pool_backward(grad, rois, argmax, features.shape)
        # as a thread that writes to the argmax after the check
        out, anything = np.empty_like(features), rng.integers(-(2**31), 2**31, grad.shape, dtype)
        _roi_pool_backward.roi_pool_backward(grad, rois, anything, out)


def family(rng, features, near, far):
    """The newer operations and their gradients; twelve channels are worth the tables of the fast kernels."""
    N, _, H, W = features.shape
    one = features[:, :1] * rng.normal(size=(1, 48, 1, 1)).astype(features.dtype)
    rois = np.concatenate([near[::3], far])
    turned = np.column_stack([rois[:, :3], abs(rois[:, 3:]), rng.choice([0, 30, -90, 77.7], len(rois))])
    for bins, layout in itertools.product([(1, 1), (3, 2)], ["NCHW", "NHWC"]):
        last = layout == "NHWC"
        maps = np.ascontiguousarray(np.moveaxis(one, 1, -1)) if last else one
        few = np.ascontiguousarray(maps[..., :12] if last else maps[:, :12])
        shape = (len(rois), *bins, 12) if last else (len(rois), 12, *bins)
        grad, options = rng.normal(size=shape).astype(features.dtype), {"layout": layout}
        for aligned, mixing in itertools.product([True, False], ["linear", "redet"]):
            how = {"num_orientations": 4, "aligned": aligned, "mixing": mixing, **options}
            roikit.riroi_align_rotated(few, turned, bins, 1.0, 2, **how)
            roikit.riroi_align_rotated_backward(grad, turned, few.shape, 1.0, 2, **how)
            roikit.riroi_align_rotated_backward_rois(grad, few, turned, 1.0, 2, **how)
        for mode in ("avg", "max", "max_corners"):
            how = {"mode": mode, **options}
            roikit.roi_align_backward(grad, rois, few.shape, 1.0, 2, features=few, **how)
            roikit.roi_align_backward_rois(grad, few, rois, 1.0, 2, **how)
        for mode in ("avg", "max"):
            how = {"mode": mode, "group_size": 2, **options}
            roikit.ps_roi_align_backward(grad, rois, maps.shape, 1.0, 2, features=maps, **how)
            roikit.ps_roi_align_backward_rois(grad, maps, rois, 1.0, 2, **how)
            roikit.ps_roi_pool_backward(grad, rois, maps.shape, 1.0, features=maps, **how)
        how = {"group_size": 2, "coordinates": "cells", **options}
        roikit.ps_crop_and_resize(maps, rois, bins, **how)
        roikit.ps_crop_and_resize_backward(grad, rois, maps.shape, **how)
        roikit.ps_crop_and_resize_backward_rois(grad, maps, rois, **how)
        roikit.precise_roi_pool_backward_rois(grad, few, rois, **options)
        maxima, argmax = roikit.border_align(maps, rois, 3, return_argmax=True, **options)
        roikit.border_align_backward(maxima, rois, argmax, maps.shape, 3, **options)
        roikit.border_align_backward_rois(maxima, maps, rois, argmax, 3, **options)
    masks = roikit.paste_masks(features[:, 0], near[:N, 1:], (9, 11))
    roikit.paste_masks_backward(masks, near[:N, 1:], (H, W))


def stray_access():
    features, rois = np.zeros((1, 1, 32, 32)), np.array([[1.0, 0, 0, 9, 9]])  # there is no image 1
    _roi_pool.roi_pool(features, rois, np.empty((1, 1, 1, 1)), None, 1.0, roikit.CONVENTIONS["caffe"], "max")


def signed_overflow():
    _bin_edges.bin_edges(2**62, np.empty((7, 2), np.int64), roikit.CONVENTIONS["caffe"])


def cast_out_of_range():
    rois, regions = np.array([[0.0, np.nan, 0, 1, 1]]), np.empty((1, 5), np.int64)
    _quantize_rois.quantize_rois(rois, regions, 1.0, roikit.CONVENTIONS["caffe"])


FAULTS = {fault.__name__: fault for fault in (stray_access, signed_overflow, cast_out_of_range)}

if __name__ == "__main__":
    sys.unraisablehook = fail_loudly
    if sys.argv[1:]:
        FAULTS[sys.argv[1]]()
    with roikit.use_backend("plain"):
        stress()
    for level in range(simd.LEVEL, -1, -1):
        simd.LEVEL = level
        with roikit.use_backend("fast"):
            stress()
    print("done")
