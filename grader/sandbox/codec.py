"""Values as bytes, strictly: what crosses the border between the grader and student code.

A value is a JSON tree beside a list of ``.npy`` 1.0 blocks. ``decode`` is the only code of the trusted side
that reads values which a student controls: it evaluates, imports and unpickles nothing, and raises
``Refused`` on anything but what ``encode`` makes. Imports the standard library and NumPy alone.
"""

import json
import re
import struct

import numpy as np

MAX_JSON, MAX_DEPTH, MAX_ITEMS = 256 << 10, 16, 10_000
MAX_NDIM = 32  # what every NumPy can hold
MAX_SIDE = 1 << 40  # an empty array may claim any length along its other axes; this keeps products small
EXACT = 1 << 53  # integers below it are plain JSON numbers; larger ones go as hexadecimal text
MAX_INT_BITS = 2000
DTYPES = {
    code: np.dtype(code)
    for code in (
        "|b1",
        "|i1",
        "|u1",
        "<i2",
        "<i4",
        "<i8",
        "<u2",
        "<u4",
        "<u8",
        "<f2",
        "<f4",
        "<f8",
        "<c8",
        "<c16",
    )
}
MAGIC = b"\x93NUMPY\x01\x00"
_HEADER = re.compile(
    rb"\{'descr': '([<|][biufc]\d{1,2})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,13}, )*\d{1,13},?)?\), \} *\n\Z"
)
_FLOAT = re.compile(r"-?(0x[01]\.[0-9a-f]{1,13}p[+-][0-9]{1,4}|inf)|nan")  # as float.hex writes it
_LARGE = re.compile(rf"-?0x[1-9a-f][0-9a-f]{{13,{MAX_INT_BITS // 4}}}")  # from EXACT on
_PAIR, _LENGTH, _SHORT = struct.Struct("<II"), struct.Struct("<Q"), struct.Struct("<H")


class Refused(ValueError):
    """Not a value that crosses; the message completes the sentence "... returned ..."."""


# ---------------------------------------------------------------- arrays
def dump_array(array):
    """An array as an ``.npy`` 1.0 block, little-endian, in C or Fortran order."""
    code = array.dtype.newbyteorder("<").str
    if code not in DTYPES:
        raise Refused(f"an array of dtype {array.dtype}")
    if array.ndim > MAX_NDIM or any(side > MAX_SIDE for side in array.shape):
        raise Refused("an array of more dimensions or elements than the grader takes")
    array = array.astype(DTYPES[code], copy=False)
    fortran = bool(array.flags.f_contiguous and not array.flags.c_contiguous)
    shape = "(" + ", ".join(map(str, array.shape)) + ("," if array.ndim == 1 else "") + ")"
    header = f"{{'descr': '{code}', 'fortran_order': {fortran}, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"  # the format aligns the data to 64 bytes
    return MAGIC + _SHORT.pack(len(header)) + header + array.tobytes("A" if fortran else "C")


def load_array(block):
    """The array of a block: a fixed grammar for the header, known dtypes, the exact length."""
    block = memoryview(block)
    if len(block) < 10 or block[:8] != MAGIC:
        raise Refused("bytes that are not an .npy block")
    (header_size,) = _SHORT.unpack(block[8:10])
    start = 10 + header_size
    match = _HEADER.match(bytes(block[10:start]))
    if match is None or len(block) < start or match[1].decode() not in DTYPES:
        raise Refused("an array with a bad header")
    dtype = DTYPES[match[1].decode()]
    shape = tuple(int(side) for side in (match[3] or b"").decode().split(",") if side.strip())
    if len(shape) > MAX_NDIM or any(side > MAX_SIDE for side in shape):
        raise Refused("an array of more dimensions or elements than the grader takes")
    size = dtype.itemsize
    for side in shape:  # Python's integers do not overflow
        size *= side
    if size != len(block) - start:
        raise Refused("an array whose size does not match its shape")
    array = np.frombuffer(block[start:], dtype=dtype)
    if dtype.kind == "b" and array.size and array.view("u1").max() > 1:
        raise Refused("a boolean array with bytes other than 0 and 1")
    return array.reshape(shape, order="F" if match[2] == b"True" else "C").copy(order="K")


# ---------------------------------------------------------------- values
def encode(value):
    """The bytes of a value: plain NumPy arrays and scalars, numbers, strings, None, tuples, lists, dicts."""
    encoder = _Encoder()
    tree = json.dumps(encoder.node(value, 0)).encode()
    if len(tree) > MAX_JSON:
        raise Refused("a value with too much text in it")
    blocks = (part for block in encoder.blocks for part in (_LENGTH.pack(len(block)), block))
    return b"".join((_PAIR.pack(len(tree), len(encoder.blocks)), tree, *blocks))


