"""A wrong argument of a gradient gets one sentence, the same on every backend."""

import numpy as np
import pytest

from roikit import roi_align_backward, roi_align_backward_rois, roi_pool_backward

pytestmark = pytest.mark.usefixtures("backend")

GRAD = np.zeros((2, 3, 2, 2))
ROIS = np.array([[0, 0, 0, 2, 2], [1, 0, 0, 2, 2]])
SHAPE = (2, 3, 4, 5)
ARGMAX = np.zeros(GRAD.shape, int)

OPERATIONS = {
    "roi_align_backward": lambda grad=GRAD, rois=ROIS, shape=SHAPE, **options: (
        roi_align_backward(grad, rois, shape, **options)
    ),
    "roi_pool_backward": lambda grad=GRAD, rois=ROIS, shape=SHAPE, **options: (
        roi_pool_backward(grad, rois, np.zeros(np.shape(grad), int), shape, **options)
    ),
}


@pytest.fixture(params=OPERATIONS)
def operation(request):
    return OPERATIONS[request.param]


def sentence(error, function, *args, **kwargs):
    """What the call's error says."""
    with pytest.raises(error) as caught:
        function(*args, **kwargs)
    assert type(caught.value) is error
    return str(caught.value)


_FOUR = "input_shape must be four whole numbers (N, C, H, W); got "
_LEAST = "input_shape must have at least one row and one column, and no number below 0; got "
_MOST = "input_shape must have at most 2**40 images, channels, and cells a map; got "


@pytest.mark.parametrize(
    ("shape", "error", "expected"),
    [
        ((3, 4, 5), TypeError, _FOUR + "(3, 4, 5)"),
        ((2, 3, 4, 5.0), TypeError, _FOUR + "(2, 3, 4, 5.0)"),
        ((2, 3, 4, True), TypeError, _FOUR + "(2, 3, 4, True)"),
        (7, TypeError, _FOUR + "7"),
        (None, TypeError, _FOUR + "None"),
        ("2345", TypeError, _FOUR + "'2345'"),
        ((2, 3, 0, 5), ValueError, _LEAST + "(2, 3, 0, 5)"),
        ((2, 3, 4, -5), ValueError, _LEAST + "(2, 3, 4, -5)"),
        ((-1, 3, 4, 5), ValueError, _LEAST + "(-1, 3, 4, 5)"),
        ((2, 3, 2**21, 2**20), ValueError, _MOST + "(2, 3, 2097152, 1048576)"),
        ((2**41, 3, 4, 5), ValueError, _MOST + "(2199023255552, 3, 4, 5)"),
        ((2, 3, 2**20, 2**19), ValueError, "the output would take 24576 GiB, shape (2, 3, 1048576, 524288) "
                                           "of float64: more than 1 TiB"),
        ((2, 4, 4, 5), ValueError, "grad must have the map's channels: it has 3, and input_shape has 4"),
        ((1, 3, 4, 5), ValueError, "rois[1] names batch index 1, but input_shape holds 1 image (0)"),
    ],
)
def test_input_shape(operation, shape, error, expected):
    assert sentence(error, operation, shape=shape) == expected


def test_input_shape_as_the_layout_writes_it(operation):
    assert sentence(TypeError, operation, grad=GRAD, shape=3, layout="NHWC") == (
        "input_shape must be four whole numbers (N, H, W, C); got 3"
    )


@pytest.mark.parametrize(
    ("grad", "error", "expected"),
    [
        (GRAD[0], ValueError, "grad must have shape (K, C, PH, PW); got (3, 2, 2)"),
        (GRAD[:, :, :0], ValueError, "grad must be at least 1 bin high and wide; got (2, 3, 0, 2)"),
        (np.broadcast_to(0.0, (2, 3, 1, 2**20 + 1)), ValueError,
         "grad must be at most 2**20 bins high and wide; got (2, 3, 1, 1048577)"),
        (GRAD[:1], ValueError, "grad must have one row for each box: it has 1, and rois has 2"),
        (GRAD.astype(int), TypeError, "grad must be float16, bfloat16, float32 or float64; got int64: "
                                      "use grad.astype(np.float64)"),
        (np.ma.masked_less(GRAD, 1), ValueError,
         "grad must not have masked elements: use grad.filled(value)"),
    ],
)
def test_grad(operation, grad, error, expected):
    assert sentence(error, operation, grad=grad) == expected


def test_grad_as_the_layout_writes_it(operation):
    assert sentence(ValueError, operation, grad=GRAD[0], layout="NHWC") == (
        "grad must have shape (K, PH, PW, C); got (3, 2, 2)"
    )


def test_boxes_of_another_number_of_images(operation):
    boxes = [np.zeros((1, 4))] * 3
    assert sentence(ValueError, operation, rois=boxes).startswith(
        "rois is a list of 3 arrays, but input_shape holds 2 images: "
    )


