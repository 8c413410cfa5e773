"""A wrong argument gets one sentence, the same on every backend: what is wrong, by name, rule and value."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

import roikit

pytestmark = pytest.mark.usefixtures("backend")

MAPS = np.zeros((2, 1, 4, 4))
BOX = [[0, 0, 0, 2, 2]]
OPERATIONS = {"roi_pool": roikit.roi_pool, "roi_align": roikit.roi_align}


def sentence(error, function, *args, **kwargs):
    """What the call's error says."""
    with pytest.raises(error) as caught:
        function(*args, **kwargs)
    assert type(caught.value) is error
    return str(caught.value)


@pytest.fixture(params=OPERATIONS)
def operation(request):
    return OPERATIONS[request.param]


# --- features ---------------------------------------------------------------------------------------------

_FLOATS = "features must be float16, bfloat16, float32 or float64; got "


@pytest.mark.parametrize(
    ("features", "error", "expected"),
    [
        (MAPS.astype(int), TypeError, _FLOATS + "int64: use features.astype(np.float64)"),
        (MAPS.astype(bool), TypeError, _FLOATS + "bool: use features.astype(np.float64)"),
        (MAPS.astype(np.longdouble), TypeError,
         _FLOATS + f"{np.dtype(np.longdouble)}: use features.astype(np.float64)"),
        (MAPS.astype(complex), TypeError, _FLOATS + "complex128"),
        (MAPS.astype(object), TypeError, _FLOATS + "object"),
        (None, TypeError, _FLOATS + "object"),
        (MAPS[0], ValueError, "features must have shape (N, C, H, W); got (1, 4, 4)"),
        (MAPS[:, :, :0], ValueError, "features must have at least one row and one column; got (2, 1, 0, 4)"),
        (MAPS[..., :0], ValueError, "features must have at least one row and one column; got (2, 1, 4, 0)"),
        (np.broadcast_to(0.0, (1, 1, 2**20 + 1, 2**20)), ValueError,
         "features must have at most 2**40 cells a map; got (1, 1, 1048577, 1048576)"),
        (np.broadcast_to(np.array(0, ">f8"), (1, 1, 2**20, 2**20)), ValueError,
         "a copy of features would take 8192 GiB, shape (1, 1, 1048576, 1048576) of float64: "
         "more than 1 TiB"),
        ([[[[1.0, 2.0], [3.0]]]], ValueError, "features must be rows of equal length"),
        (SimpleNamespace(__array_interface__=MAPS.__array_interface__), TypeError,
         "features cannot be read as an array: an __array_interface__ may name any memory, use np.asarray"),
        (np.ma.masked_less(MAPS, 1), ValueError,
         "features must not have masked elements: use features.filled(value)"),
    ],
)
def test_features(operation, features, error, expected):
    assert sentence(error, operation, features, BOX, 2) == expected


def test_planes():
    interpolate = roikit.bilinear_interpolate
    assert sentence(ValueError, interpolate, np.zeros(3), 0, 0) == (
        "features must have shape (..., H, W); got (3,)"
    )
    assert sentence(TypeError, interpolate, [[1, 2]], 0, 0).startswith(_FLOATS + "int64")


# --- rois -------------------------------------------------------------------------------------------------

_ROIS = "rois must have shape (K, 5): batch index, x1, y1, x2, y2; got "


