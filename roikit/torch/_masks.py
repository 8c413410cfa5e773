"""The last steps of Mask R-CNN: of each box the mask of its class, and that mask in the image."""

from __future__ import annotations

from torch import Tensor

from roikit.torch._operators import Operator

_select_class_masks = Operator(
    "select_class_masks",
    "Tensor masks, Tensor labels",
    by=("masks",),
    shape=lambda given: (given["masks"].shape[0], *given["masks"].shape[2:]),
)
_paste_masks = Operator(
    "paste_masks",
    "Tensor masks, Tensor boxes, SymInt[] image_size, int padding, str convention",
    by=("masks",),
    shape=lambda given: (given["masks"].shape[0], *given["image_size"]),
)


def select_class_masks(masks: Tensor, labels: Tensor) -> Tensor:
    """`roikit.select_class_masks`, once differentiable by masks.

    Arguments, result and errors are those of `roikit.select_class_masks`, with tensors on the CPU as arrays.

    Examples
    --------
    >>> import torch
    >>> from roikit.torch import select_class_masks
    >>> masks = torch.arange(6.0).reshape(2, 3, 1, 1)
    >>> select_class_masks(masks, torch.tensor([2, 0])).tolist()
    [[[2.0]], [[3.0]]]
    """
    return _select_class_masks(masks, labels)


def paste_masks(
    masks: Tensor, boxes: Tensor, image_size: tuple[int, int], *, padding: int = 1,
    convention: str = "torchvision",
) -> Tensor:
    """`roikit.paste_masks`, once differentiable by masks.

    Arguments, result and errors are those of `roikit.paste_masks`, with tensors on the CPU as arrays.

    Examples
    --------
    >>> import torch
    >>> from roikit.torch import paste_masks
    >>> boxes = torch.tensor([[1.0, 1.0, 3.0, 2.0]])
    >>> paste_masks(torch.ones(1, 2, 2), boxes, (3, 4), convention="detectron2").tolist()
    [[[0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]
    """
    return _paste_masks(masks, boxes, list(image_size), padding, convention)
