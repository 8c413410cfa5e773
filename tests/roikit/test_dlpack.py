"""Arrays of other libraries: what lies in the CPU's memory goes in, by `__array__` or by DLPack."""

import numpy as np
import pytest

import roikit

pytestmark = pytest.mark.usefixtures("backend")

MAPS = np.random.default_rng(0).normal(size=(2, 3, 5, 6)).astype(np.float32)
ROIS = np.array([[0, 0, 0, 4, 4], [1, -1, 0.5, 3, 9]])


class Tensor:
    """Knows DLPack, and nothing else of NumPy; on the CPU, which is device kind 1."""

    def __init__(self, array, kind=1):
        self.array, self.kind, self.asked = array, kind, 0

    def __dlpack__(self, **options):
        self.asked += 1
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.kind, 0


class ArrayAndTensor(Tensor):
    def __array__(self, dtype=None, copy=None):
        return self.array


OPERATIONS = {
    "roi_pool": lambda maps, rois: roikit.roi_pool(maps, rois, (3, 2)),
    "roi_align": lambda maps, rois: roikit.roi_align(maps, rois, (3, 2)),
}


@pytest.fixture(params=OPERATIONS)
def operation(request):
    return OPERATIONS[request.param]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("kind", [Tensor, ArrayAndTensor])
def test_tensors_go_in_and_arrays_come_out(operation, kind, dtype):
    maps = MAPS.astype(dtype)
    got = operation(kind(maps), kind(ROIS))
    assert type(got) is np.ndarray
    assert got.dtype == dtype
    assert np.array_equal(got, operation(maps, ROIS))


def test_any_strides(operation):
    maps = MAPS[::-1, :, ::2].transpose(0, 1, 3, 2)
    assert np.array_equal(operation(Tensor(maps), ROIS), operation(maps, ROIS))


def test_the_boxes_of_each_image_may_be_tensors(operation):
    by_image = [ROIS[:1, 1:], ROIS[1:, 1:]]
    assert np.array_equal(operation(MAPS, [Tensor(boxes) for boxes in by_image]), operation(MAPS, ROIS))


def test_array_is_asked_first():
    """It is the quicker of the two in torch."""
    maps = ArrayAndTensor(MAPS)
    OPERATIONS["roi_pool"](maps, ROIS)
    assert maps.asked == 0


def test_pinned_memory_is_the_cpus():
    assert np.array_equal(OPERATIONS["roi_pool"](Tensor(MAPS, 3), ROIS), OPERATIONS["roi_pool"](MAPS, ROIS))


def test_a_tensor_on_a_gpu(operation):
    with pytest.raises(TypeError) as caught:
        operation(Tensor(MAPS, 2), ROIS)
    assert str(caught.value) == (
        "features cannot be read as an array: it is on a device (kind 2 of DLPack): copy it to the CPU first"
    )


def test_a_tensor_that_lets_nobody_look(operation):
    """As torch says of one that requires grad: its own words are in the sentence."""

    class Requires(Tensor):
        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy()")

    with pytest.raises(TypeError) as caught:
        operation(Requires(MAPS), ROIS)
    assert str(caught.value) == (
        "features cannot be read as an array: Can't call numpy() on Tensor that requires grad. "
        "Use tensor.detach().numpy()"
    )


@pytest.mark.parametrize("device", [None, (), ("cpu", 0), (1.5, 0)])
def test_a_device_that_is_none(operation, device):
    class Nowhere(Tensor):
        def __dlpack_device__(self):
            return device

    try:
        operation(Nowhere(MAPS), ROIS)
    except TypeError as error:
        assert str(error).startswith("features cannot be read as an array: ")  # noqa: PT017


def test_no_capsule(operation):
    class Empty(Tensor):
        def __dlpack__(self, **options):
            return b"no capsule"

    with pytest.raises(TypeError, match=r"^features cannot be read as an array: "):
        operation(Empty(MAPS), ROIS)
