"""Values that cross between the grader and the sandbox: made of choices, and told from anything else."""

import json

import numpy as np

from grader.sandbox import codec

_INTEGERS = (0, 1, -1, 7, 2**31, 2**53 - 1, 2**53, -(2**53), 2**63, -(2**63) - 1, 2**64, 10**400, -(2**1999))
_FLOATS = (0.0, -0.0, 0.5, 5e-324, 1e308, float("inf"), float("-inf"), float("nan"))
_SHAPES = ((), (0,), (1,), (2,), (3,), (2, 2), (1, 4), (0, 3), (2, 0, 1 << 40), (1, 1, 2, 2), (1,) * 32)
_PLAIN = (type(None), bool, int, float, str)


def value(choices, depth=0):
    """A value that the codec takes."""
    kind = choices.below(12 if depth < 5 else 8)
    if kind < 3:
        return (None, True, False)[kind]
    if kind == 3:
        return choices.pick(_INTEGERS) + choices.below(3)
    if kind == 4:
        return choices.pick(_FLOATS)
    if kind == 5:
        return choices.number()
    if kind == 6:
        return choices.text()
    if kind == 7:
        return array(choices)
    if kind == 8:
        return {key(choices): value(choices, depth + 1) for _ in range(choices.below(4))}
    items = choices.several(lambda: value(choices, depth + 1))
    return tuple(items) if kind == 9 else items


def key(choices):
    kind = choices.below(4)
    if kind == 0:
        return choices.text()
    return (choices.number(), choices.pick(_INTEGERS), (choices.below(9), None))[kind - 1]


def array(choices):
    """An array or a scalar of it, in any layout, of any bytes that its type allows."""
    dtype = choices.pick(tuple(codec.DTYPES.values()))
    shape = choices.pick(_SHAPES)
    count = 0 if 0 in shape else int(np.prod(shape, dtype=np.int64))
    made = np.frombuffer(choices.take(count * dtype.itemsize).ljust(count * dtype.itemsize, b"\0"), dtype)
    if dtype.kind == "b":
        made = made.view("u1") % 2 == 1
    made = made.reshape(shape)
    backwards = made[..., ::-1] if shape else made[()]
    return choices.pick((made, made.T, backwards, made.astype(dtype.newbyteorder(">"))))


def bytes_held(found):
    """Bytes of the arrays in a value; AssertionError if anything in it is not of a plain type."""
    if type(found) in (list, tuple):
        return sum(map(bytes_held, found))
    if type(found) is dict:
        return sum(map(bytes_held, found.keys())) + sum(map(bytes_held, found.values()))
    if type(found) is np.ndarray:
        assert found.dtype.str in codec.DTYPES
        assert found.flags.writeable
        assert found.flags.aligned
        return found.nbytes
    if isinstance(found, np.generic):
        assert type(found) is codec.DTYPES[found.dtype.str].type
        return found.nbytes
    assert type(found) in _PLAIN, type(found)
    if type(found) is str:
        found.encode()  # no half characters
    return 0


def same(one, other):
    """Whether two values are equal to the bit, their types too."""
    if isinstance(one, (np.ndarray, np.generic)):
        is_like = type(one) is type(other) and one.shape == other.shape
        return is_like and one.dtype.newbyteorder("<") == other.dtype and plain_bytes(one) == other.tobytes()
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, float):
        return one.hex() == other.hex()
    return printable(one) == other if isinstance(one, str) else one == other


def printable(text):
    """What the codec makes of half characters; JSON joins two that belong together."""
    return json.loads(json.dumps(text)).encode("utf-8", "replace").decode()


def plain_bytes(found):
    return found.astype(found.dtype.newbyteorder("<")).tobytes()
