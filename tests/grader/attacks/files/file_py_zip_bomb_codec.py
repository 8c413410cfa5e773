# expect: refused
# kind: file py
# why: decoding would unpack it
import zlib


def build():
    return b"# coding: zlib\n" + zlib.compress(bytes(100 << 20))
