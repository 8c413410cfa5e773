"""roikit's operations as operators of PyTorch: one is registered by its name and the types of its parameters.

All calls go by name, for the parameters are called as in roikit: a gradient is given those arguments of its
forward that it names, too, and grad, argmax and the map's shape where it names these.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Size: TypeAlias = int | Sequence[int]
Boxes: TypeAlias = "Tensor | Sequence[Tensor]"  # (K, 5), or (L, 4) of each image
Given = dict[str, Any]

#: How gradients by the map ask for its shape, or what of it they cannot know, and what that is.
SHAPES: Mapping[str, Callable[[list[int]], Any]] = {
    "input_shape": lambda shape: shape,
    "input_shapes": lambda shape: [shape[i : i + 4] for i in range(0, len(shape), 4)],
    "mask_size": lambda shape: shape[1:],
    "classes": lambda shape: shape[1],
}


def bins(given: Mapping[str, Any]) -> Sequence[Any]:
    """The shape of most results: (K, C, PH, PW)."""
    return (given["rois"].shape[0], given["features"].shape[1], *given["output_size"])


class Operator:
    """An operation of roikit, registered with its gradients; called with all its arguments in their order.

    Parameters
    ----------
    name : str
        As in roikit.
    parameters : str
        ``"type name, ..."`` as in a schema of PyTorch; the first is the map, or the list of maps.
    by : sequence of str
        The parameters with a gradient: of the first it is ``NAME_backward``, of rois ``NAME_backward_rois``.
    shape : function
        From the arguments by name to the result's shape.
    argmax : dtype, optional
        Of the second result, where there is one.
    """

    def __init__(
        self, name: str, parameters: str, by: Sequence[str] = ("features", "rois"),
        shape: Callable[[Mapping[str, Any]], Sequence[Any]] = bins, argmax: torch.dtype | None = None,
    ) -> None:
        self.types = {key: kind for kind, key in (each.rsplit(" ", 1) for each in parameters.split(", "))}
        self.map = next(iter(self.types))
        self.name, self.shape, self.argmax = name, shape, argmax
        results = "Tensor" if argmax is None else "(Tensor, Tensor)"
        self.forward = register(name, f"({parameters}) -> {results}", self.compute, self.fake)
        self.forward.register_autograd(self.backward, setup_context=self.keep)
        self.gradients = {key: Gradient(self, key) for key in by}

    def __call__(self, *arguments: Any) -> Any:
        for (name, kind), value in zip(self.types.items(), arguments, strict=True):
            if kind.startswith("Tensor") and not all(map(is_tensor, flat(value))) and value is not None:
                raise TypeError(f"{name} must be a torch.Tensor; got an object of {type(value)}")
        return self.forward(*arguments)

    def compute(self, *arguments: Any) -> Any:
        given = dict(zip(self.types, arguments, strict=True))
        result = call(self.name, given if self.argmax is None else {**given, "return_argmax": True})
        dtype = flat(given[self.map])[0].dtype
        if self.argmax is None:
            return tensor(result, dtype)
        values, argmax = result
        return tensor(values, dtype), tensor(argmax, self.argmax)

    def fake(self, *arguments: Any) -> Any:
        """What a result looks like, for tracing."""
        given = dict(zip(self.types, arguments, strict=True))
        values = flat(given[self.map])[0].new_empty(self.shape(given))
        return values if self.argmax is None else (values, torch.empty_like(values, dtype=self.argmax))

    def keep(self, ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """For the gradients; the map itself only for those by others, and of maxima. All need its shape."""
        given = dict(zip(self.types, inputs, strict=True))
        maps = flat(given[self.map])
        given["shape"] = list(chain(*(each.shape for each in maps)))
        if self.argmax is not None:
            given["argmax"] = output[1]
        if not any(ctx.needs_input_grad[len(maps) :]) and given.get("mode", "avg") == "avg":
            del given[self.map]
        tensors = {key: value for key, value in given.items() if any(map(is_tensor, flat(value)))}
        ctx.counts = {key: len(value) if isinstance(value, list) else None for key, value in tensors.items()}
        ctx.others = {key: value for key, value in given.items() if key not in tensors}
        ctx.save_for_backward(*chain(*map(flat, tensors.values())))

    def backward(self, ctx: Any, grad: Tensor, *_: Any) -> tuple[Any, ...]:
        saved = iter(ctx.saved_tensors)
        given = {**ctx.others, "grad": grad}
        for key, count in ctx.counts.items():
            given[key] = next(saved) if count is None else [next(saved) for _ in range(count)]
        needed = zip(self.types, ctx.needs_input_grad, strict=True)
        return tuple(self.gradient(key, each, given) for key, each in needed)

    def gradient(self, key: str, needed: Any, given: Given) -> Any:
        """By one argument; of a list, that of each."""
        if key in self.gradients and any(flat(needed)):
            return self.gradients[key](given)
        return [None] * len(needed) if isinstance(needed, list) else None


class Gradient:
    """The gradient of an operator by one of its tensors, an operator itself."""

    def __init__(self, of: Operator, key: str) -> None:
        self.key, self.several = key, of.types[key].endswith("[]")
        self.name = f"{of.name}_backward" if key == of.map else f"{of.name}_backward_{key}"
        asked = inspect.signature(face(self.name)).parameters
        self.shape_as = next((each for each in asked if each in SHAPES), None)
        types = {**of.types, "grad": "Tensor", "argmax": "Tensor", "shape": "SymInt[]"}
        if self.shape_as:
            types[of.map] += "?"  # of averages it is not kept
        self.names = [each for each in asked if each in types] + ["shape"] * bool(self.shape_as)
        parameters = ", ".join(f"{types[each]} {each}" for each in self.names)
        result = "Tensor[]" if self.several else "Tensor"
        self.forward = register(self.name, f"({parameters}) -> {result}", self.compute, self.fake)

    def __call__(self, given: Given) -> Any:
        return self.forward(*(given.get(each) for each in self.names))

    def compute(self, *arguments: Any) -> Any:
        given = dict(zip(self.names, arguments, strict=True))
        if self.shape_as is None:
            values, by = call(self.name, given), given[self.key]
            columns = by.shape[1] - values.shape[1]  # 1 of rois: 0 for the batch index
            widths = [(0, 0), (columns, 0), *[(0, 0)] * (values.ndim - 2)]
            return tensor(np.pad(values, widths), by.dtype)
        dtype, shape = given["grad"].dtype, SHAPES[self.shape_as](given.pop("shape"))
        values = call(self.name, {**given, self.shape_as: shape})
        return [tensor(each, dtype) for each in values] if self.several else tensor(values, dtype)

    def fake(self, *arguments: Any) -> Any:
        given = dict(zip(self.names, arguments, strict=True))
        if self.shape_as is None:
            return given[self.key].new_empty(given[self.key].shape)
        if self.several:
            return [given["grad"].new_empty(each) for each in SHAPES["input_shapes"](given["shape"])]
        return given["grad"].new_empty(given["shape"])


def register(name: str, schema: str, compute: Callable[..., Any], fake: Callable[..., Any]) -> Any:
    operator = torch.library.custom_op(
        f"roikit::{name}", compute, mutates_args=(), device_types="cpu", schema=schema
    )
    operator.register_fake(fake)
    return operator


def face(name: str) -> Callable[..., Any]:
    """roikit's function of this name."""
    return getattr(import_module(f"roikit.ops.{name}"), name)


