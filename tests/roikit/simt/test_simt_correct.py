"""Correct kernels give the right result in both modes and in any order of threads, and no finding."""

from __future__ import annotations

import numpy as np
import pytest
import simt_corpus

CORRECT = simt_corpus.examples("correct")


def test_the_corpus_is_there():
    assert len(CORRECT) >= 22


@pytest.mark.parametrize("order", ["forward", "reverse", "random:1", "random:2"])
@pytest.mark.parametrize("mode", ["fast", "check"])
@pytest.mark.parametrize("kernel", CORRECT, ids=lambda kernel: kernel.path.stem)
def test_a_correct_kernel_is_clean(kernel, mode, order):
    report, arguments = kernel.launch(mode, order)
    assert report.findings == ()
    for name, expected in kernel.expected().items():
        np.testing.assert_allclose(arguments[name], expected, rtol=2e-5, atol=2e-5)
