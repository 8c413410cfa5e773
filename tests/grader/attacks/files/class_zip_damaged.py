# expect: internal_error
# kind: class zip
# why: who packed the class broke it: nobody's zero
from making import GOOD, zipped


def build():
    made = bytearray(zipped(("eve/toy/toy.py", GOOD), ("zoe/toy/toy.py", GOOD), method=0))
    made[70] ^= 1
    return bytes(made)
