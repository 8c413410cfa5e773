# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    made = bytearray(zipped(("toy.py", GOOD), method=0))
    made[60] ^= 1
    return bytes(made)