@pytest.mark.parametrize(
    ("rois", "error", "expected"),
    [
        (np.zeros((12, 4)), ValueError, _ROIS + "(12, 4)"),
        (np.zeros(5), ValueError, _ROIS + "(5,)"),
        (np.zeros((0, 4)), ValueError, _ROIS + "(0, 4)"),
        (np.zeros((2, 3, 4)), ValueError, _ROIS + "(2, 3, 4)"),
        ([[0, 0, 0, 1, 1], [0, 0, 0, 1]], ValueError, "rois must be rows of equal length"),
        ([["a", 0, 0, 1, 1]], TypeError, "rois must hold real numbers; got <U21"),
        (np.zeros((1, 5), complex), TypeError, "rois must hold real numbers; got complex128"),
        (np.zeros((1, 5), bool), TypeError, "rois must hold real numbers; got bool"),
        (np.zeros((1, 5), object), TypeError, "rois must hold real numbers; got object"),
        (BOX * 3 + [[2, 0, 0, 1, 1]], ValueError,
         "rois[3] names batch index 2, but features holds 2 images (0..1)"),
        ([[-1, 0, 0, 1, 1]], ValueError, "rois[0] names batch index -1, but features holds 2 images (0..1)"),
        ([[0.5, 0, 0, 1, 1]], ValueError, "rois[0] names batch index 0.5, which is not a whole number"),
        ([*BOX, [0, 0, np.nan, 1, 1]], ValueError, "rois[1] holds nan: boxes must be finite numbers"),
        ([[0, 0, 0, np.inf, 1]], ValueError, "rois[0] holds inf: boxes must be finite numbers"),
        ([[np.nan, 0, 0, 1, 1]], ValueError, "rois[0] holds nan: boxes must be finite numbers"),
        ([[0, -1e300, 0, 1, 1]], ValueError,
         "rois[0] reaches -1e+300 pixels at spatial_scale 1.0: "
         "scaled coordinates must lie within -2**40 .. 2**40 cells"),
        ([[0, 0, 0, 10**400, 1]], TypeError, "rois must hold real numbers; got object"),
        (np.broadcast_to(0.0, (2**40, 5)), ValueError,
         "a copy of rois would take 40960 GiB, shape (1099511627776, 5) of float64: more than 1 TiB"),
        (np.ma.masked_less(BOX, 1), ValueError, "rois must not have masked elements: use rois.filled(value)"),
        ([[1e308, 0, 0, 1, 1]], ValueError,
         "rois[0] names batch index 1e+308, but features holds 2 images (0..1)"),
    ],
)
def test_rois(operation, rois, error, expected):
    assert sentence(error, operation, MAPS, rois, 2) == expected


@pytest.mark.parametrize(
    ("rois", "expected"),
    [
        ([np.zeros((1, 4))] * 3, "rois is a list of 3 arrays, but features holds 2 images: "
                                 "give one (L, 4) array for each image"),
        ([[], [], []], "rois is a list of 3 arrays, but features holds 2 images: "
                       "give one (L, 4) array for each image"),
        ([np.zeros((0, 4))], "rois is a list of 1 array, but features holds 2 images: "
                             "give one (L, 4) array for each image"),
        ([np.zeros((1, 4)), np.zeros((3, 5))], "rois[1] must have shape (L, 4): x1, y1, x2, y2; got (3, 5)"),
        ([[[0, 0, 0, 1], [0, 0, 1]], []], "rois[0] must be rows of equal length"),
        ([np.zeros((1, 4)), [[0, 0, 0, 1], [0, 0, np.nan, 1]]],
         "rois[1][1] holds nan: boxes must be finite numbers"),
        ([np.zeros((3, 4)), [[0, 0, 0, 1], [0, 0, 4e12, 1]]],
         "rois[1][1] reaches 4000000000000.0 pixels at spatial_scale 1.0: "
         "scaled coordinates must lie within -2**40 .. 2**40 cells"),
    ],
)
def test_a_list_of_boxes(operation, rois, expected):
    assert sentence(ValueError, operation, MAPS, rois, 2) == expected


@pytest.mark.parametrize(("images", "held"), [(0, "0 images"), (1, "1 image (0)"), (3, "3 images (0..2)")])
def test_how_many_images_there_are(operation, images, held):
    expected = f"rois[0] names batch index 7, but features holds {held}"
    assert sentence(ValueError, operation, np.zeros((images, 1, 4, 4)), [[7, 0, 0, 1, 1]], 2) == expected


def test_quantize_rois_knows_no_images_but_batch_indices():
    quantize = roikit.quantize_rois
    assert sentence(ValueError, quantize, [[-2, 0, 0, 1, 1]]) == (
        "rois[0] names batch index -2; batch indices run from 0 to below 2**40"
    )
    assert sentence(ValueError, quantize, [[0, 0, 0, 0, 0], [0, 0, 0, 4, 1]], 1e300) == (
        "rois[1] reaches 4.0 pixels at spatial_scale 1e+300: "
        "scaled coordinates must lie within -2**40 .. 2**40 cells"
    )


