"""Each operation with a CUDA kernel has its twins: source, launcher, tests; and the whole suite's rules hold.

What other tests hold the CPU's kernels to, they hold these to as well, through ``use_backend("simt")``.
"""

from importlib import import_module
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import roikit
from roikit import _on_gpu
from roikit.gpu import source

OPERATIONS = sorted(_on_gpu.operations())


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_its_twins(name):
    """``NAME.cu`` with a readable kernel, ``NAME.py`` that launches it, and a file of tests."""
    text = files("roikit.gpu").joinpath(f"{name}.cu").read_text(encoding="utf-8")
    launcher = import_module(f"roikit.gpu.{name}")

    assert f"{name}_plain(" in text
    assert callable(getattr(launcher, name))
    assert launcher.__doc__
    assert Path(__file__).with_name(f"test_gpu_{name}.py").is_file()


def test_every_source_has_its_variants():
    names = [path.name for path in files("roikit.gpu").iterdir()]
    assert {name for name in names if name.endswith(".cu")} == {f"{file}.cu" for file in source.kernels()}
    assert {file for file, _ in source.variants()} == set(source.kernels())


def test_no_source_includes_another():
    """CuPy's cache of compiled kernels would not see that the other has changed."""
    for file, types in source.variants():
        assert "#include" not in source.text(file, **types)


@pytest.mark.parametrize("backend", ["simt", "simt-plain"])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_any_strides(backend, layout):
    """What has gaps or runs backwards is copied first."""
    rng = np.random.default_rng(3)
    maps = rng.standard_normal((2, 6, 10, 9)).astype(np.float32)[:, ::-2, ::2, 1:]
    features = maps if layout == "NCHW" else maps.transpose(0, 2, 3, 1)
    rois = [[0, 0, 0, 4, 4], [1, -1, 1, 7, 3]]
    expected = roikit.roi_align(features, rois, 2, layout=layout)
    out = np.empty(expected.shape[::-1], np.float32).transpose()

    with roikit.use_backend(backend):
        assert roikit.roi_align(features, rois, 2, layout=layout, out=out) is out

    np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-6)


def test_an_operation_without_a_cuda_kernel_is_computed_as_ever():
    with roikit.use_backend("simt"):
        assert roikit.bin_edges(5, 2, convention="disjoint").tolist() == [[0, 2], [2, 5]]


def test_maps_too_large_to_count_in_32_bits():
    endless = np.lib.stride_tricks.as_strided(np.zeros(1, np.float32), (1, 1, 2**16, 2**16), (0, 0, 0, 0))
    with roikit.use_backend("simt"), pytest.raises(ValueError, match=r"CUDA kernels take fewer than 2\*\*31"):
        roikit.roi_align(endless, [[0, 0, 0, 1, 1]], 1)
