"""The border: what crosses comes back equal, and nothing but that is read."""

import json
import random
import struct
import sys
import time
import tracemalloc
from typing import NamedTuple

import hypothesis
import hypothesis.extra.numpy as numpy_st
import hypothesis.strategies as st
import numpy as np
import pytest

from grader.sandbox import codec


def through(value):
    return codec.decode(codec.encode(value))


def body(tree, *blocks):
    """A hand-made message: ``tree`` as JSON text, ``blocks`` as they are."""
    text = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    parts = [struct.pack("<II", len(text), len(blocks)), text]
    for block in blocks:
        parts += [struct.pack("<Q", len(block)), block]
    return b"".join(parts)


def npy(header, data=b"", magic=codec.MAGIC):
    header = header.encode() + b"\n"
    return magic + struct.pack("<H", len(header)) + header + data


# ---------------------------------------------------------------- what crosses
@pytest.mark.parametrize(
    "value",
    [None, True, False, 0, -7, 2**53, -(2**80), 0.1, -0.0, 1e-310, "", "RoI 3: 8×8", (), [], {},
     (1, [2.5, (None, "x")], {"a": 1, 2: [False]})],
)  # fmt: skip
def test_plain_values_come_back(value):
    back = through(value)
    assert back == value
    assert type(back) is type(value)
    assert str(back) == str(value)  # -0.0, True against 1


KEYS = st.none() | st.booleans() | st.integers(-(2**1999), 2**1999) | st.floats(allow_nan=False)
PLAIN = KEYS | st.floats() | st.text(max_size=20)
DTYPES = st.sampled_from(sorted(codec.DTYPES)).map(np.dtype)
ARRAYS = DTYPES.flatmap(lambda dtype: numpy_st.arrays(dtype, numpy_st.array_shapes(min_dims=0, min_side=0)))
VALUES = st.recursive(
    PLAIN | ARRAYS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(KEYS, inner),
    max_leaves=12,
)


@hypothesis.settings(max_examples=300, deadline=None)
@hypothesis.given(VALUES)
def test_any_value_comes_back(value):
    """repr tells types, signs of zero and NaN apart; with all of its digits, and the dtype of each array."""
    with np.printoptions(threshold=sys.maxsize, floatmode="unique"):
        assert repr(through(value)) == repr(value)


def test_special_floats_come_back():
    back = through([float("nan"), float("inf"), -float("inf")])
    assert str(back) == "[nan, inf, -inf]"


@pytest.mark.parametrize("code", sorted(codec.DTYPES))
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 4), (1, 2, 3, 4)])
def test_arrays_come_back(code, shape):
    array = (np.arange(np.prod(shape, dtype=int)) % 2).reshape(shape).astype(code)
    back = through(array)
    assert back.dtype == array.dtype
    assert back.shape == shape
    assert np.array_equal(back, array)
    assert back.flags.writeable


def test_layouts_cross_as_values():
    """Transposed, strided, reversed, read-only, big-endian arrays arrive as plain arrays of their values."""
    array = np.arange(24.0).reshape(4, 6)
    frozen = array.copy()
    frozen.flags.writeable = False
    repeated = np.broadcast_to(array[0], (3, 6))
    for view in (array.T, array[::2, ::-1], frozen, array.astype(">f8"), repeated):
        assert np.array_equal(through(view), view)
        assert through(view).dtype == np.float64
    assert through(array.T).flags.f_contiguous


def test_scalars_keep_their_type():
    assert type(through(np.float32(0.5))) is np.float32
    assert type(through(np.bool_(True))) is np.bool_


def test_half_a_surrogate_pair_is_made_printable():
    assert through("\ud800") == "?"


class Point(NamedTuple):
    y: float
    x: float


class Endless(tuple):
    def __iter__(self):
        while True:
            yield 1


def test_a_named_tuple_crosses_as_a_tuple():
    back = through([Point(0.5, 1.5), Endless((1, 2))])
    assert back == [(0.5, 1.5), (1, 2)]
    assert {type(item) for item in back} == {tuple}


# ---------------------------------------------------------------- what is not sent
class Pretender:
    __class__ = tuple


class Lying(np.float64):
    def __eq__(self, other):
        return True

    __hash__ = None


def endless():
    yield 1


def cycle():
    a = []
    a.append(a)
    return a


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (endless(), "a generator"), (zip([1]), "a zip"), (range(3), "a range"), (Pretender(), "Pretender"),
        (b"pickle", "a bytes"), (1j, "a complex"), ({1, 2}, "a set"),
        (Lying(1), "a test_codec.Lying"), (np.ma.masked_array([1.0]), "MaskedArray"),
        (np.array([None]), "an array of dtype object"), (np.zeros(2, "f8,f8"), "an array of dtype"),
        (np.array(["a"]), "an array of dtype"), (np.zeros(1, np.longdouble), "an array of dtype"),
        (np.zeros((1,) * 33) if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else object(), "a"),
        (cycle(), "nested too deep"), (list(range(20_000)), "too many items"), (1 << 3000, "bits"),
        ("x" * 300_000, "too much text"),
    ],
)  # fmt: skip
def test_refused_values(value, words):
    with pytest.raises(codec.Refused, match=words.replace("test_codec.", ".*")):
        codec.encode(value)


# ---------------------------------------------------------------- what is not read
F8 = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }"


def test_the_hand_made_message_is_otherwise_right():
    assert codec.decode(body({"a": 0}, npy(F8, bytes(8)))) == np.zeros(1)