def test_a_long_double_beyond_float64():
    rois = np.array([[0, 0, 0, 1, 1]], np.longdouble) * np.array([1, 1, 1, 2, 1]) ** np.longdouble(1)
    rois[0, 3] = np.finfo(np.longdouble).max
    got = sentence(ValueError, roikit.quantize_rois, rois)
    assert got.startswith(("rois[0] holds inf", "rois[0] reaches"))


# --- the layer's parameters -------------------------------------------------------------------------------

_SIZE = "output_size must be an int or a pair (height, width) of ints; got "
_BINS = "output_size must be at least 1 bin high and wide; got "


@pytest.mark.parametrize(
    ("output_size", "error", "expected"),
    [
        (0, ValueError, _BINS + "0"),
        ((2, -1), ValueError, _BINS + "(2, -1)"),
        (2.0, TypeError, _SIZE + "2.0"),
        ("2", TypeError, _SIZE + "'2'"),
        (True, TypeError, _SIZE + "True"),
        (None, TypeError, _SIZE + "None"),
        ((1, 2, 3), TypeError, _SIZE + "(1, 2, 3)"),
        ((1, 2.5), TypeError, _SIZE + "(1, 2.5)"),
        ((1, 2**21), ValueError, "output_size must be at most 2**20 bins high and wide; got (1, 2097152)"),
        (2**20, ValueError, "the output would take 8192 GiB, shape (1, 1, 1048576, 1048576) of float64: "
                            "more than 1 TiB"),
        (np.zeros((2, 2)), TypeError, _SIZE + "array([[0., 0.], [0., 0.]])"),
        ("x" * 1000, TypeError, _SIZE + "'" + 47 * "x" + "..." + 48 * "x" + "'"),
    ],
)
def test_output_size(operation, output_size, error, expected):
    assert sentence(error, operation, MAPS, BOX, output_size) == expected


@pytest.mark.parametrize(
    ("scale", "error", "expected"),
    [
        (0, ValueError, "spatial_scale must be positive and finite; got 0"),
        (-0.5, ValueError, "spatial_scale must be positive and finite; got -0.5"),
        (float("nan"), ValueError, "spatial_scale must be positive and finite; got nan"),
        (float("inf"), ValueError, "spatial_scale must be positive and finite; got inf"),
        (10**400, ValueError,
         "spatial_scale must be positive and finite; got a number too large for float64"),
        (Fraction(10**400, 3), ValueError,
         "spatial_scale must be positive and finite; got a number too large for float64"),
        ("1", TypeError, "spatial_scale must be a real number; got '1'"),
        (True, TypeError, "spatial_scale must be a real number; got True"),
        ((1, 1), TypeError, "spatial_scale must be a real number; got (1, 1)"),
    ],
)
def test_spatial_scale(operation, scale, error, expected):
    assert sentence(error, operation, MAPS, BOX, 2, scale) == expected


def test_mode_and_layout(operation):
    call = (operation, MAPS, BOX, 2)
    modes = {"roi_pool": "'max' or 'avg'", "roi_align": "'avg', 'max' or 'max_corners'"}[operation.__name__]
    assert sentence(ValueError, *call, mode="mean") == f"mode must be {modes}; got 'mean'"
    assert sentence(TypeError, *call, mode=1) == f"mode must be {modes}; got 1"
    assert sentence(ValueError, *call, layout="nhwc") == "layout must be 'NCHW' or 'NHWC'; got 'nhwc'"
    assert sentence(TypeError, *call, layout=None) == "layout must be 'NCHW' or 'NHWC'; got None"


def test_more_digits_than_python_prints(operation):
    assert sentence(ValueError, operation, MAPS, BOX, 10**5000) == (
        "output_size must be at most 2**20 bins high and wide; got an int of 16610 bits"
    )


def test_any_text_names_a_mode_a_convention_or_a_backend(operation):
    """np.str_ is a str, and so are others."""
    assert np.array_equal(operation(MAPS, BOX, 2, mode=np.str_("max")), operation(MAPS, BOX, 2, mode="max"))
    roikit.quantize_rois(BOX, convention=np.str_("caffe"))
    with roikit.use_backend(np.str_("cpu")):
        roikit.bin_edges(5, 2)


def test_memory_that_is_not_there(operation, monkeypatch):
    def empty(shape, dtype):
        raise MemoryError

    monkeypatch.setattr(np, "empty", empty)
    assert sentence(MemoryError, operation, MAPS, BOX, 2**10) == (
        "the output would take 0.0078125 GiB, shape (1, 1, 1024, 1024) of float64: there is too little memory"
    )


