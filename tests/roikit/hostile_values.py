"""Arguments as nobody should give them, beside good ones. Every draw comes from a `random.Random`.

Hypothesis hands in its own (``st.randoms``) and makes what fails small; `kernel_fuzz.py` a seeded one.
"""

import mmap
import tempfile
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import ml_dtypes  # noqa: F401 (NumPy knows bfloat16 by it)
import numpy as np
from numpy.lib.stride_tricks import as_strided

import roikit

# --- liars ------------------------------------------------------------------------------------------------


class LyingInt(int):
    """Compares as it likes."""

    def __lt__(self, other):
        return False

    __gt__ = __eq__ = __lt__
    __hash__ = int.__hash__

    def __int__(self):
        return 2


class LyingFloat(float):
    def __float__(self):
        return 0.5

    def __gt__(self, other):
        return True


class LyingText(str):
    __slots__ = ()

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class LyingList(list):
    """Says that it is longer than it is, and never ends where it is walked through."""

    def __len__(self):
        return 10**6

    def __iter__(self):
        while True:
            yield 0.0


class LyingConvention(roikit.Convention):
    """Its fields were never checked."""

    def __post_init__(self):
        return None


class Subclass(np.ndarray):
    """What NumPy asks a subclass for is wrong."""

    shape = property(lambda self: (3,))
    dtype = property(lambda self: np.dtype("S3"))

    def __len__(self):
        return 10**6

    def __getitem__(self, key):
        raise KeyError(key)


class Reads:
    """An array by ``__array__``: whatever it is given, or an error that it raises."""

    def __init__(self, what):
        self.what = what

    def __array__(self, dtype=None, copy=None):
        if isinstance(self.what, Exception):
            raise self.what
        return self.what


class Says:
    """Of a class, by its own account."""

    def __init__(self, kind):
        self.kind = kind

    @property
    def __class__(self):
        return self.kind


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no")


def interface(**changes):
    """An object known by an ``__array_interface__``, true or not."""
    honest = {"shape": (1, 1, 2, 2), "typestr": "<f8", "version": 3, "data": bytearray(32)}
    return SimpleNamespace(__array_interface__={**honest, **changes})


def tampered(**changes):
    """A convention whose fields were overwritten after they were checked."""
    convention = roikit.Convention("floor", "exclusive", "overlap")
    for name, value in changes.items():
        object.__setattr__(convention, name, value)
    return convention


CYCLE = [1.0]
CYCLE.append(CYCLE)

#: Of no use wherever a number, a text, an array or a convention is asked for.
JUNK = [
    None, "text", b"bytes", object(), {}, {0: 1}, set(), ..., NotImplemented, int, len, Unprintable(),
    1j, Decimal("0.5"), [], (), [[]], [None], ["a"], [[1.0], [1.0, 2.0]], CYCLE, LyingList([1.0]),
    "\x1b[31m\n", "x" * 10**5, np.array("a"), np.array(None), np.array([[1, 2], [3, 4]]), np.ma.masked,
    np.datetime64("NaT", "s"), np.timedelta64(1, "s"), memoryview(b"abcd"),
    Reads(None), Reads(ZeroDivisionError("no")), Reads(MemoryError()),
    Says(np.ndarray), Says(str), Says(float), Says(bool), Says(list), Says(roikit.Convention),
    interface(), interface(data=bytearray(8)), interface(data=(8, False)), interface(shape=(-1, 1, 2, 2)),
    interface(shape=None), interface(typestr="<f3"), interface(strides=(8,)), interface(data=None),
]
INTEGERS = [
    0, -1, 2**20 + 1, 2**31 - 1, 2**31, 2**31 + 1, 2**32, 2**63 - 1, 2**63, 2**64, -(2**31), -(2**63),
    10**5000, -(10**5000), np.int8(-1), np.uint64(2**64 - 1), LyingInt(-5), LyingInt(2**62), True, np.True_,
    2.0, np.nan,
    np.float64(2), np.array(-3), np.array(3.0), (1, 2, 3), (1,), (2, -1), (2, 2.0), (2, True), [2**63, 1],
    (2**20, 2**20), Fraction(2), Decimal(2),
]
SCALES = [
    0, 0.0, -0.0, -1, np.nan, np.inf, -np.inf, 10**400, -(10**400), Fraction(10**400, 3), True, np.False_,
    np.array(0.5), np.float16(np.inf), np.longdouble("1e4000"), LyingFloat(-1), (1, 1), "1",
]
CHOICES = ["", "MAX", "mean", "floor", "gpu", LyingText("mean"), LyingText("max"), np.str_("max"), 1, b"max"]
CONVENTIONS = [
    *CHOICES, np.str_("caffe"), LyingText("caffe"), LyingText("nothing"), tampered(minimum_size=2**62),
    tampered(minimum_size=-1), tampered(offset=np.nan), tampered(offset="a"), tampered(split="none"),
    tampered(outside=None), LyingConvention("floor", "exclusive", "overlap", minimum_size=2**62),
]
DTYPES = [np.dtype(code) for code in np.typecodes["All"] if code != "V"]
DTYPES += [dtype.newbyteorder(">") for dtype in DTYPES]
DTYPES += [np.dtype(t) for t in ("V8", "S4", "U2", "M8[s]", "f8,f8", [("a", "f8", 5)], [("\n", "f4")])]


# --- layouts ----------------------------------------------------------------------------------------------


