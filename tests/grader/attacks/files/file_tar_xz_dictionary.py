# expect: refused
# kind: file tar
# why: asks for a dictionary of 3 GiB
import zlib

from making import GOOD, tarred


def build():
    made = bytearray(tarred(("toy.py", GOOD), mode="w:xz"))
    assert made[14:16] == b"\x21\x01"
    made[16] = 39
    made[20:24] = zlib.crc32(made[12:20]).to_bytes(4, "little")
    return bytes(made)
