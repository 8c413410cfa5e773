"""Every preset computes what its peer's own tests and documents state, on both backends."""

import family
import numpy as np
import pytest
from family import PRESETS, operation

CASES = list(family.cases())
LICENCES = {"Apache-2.0", "MIT", "BSD-3-Clause"}


def named(case):
    return f"{case.operation}: {case.peer}, {case.name}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_peers_numbers(case, backend):
    got = operation(case.operation)(**case.call())
    np.testing.assert_allclose(got, case.expected(), rtol=0, atol=case.record.get("tolerance", 0))


def gradients_by(what):
    return [case for case in CASES if f"by_{what}" in case.record]


@pytest.mark.parametrize("case", gradients_by("features"), ids=named)
def test_the_peers_gradients_by_features(case, backend):
    check_gradient(case, "backward", "by_features")


@pytest.mark.parametrize("case", gradients_by("rois"), ids=named)
def test_the_peers_gradients_by_boxes(case, backend):
    check_gradient(case, "backward_rois", "by_rois")


def check_gradient(case, kind, what):
    """Of the sum of all that comes out."""
    call = case.call()
    grad = np.ones_like(operation(case.operation)(**call))
    got = family.gradient(case.operation, kind, call, grad)
    np.testing.assert_allclose(got, case.expected(what), rtol=0, atol=case.record.get("tolerance", 0))


def test_every_number_names_its_source():
    for case in CASES:
        assert " : " in case.record["source"]
        assert case.record["licence"] in LICENCES
        assert case.peer in PRESETS[case.operation]
