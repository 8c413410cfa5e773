"""The two operators as classes for ``onnx.reference.ReferenceEvaluator``; this module alone imports onnx."""

from __future__ import annotations

from typing import Any

import onnx.reference.op_run

from roikit.onnx import max_roi_pool, roi_align

OpRun: Any = onnx.reference.op_run.OpRun


class _Operator(OpRun):  # type: ignore[misc]
    op_domain = ""

    def attributes(self, values: dict[str, Any]) -> dict[str, Any]:
        """Those that the node itself has, and its model's opset, which says what the others are.

        The evaluator fills in defaults of the newest schema, whatever the opset is.
        """
        given = {attribute.name for attribute in self.onnx_node.attribute}
        known = {name: value for name, value in values.items() if name in given}
        return known | {"opset": self.run_params["opsets"][self.onnx_node.domain]}


class RoiAlign(_Operator):
    """`roikit.onnx.roi_align` as an operator."""

    def _run(self, X: Any, rois: Any, batch_indices: Any, **values: Any) -> tuple[Any]:
        return (roi_align(X, rois, batch_indices, **self.attributes(values)),)


class MaxRoiPool(_Operator):
    """`roikit.onnx.max_roi_pool` as an operator."""

    def _run(self, X: Any, rois: Any, **values: Any) -> tuple[Any]:
        return (max_roi_pool(X, rois, **self.attributes(values)),)
