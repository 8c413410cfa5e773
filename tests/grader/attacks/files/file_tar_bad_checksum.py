# expect: refused
# kind: file tar
from making import GOOD, tarred


def build():
    made = bytearray(tarred(("a.txt", "x"), ("toy.py", GOOD), mode="w"))
    made[1024] ^= 1
    return bytes(made)
