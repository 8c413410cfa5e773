"""What other libraries compute, operation by operation: the arguments under which roikit computes the same.

``PRESETS[operation][peer]`` are keyword arguments, to be given beside a call's own. How nearly each equals
its peer is a table in the README, made by running them.

>>> from roikit import PRESETS
>>> PRESETS["roi_align_rotated"]["mmcv"]
{'angle': 'radians'}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import inf
from types import MappingProxyType
from typing import Any

from roikit.convention import CONVENTIONS

PRESETS: Mapping[str, Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "roi_pool": {
            "torchvision": {"convention": "caffe"},
            # As peers cut bins of float32: now and then one is a cell too long. OpenVINO's are exact.
            "torchvision_float32": {"convention": "caffe_float32"},
            "torchvision_float64": {"convention": replace(CONVENTIONS["caffe"], arithmetic="float64")},
            "detectron2": {"convention": "caffe"},
            "caffe": {"convention": "caffe"},
            "onnx": {"convention": "caffe"},
            "onnxruntime": {"convention": "caffe"},
            "openvino": {"convention": "caffe"},
            "paddle": {"convention": "caffe"},
            # Of float64 maps, too.
            "paddle_float32": {"convention": "caffe_float32"},
            "mxnet": {"convention": "caffe"},
            # roi_max_pooling_2d and roi_average_pooling_2d on a CPU; a GPU rounds halves away from zero.
            "chainer": {"convention": "chainer"},
            "chainer_average": {
                "convention": replace(CONVENTIONS["chainer"], empty_value=0.0), "mode": "avg",
            },
            # roi_pooling_2d
            "chainer_legacy": {"convention": replace(CONVENTIONS["caffe"], rounding="round_half_even")},
            "mmcv": {"convention": "mmcv"},
        },
        "roi_align": {
            "torchvision": {"aligned": False},
            "torchvision_aligned": {"aligned": True},
            "detectron2": {"aligned": True},
            "detectron2_legacy": {"aligned": False},
            "mmcv": {"aligned": True},
            "mmcv_legacy": {"aligned": False},
            # roi_average_align_2d
            "chainer": {"aligned": False},
            # roi_max_align_2d leaves samples off the map out: -inf is what none give.
            "chainer_max": {
                "convention": replace(CONVENTIONS["roi_align"], empty_value=-inf), "mode": "max",
            },
            # Before opset 16 there is no half pixel; "_max" is the attribute mode="max".
            "onnx10": {"aligned": False},
            "onnx10_max": {"aligned": False, "mode": "max_corners"},
            "onnx16": {"aligned": True},
            "onnx16_max": {"aligned": True, "mode": "max_corners"},
            "onnxruntime": {"aligned": True},
            "onnxruntime_max": {"aligned": True, "mode": "max_corners"},
            "onnxruntime_output_half_pixel": {"aligned": False},
            "onnxruntime_output_half_pixel_max": {"aligned": False, "mode": "max_corners"},
            "directml": {"convention": "point"},
            "openvino_asymmetric": {"aligned": False},
            "openvino_half_pixel": {"convention": "openvino_half_pixel"},
            "openvino_half_pixel_for_nn": {"aligned": True},
            "paddle": {"aligned": True},
            "paddle_legacy": {"aligned": False},
            "mxnet": {"aligned": False},
            "mxnet_aligned": {"aligned": True},
            # As its ps_roi_average_align_2d reads a box.
            "chainercv": {"convention": "chainercv_align"},
        },
        "ps_roi_pool": {
            # Its forward pass leaves out the map's last row and column, and its backward pass does not.
            "torchvision": {"convention": "exclusive"},
            "mxnet": {"convention": "rfcn"},
            "paddle": {"convention": "rfcn"},
            "openvino": {"convention": "rfcn"},
            # As both scale a box of float32 and cut it.
            "paddle_float32": {"convention": replace(CONVENTIONS["rfcn"], arithmetic="float32")},
            "openvino_float32": {"convention": replace(CONVENTIONS["rfcn"], arithmetic="float32")},
            "chainercv": {"convention": "chainercv"},
            # ps_roi_max_pooling_2d: nothing is -inf, and a NaN is left out there.
            "chainercv_max": {
                "convention": replace(CONVENTIONS["chainercv"], empty_value=-inf), "mode": "max",
            },
        },
        "ps_roi_align": {
            "torchvision": {"aligned": True},
            "chainercv": {"convention": "chainercv_align"},
            # ps_roi_max_align_2d
            "chainercv_max": {
                "convention": replace(CONVENTIONS["chainercv_align"], empty_value=-inf), "mode": "max",
            },
        },
        "precise_roi_pool": {
            "prroi": {},
            "mmcv": {},
        },
        "roi_align_rotated": {
            "detectron2": {},
            "mmcv": {"angle": "radians"},
            "mmcv_legacy": {"angle": "radians", "aligned": False},
            "openvino": {"angle": "radians"},
            # RROIAlign, which has no gradient.
            "mxnet": {"aligned": False},
        },
        "riroi_align_rotated": {
            "mmcv": {"aligned": False, "angle": "radians", "mixing": "redet"},
            # ReDet's own code, and mmcv as mmrotate calls it.
            "redet": {"aligned": False, "angle": "radians", "clockwise": True, "mixing": "redet"},
        },
        "crop_and_resize": {
            "tensorflow": {},
            # ROIPooling with method "bilinear".
            "openvino": {"method": "bilinear", "extrapolation_value": 0.0},
        },
        "ps_crop_and_resize": {
            # PSROIPooling with mode "bilinear".
            "openvino": {"method": "bilinear", "extrapolation_value": 0.0},
        },
        "border_align": {
            "mmcv": {},
        },
        "deform_roi_pool": {
            "mmcv": {},
        },
        "roi_align_pyramid": {
            "torchvision": {},
            "detectron2": {"aligned": True, "eps": 1e-8, "eps_of": "ratio"},
            # finest_scale=56 of the level 2
            "mmdetection": {
                "aligned": True, "canonical_level": 2, "canonical_size": 56, "eps": 1e-6, "eps_of": "ratio",
            },
        },
        "paste_masks": {
            "torchvision": {"convention": "torchvision"},
            "detectron2": {"convention": "detectron2"},
        },
    }
)
