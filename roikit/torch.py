"""RoIAlign and RoI pooling of PyTorch's CPU tensors, with gradients; this module alone needs PyTorch.

roikit's own functions compute; each is registered as an operator of PyTorch, which differentiates it and can
compile what is around it (``torch.compile``).
"""

# No annotations from __future__ here: PyTorch reads an operator's schema off them.
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

import roikit

try:
    import torch
    from torch import Tensor
except ModuleNotFoundError:
    raise ModuleNotFoundError("roikit.torch needs PyTorch: install the package torch") from None

Size = int | tuple[int, int]
Boxes: TypeAlias = "Tensor | list[Tensor]"

_numpy: Any = roikit  # a schema knows lists where roikit's signatures have pairs


def roi_align(
    features: Tensor, rois: Boxes, output_size: Size, spatial_scale: float = 1.0, sampling_ratio: Size = -1,
    aligned: bool = False,
) -> Tensor:
    """`roikit.roi_align` in the mode "avg", once differentiable by features and by rois.

    Arguments, result and errors are those of `roikit.roi_align`, with tensors on the CPU as arrays. The
    gradient by rois is that of `roikit.roi_align_backward_rois`.

    Examples
    --------
    >>> import torch
    >>> from roikit.torch import roi_align
    >>> features = torch.arange(16.0).reshape(1, 1, 4, 4).requires_grad_()
    >>> rois = torch.tensor([[0.0, 0.0, 0.0, 1.0, 1.0]], requires_grad=True)
    >>> roi_align(features, rois, 1, sampling_ratio=1).sum().backward()
    >>> features.grad[0, 0, :2, :2].tolist(), rois.grad.tolist()
    ([[0.25, 0.25], [0.25, 0.25]], [[0.0, 0.5, 2.0, 0.5, 2.0]])
    """
    size, ratio = _pair(output_size), _pair(sampling_ratio)
    return _roi_align(features, _table(rois), size, float(spatial_scale), ratio, aligned)


def roi_pool(
    features: Tensor, rois: Boxes, output_size: Size, spatial_scale: float = 1.0, *, convention: str = "caffe"
) -> Tensor:
    """`roikit.roi_pool` in the mode "max", once differentiable by features.

    Arguments, result and errors are those of `roikit.roi_pool`, with tensors on the CPU as arrays, and a
    convention by its name. There is no gradient by rois: whole cells do not move.

    Examples
    --------
    >>> import torch
    >>> from roikit.torch import roi_pool
    >>> features = torch.arange(16.0).reshape(1, 1, 4, 4).requires_grad_()
    >>> roi_pool(features, torch.tensor([[0, 0, 0, 1, 1]]), 1).sum().backward()
    >>> features.grad[0, 0, :2, :2].tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """
    return _roi_pool(features, _table(rois), _pair(output_size), float(spatial_scale), convention)[0]


# --- arguments --------------------------------------------------------------------------------------------


def _pair(size: Size) -> list[int]:
    return [size, size] if isinstance(size, int) else list(size)


def _table(rois: Boxes) -> Tensor:
    """(K, 5): the boxes of each image become rows with its index."""
    if isinstance(rois, Tensor):
        return rois
    pad = torch.nn.functional.pad
    return torch.cat([pad(boxes, (1, 0), value=b) for b, boxes in enumerate(rois)])


def _array(tensor: Tensor) -> NDArray[Any]:
    """The tensor's own memory; of bfloat16, which PyTorch does not show to NumPy, a float32 copy."""
    tensor = tensor.detach()
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()


def _tensor(array: NDArray[Any], dtype: torch.dtype) -> Tensor:
    return torch.from_numpy(array).to(dtype)


# --- operators of PyTorch ----------------------------------------------------------------------------------


@torch.library.custom_op("roikit::roi_align", mutates_args=(), device_types="cpu")
def _roi_align(
    features: Tensor, rois: Tensor, size: list[int], scale: float, ratio: list[int], aligned: bool
) -> Tensor:
    bins = _numpy.roi_align(_array(features), _array(rois), size, scale, ratio, aligned)
    return _tensor(bins, features.dtype)