@pytest.mark.parametrize(
    "header",
    [
        F8.replace("<f8", "|O"), F8.replace("<f8", "<M8"), F8.replace("'<f8'", "[('a', '<f8')]"),
        F8.replace("'<f8'", "__import__('os')"), F8.replace("(1,)", "(-1,)"), F8.replace("(1,)", "(2,)"),
        F8.replace("(1,)", "(9223372036854775807,)"), F8.replace("(1,)", "(1, 1, 1, 0)"),
        F8.replace("(1,)", "(" + "1, " * 40 + "1)"), F8.replace("False", "1"), F8 + "x", "(" * 9000, "",
        F8.replace("(1,)", "(1099511627777, 0)"),
    ],
)  # fmt: skip
def test_bad_headers(header):
    with pytest.raises(codec.Refused):
        codec.decode(body({"a": 0}, npy(header, bytes(8))))


@pytest.mark.parametrize(
    "message",
    [
        b"", b"\x00" * 7, body({"a": 0}), body({"a": 1}, npy(F8, bytes(8))),
        body({"a": -1}, npy(F8, bytes(8))),
        body({"a": True}, npy(F8, bytes(8))), body({"a": 0}, npy(F8, bytes(8))) + b"x",
        body({"l": [{"a": 0}, {"a": 0}]}, npy(F8, bytes(8))), body(None, npy(F8, bytes(8))),
        body({"d": [[1, 2], [1, 3]]}), body({"f": "1.5"}), body({"f": " 0x1.8p+0"}), body({"i": "0x1"}),
        body({"f": "0x1.8p+9999"}), body({"i": "0x_" + "f" * 20}), body({"i": "0X" + "F" * 20}),
        body({"i": "٣" * 20}), body("null".encode("utf-16")), body('"é"'.encode()),
        body({"a": 0}, npy(F8, bytes(8)))[:-1], body({"a": 0}, npy(F8, bytes(8), b"\x93NUMPY\x02\x00")),
        body({"s": 0}, npy(F8, bytes(8))), body({"a": 0, "l": []}), body({"x": 0}), body({"f": "1"* 50}),
        body({"f": "__import__"}), body({"f": 1}), body({"i": "0x" + "f" * 5000}), body({"t": {}}),
        body({"d": [[{"l": []}, 1]]}), body({"d": [[1]]}), body(b"1.5"), body(b"NaN"), body(b"Infinity"),
        body(b"1" * 100_000), body(str(2**53).encode()), body(b"[" * 200_000), body(b"[1]"), body(b"{"),
        body({"l": [None] * 20_000}), body(b'{"l":[' * 30 + b"1" + b"]}" * 30), body(b"\xff"),
        struct.pack("<II", 1 << 31, 0), struct.pack("<II", 4, 1 << 31) + b"null",
        body({"a": 0}, npy("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }", b"\x02")),
    ],
)  # fmt: skip
def test_bad_messages(message):
    with pytest.raises(codec.Refused):
        codec.decode(message)


def test_a_short_reply_holds_no_more_than_itself():
    """A block that ten thousand references shared would be ten thousand arrays."""
    message = body({"l": [{"a": 0}] * 9000}, codec.dump_array(np.zeros(1 << 20)))
    tracemalloc.start()
    with pytest.raises(codec.Refused, match="reference to no block"):
        codec.decode(message)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * len(message)


MERSENNE = 2**61 - 1  # Python's hash of an integer is its remainder by this
SLOW = {
    "9 999 tiny arrays": (body({"l": [{"a": k} for k in range(9999)]}, *[npy(F8, bytes(8))] * 9999), list),
    "keys of one hash": (body({"d": [[{"i": hex(MERSENNE * k)}, 0] for k in range(1, 4900)]}), dict),
    "half characters": (body(b'"' + b"\\ud800" * 43_000 + b'"'), str),
    "digits": (body(b"1" * 260_000), None),
    "brackets": (body(b"[" * 260_000), None),
    "sides": (body({"a": 0}, npy(F8.replace("(1,)", "(" + "1, " * 21_000 + "1)"))), None),
    "long headers": (body({"l": [{"a": 0}] * 900}, *[npy("1, " * 21_000)] * 900), None),
}


@pytest.mark.parametrize("name", SLOW)
def test_the_worst_messages_take_no_time(name):
    """Each takes less than 0.2 s of an idle processor; what grew with the square would take minutes."""
    message, kind = SLOW[name]
    start = time.process_time()
    try:
        value = codec.decode(message)
    except codec.Refused:
        value = None
    assert time.process_time() - start < 5
    assert kind is None or type(value) is kind


def test_mutated_messages_are_read_or_refused():
    """20 000 messages with bytes changed, cut out, doubled or cut off: never another exception."""
    rng = random.Random(20)
    values = (np.arange(6.0).reshape(2, 3), [1, 2.5, None, "x", (True, {"a": np.int8(3)})], {"k": 1 << 70})
    originals = [codec.encode(value) for value in values]
    refused = 0
    for _ in range(20_000):
        message = bytearray(rng.choice(originals))
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(max(1, len(message)))
            kind = rng.randrange(4)
            if kind == 0 and message:
                message[at] = rng.randrange(256)
            elif kind == 1:
                del message[at : at + rng.randint(1, 9)]
            elif kind == 2:
                message[at:at] = message[at : at + rng.randint(1, 9)]
            else:
                message = message[: at + 1]
        try:
            codec.decode(bytes(message))
        except codec.Refused:
            refused += 1
    assert 10_000 < refused < 20_000