def test_convention():
    names = (
        "convention must be a roikit.Convention or one of 'caffe', 'disjoint', 'truncate', 'exclusive', "
        "'chainer', 'rfcn', 'chainercv', 'mmcv', 'caffe_float32'; got "
    )
    for function, args in ((roikit.roi_pool, (MAPS, BOX, 2)), (roikit.quantize_rois, (BOX,)),
                           (roikit.bin_edges, (5, 2))):
        assert sentence(ValueError, function, *args, convention="floor") == names + "'floor'"
        assert sentence(TypeError, function, *args, convention=None) == names + "None"


def test_return_argmax():
    pool = roikit.roi_pool
    assert sentence(ValueError, pool, MAPS, BOX, 2, mode="avg", return_argmax=True) == (
        "return_argmax needs mode='max': an average is not found at one cell"
    )
    assert sentence(TypeError, pool, MAPS, BOX, 2, return_argmax=1) == (
        "return_argmax must be True or False; got 1"
    )


def test_a_maximum_that_is_roi_aligns_alone():
    assert sentence(ValueError, roikit.roi_pool, MAPS, BOX, 2, mode="max_corners") == (
        "mode must be 'max' or 'avg'; got 'max_corners'"
    )
    assert sentence(ValueError, roikit.explain.roi_align, MAPS, BOX, 2, mode="max_corners") == (
        "mode 'max_corners' is not of samples: explain.roi_align explains 'avg' and 'max'"
    )


@pytest.mark.parametrize("gives_convention", [
    lambda **options: roikit.roi_align(MAPS, BOX, 2, **options),
    lambda **options: roikit.roi_align_backward(np.zeros((1, 1, 2, 2)), BOX, MAPS.shape, **options),
    lambda **options: roikit.roi_align_backward_rois(np.zeros((1, 1, 2, 2)), MAPS, BOX, **options),
])
def test_a_convention_that_samples(gives_convention):
    names = "'roi_align', 'half_pixel', 'openvino_half_pixel', 'point', 'chainercv_align'"
    assert sentence(ValueError, gives_convention, convention="caffe") == (
        f"convention 'caffe' says how to pool, and this operation samples: use one of {names}"
    )
    assert sentence(ValueError, gives_convention, aligned=True, convention="point") == (
        "convention must be 'half_pixel' where aligned is True; got 'point'"
    )
    assert sentence(TypeError, gives_convention, convention=0.5).startswith("convention must be a ")
    gives_convention(aligned=True, convention="half_pixel")


def test_aligned_and_sampling_ratio():
    align = roikit.roi_align
    assert sentence(TypeError, align, MAPS, BOX, 2, 1.0, 2, "half_pixel") == (
        "aligned must be True or False; got 'half_pixel'"
    )
    assert sentence(TypeError, align, MAPS, BOX, 2, 1.0, 2.0) == (
        "sampling_ratio must be an int or a pair (height, width) of ints; got 2.0"
    )
    assert sentence(ValueError, align, MAPS, BOX, 2, 1.0, (2, 5000)) == (
        "sampling_ratio must be at most 4096 points a side; got (2, 5000)"
    )


def test_a_box_far_larger_than_any_map_is_not_sampled_for_ever():
    align = roikit.roi_align
    assert sentence(ValueError, align, MAPS, [*BOX, [0, 0, 0, 3, 1e9]], (7, 1)) == (
        "rois[1] is 1e+09 cells high: over 7 bins that is more than 4096 sample points a side; "
        "give a sampling_ratio, or check the box"
    )
    wide = [[0, 0, 0, 5000, 1]]
    assert sentence(ValueError, align, MAPS, wide, 1).startswith("rois[0] is 5000 cells wide:")
    by_image = [[[0, 0, 1, 1]], [[0, 0, 5000, 1]]]
    assert sentence(ValueError, align, MAPS, by_image, 1).startswith("rois[1][0] is 5000 cells wide:")
    assert align(MAPS, [[0, 0, 0, 3, 1e9]], (7, 1), 1.0, 2).shape == (1, 1, 7, 1)  # it can be asked for