@torch.library.custom_op("roikit::roi_align_backward", mutates_args=(), device_types="cpu")
def _align_by_features(
    grad: Tensor, rois: Tensor, shape: list[int], scale: float, ratio: list[int], aligned: bool
) -> Tensor:
    maps = _numpy.roi_align_backward(_array(grad), _array(rois), shape, scale, ratio, aligned)
    return _tensor(maps, grad.dtype)


@torch.library.custom_op("roikit::roi_align_backward_rois", mutates_args=(), device_types="cpu")
def _align_by_rois(
    grad: Tensor, features: Tensor, rois: Tensor, scale: float, ratio: list[int], aligned: bool
) -> Tensor:
    arrays = _array(grad), _array(features), _array(rois)
    boxes = _numpy.roi_align_backward_rois(*arrays, scale, ratio, aligned)
    return _tensor(np.pad(boxes, ((0, 0), (1, 0))), rois.dtype)  # a 0 for the batch index


@torch.library.custom_op("roikit::roi_pool", mutates_args=(), device_types="cpu")
def _roi_pool(
    features: Tensor, rois: Tensor, size: list[int], scale: float, convention: str
) -> tuple[Tensor, Tensor]:
    options = {"convention": convention, "return_argmax": True}
    bins, argmax = _numpy.roi_pool(_array(features), _array(rois), size, scale, **options)
    return _tensor(bins, features.dtype), torch.from_numpy(argmax)


@torch.library.custom_op("roikit::roi_pool_backward", mutates_args=(), device_types="cpu")
def _pool_by_features(grad: Tensor, rois: Tensor, argmax: Tensor, shape: list[int]) -> Tensor:
    maps = _numpy.roi_pool_backward(_array(grad), _array(rois), _array(argmax), shape)
    return _tensor(maps, grad.dtype)


# --- what a result looks like, for tracing -----------------------------------------------------------------


def _bins(features: Tensor, rois: Tensor, size: list[int]) -> Tensor:
    return features.new_empty((rois.shape[0], features.shape[1], *size))


_roi_align.register_fake(lambda features, rois, size, *_: _bins(features, rois, size))
_align_by_features.register_fake(lambda grad, rois, shape, *_: grad.new_empty(shape))
_align_by_rois.register_fake(lambda grad, features, rois, *_: rois.new_empty(rois.shape))
_roi_pool.register_fake(
    lambda features, rois, size, *_: (
        _bins(features, rois, size), _bins(features, rois, size).to(torch.int64),
    )
)
_pool_by_features.register_fake(lambda grad, rois, argmax, shape: grad.new_empty(shape))


# --- gradients ---------------------------------------------------------------------------------------------


def _keep_of_align(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    features, rois, _, *ctx.parameters = inputs
    ctx.shape = features.shape
    ctx.save_for_backward(features if ctx.needs_input_grad[1] else None, rois)


def _align_backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    features, rois = ctx.saved_tensors
    by_features = by_rois = None
    if ctx.needs_input_grad[0]:
        by_features = _align_by_features(grad, rois, ctx.shape, *ctx.parameters)
    if ctx.needs_input_grad[1]:
        by_rois = _align_by_rois(grad, features, rois, *ctx.parameters)
    return by_features, by_rois, None, None, None, None


def _keep_of_pool(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor]) -> None:
    ctx.shape = inputs[0].shape
    ctx.save_for_backward(inputs[1], output[1])


def _pool_backward(ctx: Any, grad: Tensor, _: Any) -> tuple[Tensor | None, ...]:
    return _pool_by_features(grad, *ctx.saved_tensors, ctx.shape), None, None, None, None


_roi_align.register_autograd(_align_backward, setup_context=_keep_of_align)
_roi_pool.register_autograd(_pool_backward, setup_context=_keep_of_pool)
