# expect: refused
# kind: file tar
# why: a list of holes without an end
import gzip

from making import header


def build():
    block = bytearray(header(b"toy.py", b"S"))
    block[482] = 1
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return gzip.compress(bytes(block) + (bytes(504) + b"\1" + bytes(7)) * 80_000)
