"""roikit and torchvision, in one process: each makes calls out of a case and its inputs on the GPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from cases import INDEX, Case, Inputs
from device import Gpu

import roikit


class Contestant(Protocol):
    name: str
    versions: dict[str, str]

    def prepare(self, case: Case, inputs: Inputs, gpu: Gpu) -> Callable[[], tuple[Any, ...]] | None:
        """A call that gives its results as arrays on the GPU, channels as the case lays them out.

        None where the library cannot do it. `inputs` are arrays on the GPU.
        """


class Roikit:
    """Writes into memory that is there, poisoned before the first call."""

    name = "roikit"

    def __init__(self) -> None:
        self.versions = {"roikit": roikit.__version__}

    def prepare(self, case: Case, inputs: Inputs, gpu: Gpu) -> Callable[[], tuple[Any, ...]] | None:
        outs = (gpu.poisoned(case.shape, case.dtype),)
        if case.work.argmax:
            outs = (*outs, gpu.poisoned(case.shape, f"int{8 * INDEX}"))
        call = case.call(inputs, outs if case.work.argmax else outs[0])

        def run() -> tuple[Any, ...]:
            call()
            return outs

        return run


class Torchvision:
    """Its registered operators: gradients are always atomic, and boxes are rounded to the map's dtype.

    It knows no bfloat16, and of roi_pool only float32.
    """

    name = "torchvision"

    def __init__(self) -> None:
        import torch
        import torchvision

        self._torch: Any = torch
        self.versions = {"torch": torch.__version__, "torchvision": torchvision.__version__}

    def is_usable(self) -> bool:
        return bool(self._torch.cuda.is_available())

    def prepare(self, case: Case, inputs: Inputs, gpu: Gpu) -> Callable[[], tuple[Any, ...]] | None:
        if case.dtype not in ("float32", "float16"):
            return None
        if case.dtype == "float16" and case.work.operation.startswith("roi_pool"):
            return None
        work, operators = case.work, self._torch.ops.torchvision
        values = self._channels_first(case, inputs.values)
        rois = self._torch.from_dlpack(inputs.rois).to(values.dtype)
        arguments = (rois, work.scale, *work.bins)
        if work.operation == "roi_align":
            align = operators.roi_align
            return lambda: self._given(case, align(values, *arguments, work.ratio, work.aligned))
        if work.operation == "roi_pool":
            pool = operators.roi_pool
            used = 2 if work.argmax else 1  # it computes the argmax all the same
            return lambda: self._given(case, *pool(values, *arguments)[:used])
        if work.operation == "roi_align_backward":
            gradient = operators._roi_align_backward
            rest = (*work.input_shape, work.ratio, work.aligned)
            return lambda: self._given(case, gradient(values, *arguments, *rest))
        gradient, argmax = operators._roi_pool_backward, self._channels_first(case, inputs.argmax)
        rest = (argmax, work.scale, *work.bins, *work.input_shape)
        return lambda: self._given(case, gradient(values, rois, *rest))

    def _channels_first(self, case: Case, array: Any) -> Any:
        """The same memory as a tensor (N, C, H, W)."""
        tensor = self._torch.from_dlpack(array)
        return tensor if case.layout == "NCHW" else tensor.permute(0, 3, 1, 2)

    def _given(self, case: Case, *tensors: Any) -> tuple[Any, ...]:
        if case.layout == "NCHW":
            return tensors
        return tuple(tensor.permute(0, 2, 3, 1) for tensor in tensors)


def contestants() -> tuple[list[Contestant], str]:
    """All that are here, and why torchvision is not."""
    try:
        torchvision = Torchvision()
    except ImportError as problem:
        return [Roikit()], f"without torchvision: {problem}"
    if not torchvision.is_usable():
        return [Roikit()], "without torchvision: this PyTorch finds no CUDA device"
    return [Roikit(), torchvision], ""