# --- the small functions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "bins", "error", "expected"),
    [
        (-1, 2, ValueError, "length must lie within 0 .. 4398046511104; got -1"),
        (2**43, 2, ValueError, f"length must lie within 0 .. 4398046511104; got {2**43}"),
        (5, 0, ValueError, "bins must lie within 1 .. 1048576; got 0"),
        (5.0, 2, TypeError, "length must be a whole number; got 5.0"),
        (5, True, TypeError, "bins must be a whole number; got True"),
    ],
)
def test_bin_edges(length, bins, error, expected):
    assert sentence(error, roikit.bin_edges, length, bins) == expected


@pytest.mark.parametrize(
    ("y", "x", "error", "expected"),
    [
        (np.nan, 0, ValueError, "y is nan: coordinates must be finite numbers"),
        (0, [[0, 1], [2, np.inf]], ValueError, "x[1, 1] is inf: coordinates must be finite numbers"),
        ("0", 0, TypeError, "y must hold real numbers; got <U1"),
        (10**400, 0, TypeError, "y must hold real numbers; got object"),
        ([0, 1], [0, 1, 2], ValueError, "y and x must broadcast to one shape; got (2,) and (3,)"),
        (np.zeros((2**20, 1)), np.zeros(2**20), ValueError, "the output would take 16384 GiB, shape "
         "(2, 1, 1048576, 1048576) of float64: more than 1 TiB"),
    ],
)
def test_points(y, x, error, expected):
    assert sentence(error, roikit.bilinear_interpolate, MAPS, y, x) == expected


def test_more_axes_than_an_array_has():
    """Points are broadcast with at most 32 axes; the output has at most 64, or 32 in NumPy 1."""
    features, points = np.zeros((1,) * 30 + (2, 2)), np.zeros((1,) * 32)
    assert roikit.bilinear_interpolate(features, 0, 0).shape == (1,) * 30
    most = 64 if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else 32
    if most == 64:
        features = features[(None,) * 30]
        with pytest.raises(ValueError, match=r"y and x must broadcast to one shape; got \(1, 1, "):
            roikit.bilinear_interpolate(features, np.zeros((1,) * 33), 0)
    expected = f"the output would have {features.ndim - 2 + 32} axes: more than an array can have"
    assert sentence(ValueError, roikit.bilinear_interpolate, features, points, 0) == expected


@pytest.mark.parametrize(
    ("name", "error", "expected"),
    [
        (
            "gpu", ValueError,
            "the backend must be 'reference', 'plain', 'fast', 'cpu', 'simt' or 'simt-plain'; got 'gpu'",
        ),
        (None, TypeError, "the backend must be named by a string; got None"),
    ],
)
def test_use_backend(name, error, expected):
    assert sentence(error, roikit.use_backend(name).__enter__) == expected


@pytest.mark.parametrize(
    ("arguments", "error", "expected"),
    [
        ((2.5, 3), TypeError, "H must be a whole number; got 2.5"),
        ((2, -3), ValueError, "W must lie within 0 .. 1048576; got -3"),
        ((2, 3, "1"), TypeError, "a must be a real number; got '1'"),
        ((2, 3, 1, 10**400), ValueError, "b must be finite; got a number too large for float64"),
        ((3, 3, 1e308), ValueError, "a, b and c must keep the map within float64; got 1e+308, 1.0, 0.0"),
        ((2**20, 2**20), ValueError,
         "the map would take 8192 GiB, shape (1048576, 1048576) of float64: more than 1 TiB"),
    ],
)
def test_ramp(arguments, error, expected):
    assert sentence(error, roikit.examples.ramp, *arguments) == expected


@pytest.mark.parametrize(
    ("asked", "error", "expected"),
    [
        ({"index": 5}, TypeError, "index must be whole numbers (k, c, ph, pw); got 5"),
        ({"index": (0, 0, 7, 0)}, ValueError, "index (0, 0, 7, 0): ph = 7 lies outside 0..1"),
        ({"rtol": "1"}, TypeError, "rtol must be a real number; got '1'"),
        ({"atol": -1e-9}, ValueError, "atol must be 0 or more, and finite; got -1e-09"),
        ({"result": 1}, TypeError, "result must be True or False; got 1"),
    ],
)
def test_pictures(asked, error, expected):
    assert sentence(error, roikit.explain.roi_pool(MAPS, BOX, 2).picture, **asked) == expected
