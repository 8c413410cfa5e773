# expect: whole
# kind: class tar
from making import GOOD, tarred


def build():
    made = bytearray(tarred(("zoe/toy/toy.py", GOOD), ("eve/toy/toy.py", GOOD), mode="w"))
    made[1024] ^= 1
    return bytes(made)