def test_layout_and_threads(operation):
    assert sentence(ValueError, operation, layout="CHWN") == "layout must be 'NCHW' or 'NHWC'; got 'CHWN'"
    assert sentence(TypeError, operation, num_threads=1.5) == "num_threads must be a whole number; got 1.5"


def test_out(operation):
    high, narrow = np.zeros((2, 3, 5, 4)), np.zeros(SHAPE, np.float32)
    assert sentence(ValueError, operation, out=high) == "out must have shape (2, 3, 4, 5); got (2, 3, 5, 4)"
    assert sentence(TypeError, operation, out=narrow) == "out must be float64; got float32"


def test_out_is_not_what_is_read():
    grad = np.zeros((1, 1, 4, 4))
    box, shape, argmax = [[0, 0, 0, 2, 2]], (1, 1, 4, 4), np.zeros((1, 1, 4, 4), int)
    said = "out must not share memory with grad"
    assert sentence(ValueError, roi_align_backward, grad, box, shape, out=grad) == said
    assert sentence(ValueError, roi_pool_backward, grad, box, argmax, shape, out=grad) == said


# --- the argmax -------------------------------------------------------------------------------------------


def cells(first, dtype=int):
    argmax = ARGMAX.astype(dtype)
    argmax[1, 2, 0, 1] = first
    return argmax


_CELLS = "a map of 4 × 5 has the cells 0..19, and -1 is none"


@pytest.mark.parametrize(
    ("argmax", "error", "expected"),
    [
        (cells(20), ValueError, f"argmax[1, 2, 0, 1] is 20: {_CELLS}"),
        (cells(-2), ValueError, f"argmax[1, 2, 0, 1] is -2: {_CELLS}"),
        (cells(2**31 - 1, np.int32), ValueError, f"argmax[1, 2, 0, 1] is 2147483647: {_CELLS}"),
        (cells(2**63 - 1), ValueError, f"argmax[1, 2, 0, 1] is 9223372036854775807: {_CELLS}"),
        (ARGMAX[:1], ValueError, "argmax must have grad's shape (2, 3, 2, 2); got (1, 3, 2, 2)"),
        (ARGMAX.astype(float), TypeError, "argmax must be int32 or int64; got float64"),
        (ARGMAX.astype(np.uint64), TypeError, "argmax must be int32 or int64; got uint64"),
        (ARGMAX.astype(np.int8), TypeError, "argmax must be int32 or int64; got int8"),
        (ARGMAX.astype(bool), TypeError, "argmax must be int32 or int64; got bool"),
        (None, TypeError, "argmax must be int32 or int64; got object"),
    ],
)
def test_argmax(argmax, error, expected):
    assert sentence(error, roi_pool_backward, GRAD, ROIS, argmax, SHAPE) == expected


def test_the_ends_of_the_map_are_cells():
    for cell in (-1, 0, 19):
        roi_pool_backward(GRAD, ROIS, cells(cell), SHAPE)


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_an_index_that_changes_after_the_check_is_not_written_to(dtype):
    """Another thread may write to the argmax: the kernels look again at each number that they use."""
    from roikit._dispatch import kernel

    argmax = np.array([-2, 4, 2**31 - 1, -(2**31), 3], dtype).reshape(1, 1, 1, 5)
    guarded = np.zeros((3, 1, 2, 2))
    kernel("roi_pool_backward")(np.ones((1, 1, 1, 5)), np.zeros((1, 5)), argmax, guarded[1:2])
    assert guarded.ravel().tolist() == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]


# --- by the boxes -----------------------------------------------------------------------------------------


def test_by_the_boxes():
    features, call = np.zeros(SHAPE), roi_align_backward_rois
    assert sentence(TypeError, call, GRAD.astype(np.float32), features, ROIS) == (
        "grad must be float64, as features is; got float32: use grad.astype(features.dtype)"
    )
    assert sentence(ValueError, call, GRAD[:, :2], features, ROIS) == (
        "grad must have the map's channels: it has 2, and features has 3"
    )
    assert sentence(ValueError, call, GRAD[:1], features, ROIS) == (
        "grad must have one row for each box: it has 1, and rois has 2"
    )
    assert sentence(ValueError, call, GRAD, features[:1], ROIS) == (
        "rois[1] names batch index 1, but features holds 1 image (0)"
    )


@pytest.mark.parametrize("call", [
    lambda rois: roi_align_backward(GRAD[:1], rois, SHAPE),
    lambda rois: roi_align_backward_rois(GRAD[:1], np.zeros(SHAPE), rois),
])
def test_boxes_that_would_be_sampled_for_ever(call):
    wide, beyond = [[0, 0, 0, 1e6, 1]], [[0, 0, 0, 1e300, 1]]
    assert sentence(ValueError, call, wide).startswith("rois[0] is 1e+06 cells wide: over 2 bins that")
    assert sentence(ValueError, call, beyond).startswith("rois[0] reaches 1e+300 pixels at spatial_scale")
