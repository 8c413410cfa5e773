# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    made = bytearray(zipped(("toy.py", GOOD)))
    made[6] |= 1
    made[made.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(made)