def call(name: str, given: Given) -> Any:
    return face(name)(**{key: arrays(value) for key, value in given.items()})


# --- between tensors and arrays ----------------------------------------------------------------------------


def arrays(value: Any) -> Any:
    """A tensor's own memory; of bfloat16, which PyTorch does not show to NumPy, a float32 copy."""
    if isinstance(value, list) and any(map(is_tensor, value)):
        return [arrays(each) for each in value]
    if not is_tensor(value):
        return value
    value = value.detach()
    return (value.float() if value.dtype == torch.bfloat16 else value).numpy()


def tensor(array: NDArray[Any], dtype: torch.dtype) -> Tensor:
    return torch.from_numpy(array).to(dtype)


def is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor)


def flat(value: Any) -> list[Any]:
    """What a list holds, or the value alone."""
    return value if isinstance(value, list) else [value]


# --- arguments as the operators take them -------------------------------------------------------------------


def pair(name: str, size: Size) -> list[int]:
    if isinstance(size, (list, tuple)):
        return list(size)
    if isinstance(size, float):
        raise TypeError(f"{name} must be an int or a pair (height, width) of ints; got {size}")
    return [size, size]  # type: ignore[list-item]


def table(rois: Boxes, features: Tensor | Sequence[Tensor], columns: int = 4) -> Tensor:
    """Rows of batch index and box: the boxes of each image become rows with its index.

    In float64, for a batch index is more than a half can count to.
    """
    if isinstance(rois, Tensor):
        return rois
    if not isinstance(rois, (list, tuple)) or not all(map(is_tensor, rois)):
        raise TypeError("rois must be a tensor, or a list of one tensor for each image")
    maps = features[0] if isinstance(features, (list, tuple)) else features
    if len(rois) != len(maps):
        counts = f"rois is a list of {len(rois)}, but features holds {len(maps)}"
        raise ValueError(f"{counts}: give one tensor for each image")
    for b, boxes in enumerate(rois):
        if boxes.ndim != 2 or boxes.shape[1] != columns:
            raise ValueError(f"rois[{b}] must have shape (L, {columns}); got {tuple(boxes.shape)}")
    pad = torch.nn.functional.pad
    each = [pad(boxes.double(), (1, 0), value=b) for b, boxes in enumerate(rois)]
    return torch.cat(each) if each else torch.empty((0, 1 + columns))
