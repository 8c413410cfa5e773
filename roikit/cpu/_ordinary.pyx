"""The ordinary small call of an operation: checked in C, since a careful look in Python takes far longer.

Ordinary are arrays of NumPy's own class, of float32 or float64, and arguments of Python's own kinds, all of
them right. Of any other call nothing is said here but None: ``roikit._validate`` then looks at it again, and
has the sentences. What an array holds is looked at in a view or a copy of our own, which no other thread can
make another.
"""

from cpython.buffer cimport (
    PyBUF_FORMAT, PyBUF_STRIDES, PyBuffer_IsContiguous, PyBuffer_Release, PyObject_GetBuffer,
)
from cpython.float cimport PyFloat_AS_DOUBLE, PyFloat_CheckExact
from cpython.long cimport PyLong_AsLongLongAndOverflow, PyLong_CheckExact
from cpython.weakref cimport PyWeakref_NewRef
from libc.math cimport fabs, floor, isfinite

import numpy as np

from roikit import _validate
from roikit.convention import CONVENTIONS, FARTHEST_CELL, POOLING

cdef type ndarray = np.ndarray
cdef object empty = np.empty
cdef object float32 = np.dtype(np.float32), float64 = np.dtype(np.float64), int64 = np.dtype(np.int64)
cdef dict conventions = {name: CONVENTIONS[name] for name in POOLING}
cdef double farthest = FARTHEST_CELL
cdef Py_ssize_t most_bins = _validate.MOST_BINS, most_samples = _validate.MOST_SAMPLES

cdef enum:
    # Numbers of the output. Of more than that the careful way takes no time that counts.
    FEW = 65536
    # Rows or columns of a map.
    LONG = 65536

cdef struct Pair:
    # Along y and x.
    bint good
    Py_ssize_t y
    Py_ssize_t x


def roi_align(features, rois, output_size, spatial_scale, sampling_ratio, aligned, mode, layout, out):
    """As the careful checks of roikit/ops/roi_align.py, or None."""
    cdef Pair bins = read_pair(output_size), ratio = read_pair(sampling_ratio)
    cdef double scale = read_scale(spatial_scale)
    cdef bint average = is_text(mode, "avg")
    if not (
        size_is_good(bins) and ratio.good and ratio.y <= most_samples and ratio.x <= most_samples
        and scale > 0 and (average or is_text(mode, "max")) and (aligned is True or aligned is False)
        and is_text(layout, "NCHW")
    ):
        return None
    ratio.y, ratio.x = max(ratio.y, 0), max(ratio.x, 0)
    cdef tuple arrays = read_arrays(features, rois, bins, scale, ratio, True, out)
    if arrays is None:
        return None
    maps, table, into, held = arrays
    given = (maps, table, into, spatial_scale, (ratio.y, ratio.x), aligned, "avg" if average else "max")
    return into if out is None else out, given, False, held


def roi_pool(features, rois, output_size, spatial_scale, convention, mode, return_argmax, layout, out):
    """As the careful checks of roikit/ops/roi_pool.py, or None."""
    cdef Pair bins = read_pair(output_size), no_samples = Pair(True, 1, 1)
    cdef double scale = read_scale(spatial_scale)
    cdef bint average = is_text(mode, "avg")
    cdef object rules = conventions.get(convention) if type(convention) is str else None
    if not (
        size_is_good(bins) and scale > 0 and 2 * scale <= farthest  # at most 2 pixels are added to an end
        and rules is not None and (average or is_text(mode, "max"))
        and (return_argmax is False or (return_argmax is True and not average and out is None))
        and is_text(layout, "NCHW")
    ):
        return None
    cdef tuple arrays = read_arrays(features, rois, bins, scale, no_samples, False, out)
    if arrays is None:
        return None
    maps, table, into, held = arrays
    argmax = empty((<object>into).shape, int64) if return_argmax else None
    given = (maps, table, into, argmax, spatial_scale, rules, "avg" if average else "max")
    result = into if out is None else out
    return (result, argmax) if return_argmax else result, given, False, held


# --- arguments of Python's own kinds ----------------------------------------------------------------------


cdef inline bint is_text(object value, str text):
    return type(value) is str and <str>value == text


cdef inline double read_scale(object value):
    """The scale, or 0 where it is out of the ordinary."""
    cdef double scale = PyFloat_AS_DOUBLE(value) if PyFloat_CheckExact(value) else 0
    return scale if isfinite(scale) else 0


cdef inline bint read_int(object value, Py_ssize_t* number):
    cdef int overflow = 1
    cdef long long read = 0
    if PyLong_CheckExact(value):
        read = PyLong_AsLongLongAndOverflow(value, &overflow)
    number[0] = <Py_ssize_t>read
    return not overflow and number[0] == read


cdef inline Pair read_pair(object value):
    """An int for both sides, or a tuple of two."""
    cdef Pair pair = Pair(False, 0, 0)
    if type(value) is not tuple:
        pair.good = read_int(value, &pair.y)
        pair.x = pair.y
    elif len(<tuple>value) == 2:
        pair.good = read_int((<tuple>value)[0], &pair.y) and read_int((<tuple>value)[1], &pair.x)
    return pair


