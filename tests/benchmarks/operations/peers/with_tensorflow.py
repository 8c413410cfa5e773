"""TensorFlow's crop_and_resize and its gradient; its allocator takes the memory of the call before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from calls import Call

WAYS = ("reused",)


def versions() -> dict[str, str]:
    return {"tensorflow": tf.__version__}


def prepare(call: Call, threads: int, _way: str) -> Callable[[], Any] | None:
    if not call.operation.startswith("crop_and_resize") or "layout" not in call.given:
        return None
    if tf.config.threading.get_intra_op_parallelism_threads() != threads:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    boxes = tf.constant(call.given["rois"][:, [2, 1, 4, 3]])
    index = tf.constant(call.given["rois"][:, 0].astype(np.int32))
    if call.of_grad:
        grad, shape = tf.constant(call.given["grad"]), tf.constant(call.given["input_shape"])
        return lambda: tf.raw_ops.CropAndResizeGradImage(
            grads=grad, boxes=boxes, box_ind=index, image_size=shape, T=tf.float32
        )
    image, size = tf.constant(call.given["features"]), tf.constant([call.given["output_size"]] * 2)
    return lambda: tf.raw_ops.CropAndResize(image=image, boxes=boxes, box_ind=index, crop_size=size)


def array(result: Any) -> Any:
    return result.numpy()