class _Encoder:
    def __init__(self):
        self.blocks, self.items = [], 0

    def node(self, value, depth):
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise Refused("a value nested too deep or of too many items")
        kind = type(value)  # exact types: a subclass may lie about everything
        if value is None or kind is bool or kind is str:
            return value
        if kind is int:
            if value.bit_length() > MAX_INT_BITS:
                raise Refused(f"an integer of more than {MAX_INT_BITS} bits")
            return value if abs(value) < EXACT else {"i": hex(value)}
        if kind is float:
            return {"f": value.hex()}
        if kind is list:
            return {"l": [self.node(item, depth + 1) for item in value]}
        if issubclass(kind, tuple):  # a NamedTuple goes as the plain tuple that it is
            return {"t": [self.node(item, depth + 1) for item in tuple.__iter__(value)]}
        if kind is dict:
            return {"d": [[self.node(k, depth + 1), self.node(v, depth + 1)] for k, v in value.items()]}
        if kind is np.ndarray:
            return {"a": self.block(value)}
        if isinstance(value, np.generic) and kind is value.dtype.type and value.dtype.str in DTYPES:
            return {"s": self.block(np.asarray(value))}
        raise Refused(describe_type(kind))

    def block(self, array):
        self.blocks.append(dump_array(array))
        return len(self.blocks) - 1


def describe_type(kind):
    """``a generator``, ``an E``: how a sentence names a type that does not cross."""
    known = kind.__module__ in ("builtins", "submission")
    name = kind.__name__ if known else f"{kind.__module__}.{kind.__name__}"
    return f"{'an' if name[:1].lower() in tuple('aeiou') else 'a'} {name}"


def decode(data):
    """The value that ``encode`` made ``data`` from; raises Refused, and nothing else, on any other bytes."""
    tree, blocks = _split(memoryview(data))
    decoder = _Decoder(blocks)
    try:
        value = decoder.value(tree, 0)
    except Refused:
        raise
    except (ValueError, OverflowError, MemoryError, TypeError) as error:
        raise Refused(f"bytes that are not a value ({type(error).__name__})") from None
    if decoder.blocks:
        raise Refused("a block that is not referred to")
    return value


def _split(data):
    if len(data) < _PAIR.size:
        raise Refused("bytes that are too short")
    tree_size, count = _PAIR.unpack(data[: _PAIR.size])
    position = _PAIR.size + tree_size
    if tree_size > MAX_JSON or count > MAX_ITEMS or position > len(data):
        raise Refused("bytes with a bad beginning")
    try:
        text = str(data[_PAIR.size : position], "ascii")
        tree = json.loads(text, parse_int=_plain_int, parse_float=_refuse, parse_constant=_refuse)
    except Refused:
        raise
    except (ValueError, RecursionError) as error:
        raise Refused(f"bytes that are not JSON ({type(error).__name__})") from None
    blocks = []
    for _ in range(count):
        if position + _LENGTH.size > len(data):
            raise Refused("a truncated block")
        (size,) = _LENGTH.unpack(data[position : position + _LENGTH.size])
        position += _LENGTH.size
        if size > len(data) - position:
            raise Refused("a truncated block")
        blocks.append(data[position : position + size])
        position += size
    if position != len(data):
        raise Refused("bytes after the end")
    return tree, blocks


def _refuse(text):
    raise Refused("a number in a form that is never sent")


def _plain_int(digits):
    if len(digits) > 17 or abs(int(digits)) >= EXACT:
        raise Refused("a number in a form that is never sent")
    return int(digits)


class _Decoder:
    def __init__(self, blocks):
        self.blocks = dict(enumerate(blocks))  # those that are not yet referred to
        self.items = 0

    def value(self, node, depth):
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise Refused("a value nested too deep or of too many items")
        if node is None or type(node) in (bool, int):
            return node
        if type(node) is str:  # half a surrogate pair cannot be printed or stored
            return node.encode("utf-8", "replace").decode()
        if type(node) is not dict or len(node) != 1:
            raise Refused("an unknown node")
        ((kind, content),) = node.items()
        if kind == "a":
            return self.array(content)
        if kind == "s":
            array = self.array(content)
            if array.shape != ():
                raise Refused("a scalar with a shape")
            return array[()]
        if kind == "f" and type(content) is str and _FLOAT.fullmatch(content):
            return float.fromhex(content)
        if kind == "i" and type(content) is str and _LARGE.fullmatch(content):
            return int(content, 16)
        if kind in ("l", "t") and type(content) is list:
            return (list if kind == "l" else tuple)(self.value(item, depth + 1) for item in content)
        if kind == "d" and type(content) is list and all(type(p) is list and len(p) == 2 for p in content):
            found = {self.value(k, depth + 1): self.value(v, depth + 1) for k, v in content}
            if len(found) == len(content):
                return found
        raise Refused("an unknown node")

    def array(self, index):
        """The array of a block, which one reference uses up: a short reply must not hold any amount of it."""
        if type(index) is not int or index not in self.blocks:
            raise Refused("a reference to no block")
        return load_array(self.blocks.pop(index))