class Sparse:
    """64 GiB of addresses in a file without blocks: only the pages that are written to take memory."""

    SIZE = 2**36

    def __init__(self):
        with tempfile.TemporaryFile() as file:
            file.truncate(self.SIZE)
            self.bytes = np.frombuffer(mmap.mmap(file.fileno(), self.SIZE), np.uint8)

    def spread(self, array, steps=(2**35, 2**33, 2**31 + 16)):
        """The array, (..., H, W), at most (2, 4, 3, W): from row to row are more than 2**31 bytes."""
        steps = (*steps[3 - (array.ndim - 1) :], array.itemsize)
        start = 2**12 * array.ndim  # maps and boxes lie side by side
        first = self.bytes[start : start + array.itemsize].view(array.dtype)
        far = as_strided(first, array.shape, steps)
        far[...] = array
        return far


_sparse = []


def far_apart(array):
    if not _sparse:
        _sparse.append(Sparse())
    if not 1 <= array.ndim <= 4 or array.size == 0:
        return array
    return _sparse[0].spread(array[tuple(slice(most) for most in (2, 4, 3, 64)[4 - array.ndim :])])


def records(array):
    """A field of records: its numbers lie across the machine's words."""
    table = np.zeros(array.shape, [("padding", "u1"), ("value", array.dtype)])
    table["value"] = array
    return table["value"]


def unaligned(array):
    view = np.zeros(array.nbytes + 1, np.uint8)[1:].view(array.dtype).reshape(array.shape)
    view[...] = array
    return view


def frozen(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def backwards(array):
    every = (slice(None, None, -1),) * array.ndim
    return array[every].copy()[every]


def sliced(array):
    """Every second number along each axis of an array twice as large."""
    large = np.full([2 * side for side in array.shape], 77, array.dtype)
    every = (slice(None, None, 2),) * array.ndim
    large[every] = array
    return large[every]


def exported(dtype):
    """Whether NumPy gives arrays of this dtype as buffers."""
    return dtype.kind != "V" and dtype.isnative


LAYOUTS = [
    np.asarray, np.ascontiguousarray, np.asfortranarray, backwards, sliced, records, unaligned, frozen,
    far_apart,
    lambda a: a.T.copy().T,
    lambda a: far_apart(a[::-1])[::-1] if a.ndim else a,
    lambda a: np.broadcast_to(a[:1], a.shape) if a.ndim else a,  # the same memory, again and again
    lambda a: np.broadcast_to(a[..., :1], a.shape) if a.ndim else a,
    lambda a: a.astype(a.dtype.newbyteorder(">")),
    lambda a: a.astype(a.dtype, order="K", subok=True).view(Subclass),
    lambda a: np.ma.array(a),
    lambda a: Reads(a),
    lambda a: memoryview(np.ascontiguousarray(a)) if a.size and exported(a.dtype) else a,
]


def huge_map(draw):
    """A map as large as no memory, all in a few bytes."""
    side = draw.choice([2**15, 2**20, 2**20 + 1, 2**31 - 1, 2**31 + 1, 2**40])
    shape = draw.choice([(1, 1, side, side), (1, 1, 1, side), (1, 1, side, 1)])
    if shape[2] * shape[3] > 2**55:
        shape = (2, 2**40, 2, 2)  # as many channels instead
    return np.broadcast_to(np.array(1.5, draw.choice(["f4", "f8", *([">f8"] * (side == 2**40))])), shape)


# --- numbers ----------------------------------------------------------------------------------------------

ODD = [np.nan, np.inf, -np.inf, -0.0, 1e300, -1e300, 5e-324, 3e38, -3.5e38, 1e-45]
NEAR = [i / 2 for i in range(-9, 20)]
FAR = [
    1e9, -1e9, 2.0**31 - 1, 2.0**31, 2.0**31 + 1, -(2.0**31) - 1, 2.0**40, -(2.0**40), 5e-324, -5e-324,
    1e-310, 0.49999999999999994, -0.0,
]
BEYOND = [np.nan, np.inf, -np.inf, 2.0**40 + 1, 2.0**63, -(2.0**63), 2.0**64, 1e308, -1e308]
INDICES = [-0.0, -1, 0.5, 1e-300, 2, 2**31, 2**53, 2.0**63, 1e308, -1e308, np.nan, np.inf, -np.inf]


def often(draw, share):
    return draw.random() < share


def end(draw):
    luck = draw.random()
    return draw.choice(NEAR) if luck < 0.9 else draw.choice(FAR) if luck < 0.99 else draw.choice(BEYOND)


def numbers(draw, shape, dtype):
    """Few distinct numbers, so that ties occur, and now and then odd ones."""
    rng = np.random.default_rng(draw.getrandbits(32))
    values = rng.integers(-3, 4, shape) / 2
    if often(draw, 0.4):
        values = np.where(rng.random(shape) < 0.1, rng.choice(ODD, shape), values)
    with np.errstate(all="ignore"):
        return np.asarray(values, dtype)


def any_array(draw, least=0, most=6):
    """Any number of axes, any sides, any dtype."""
    shape = [draw.choice([0, 1, 1, 2, 3, 5]) for _ in range(draw.randint(least, most))]
    return np.zeros(shape, draw.choice(DTYPES))


def laid_out(draw, array):
    return draw.choice(LAYOUTS)(array) if often(draw, 0.6) else array