cdef inline bint size_is_good(Pair bins):
    return bins.good and 1 <= bins.y <= most_bins and 1 <= bins.x <= most_bins


# --- arrays -----------------------------------------------------------------------------------------------


cdef tuple read_arrays(
    object features, object rois, Pair bins, double scale, Pair ratio, bint sampled, object out
):
    """Views of features and out, a copy of rois, and what holds the views' memory in place; or None."""
    if type(features) is not ndarray or type(rois) is not ndarray:
        return None
    if out is not None and type(out) is not ndarray:
        return None
    cdef list held = references(features)
    cdef object maps = features[...], table, into, dtype
    cdef Py_buffer seen
    cdef Py_ssize_t K, C
    if not see(maps, 4, &seen):
        return None
    try:
        C = seen.shape[1]
        if not (seen.len > 0 and C <= FEW and seen.shape[2] <= LONG and seen.shape[3] <= LONG):
            return None
        table = read_boxes(rois, seen.shape[0], bins, scale, ratio, sampled)
        if table is None:
            return None
        K = len(table)
        if <double>max(K, 1) * C * bins.y * bins.x > FEW:
            return None
        if out is None:
            dtype = float32 if seen.format[0] == b"f" else float64
            return maps, table, empty((K, C, bins.y, bins.x), dtype), held
        held += references(out)
        into = out[...]
        return (maps, table, into, held) if fits(into, &seen, K, bins) else None
    except MemoryError:
        return None
    finally:
        PyBuffer_Release(&seen)


cdef list references(object array):
    """A weak reference to each array down to the owner of the memory, as `roikit._arrays.held` has them."""
    cdef list found = []
    while isinstance(array, ndarray):
        found.append(PyWeakref_NewRef(array, None))
        array = array.base
    return found


cdef bint see(object array, int axes, Py_buffer* seen):
    """Whether this is an aligned array of so many axes, of floats in native byte order; then it is `seen`."""
    cdef size_t places
    cdef int axis
    try:
        PyObject_GetBuffer(array, seen, PyBUF_STRIDES | PyBUF_FORMAT)
    except Exception:  # a dtype without a format
        return False
    if seen.ndim == axes and (seen.format[0] == b"f" or seen.format[0] == b"d") and seen.format[1] == 0:
        places = <size_t>seen.buf
        for axis in range(axes):
            places |= <size_t>seen.strides[axis]
        if places % <size_t>seen.itemsize == 0:
            return True
    PyBuffer_Release(seen)
    return False


cdef bint fits(object out, Py_buffer* maps, Py_ssize_t K, Pair bins):
    """Whether out may take the output: right in kind and shape, and apart from the maps."""
    cdef Py_buffer seen
    if not see(out, 4, &seen):
        return False
    cdef char* first = <char*>seen.buf
    cdef char* first_of_maps = <char*>maps.buf
    cdef bint good = (
        not seen.readonly and seen.format[0] == maps.format[0]
        and seen.shape[0] == K and seen.shape[1] == maps.shape[1]
        and seen.shape[2] == bins.y and seen.shape[3] == bins.x
        and PyBuffer_IsContiguous(&seen, b"C") and PyBuffer_IsContiguous(maps, b"C")
        and (first + seen.len <= first_of_maps or first_of_maps + maps.len <= first)
    )
    PyBuffer_Release(&seen)
    return good


cdef object read_boxes(object rois, Py_ssize_t images, Pair bins, double scale, Pair ratio, bint sampled):
    """A copy of the boxes in float64, each of them good; or None."""
    cdef list _held = references(rois)
    cdef Py_buffer seen
    if not see(rois, 2, &seen):
        return None
    cdef object table = None
    cdef double[:, ::1] boxes
    cdef char* row = <char*>seen.buf
    cdef Py_ssize_t k, column
    cdef char* at
    try:
        if seen.shape[0] <= FEW and seen.shape[1] == 5:
            table = boxes = empty((seen.shape[0], 5), float64)
            for k in range(seen.shape[0]):
                for column in range(5):
                    at = row + column * seen.strides[1]
                    boxes[k, column] = (<float*>at)[0] if seen.itemsize == 4 else (<double*>at)[0]
                if not is_good(&boxes[k, 0], images, bins, scale, ratio, sampled):
                    return None
                row += seen.strides[0]
        return table
    finally:
        PyBuffer_Release(&seen)


cdef inline bint is_good(
    const double* box, Py_ssize_t images, Pair bins, double scale, Pair ratio, bint sampled
) noexcept nogil:
    """What `_validate.regions`, `within_reach` and `adaptive_samples` ask; each question is no of a NaN."""
    cdef double x1 = box[1] * scale, y1 = box[2] * scale, x2 = box[3] * scale, y2 = box[4] * scale
    return (
        0 <= box[0] < images and box[0] == floor(box[0])
        and fabs(x1) <= farthest and fabs(y1) <= farthest and fabs(x2) <= farthest and fabs(y2) <= farthest
        and (not sampled or ratio.y > 0 or y2 - y1 <= most_samples * bins.y)
        and (not sampled or ratio.x > 0 or x2 - x1 <= most_samples * bins.x)
    )
