# expect: internal_error
# kind: class zip
from making import GOOD, zipped


def build():
    made = bytearray(zipped(("eve/toy/toy.py", GOOD), ("zoe/toy/toy.py", GOOD)))
    made[6] |= 1
    made[made.find(b"PK\x01\x02") + 8] |= 1
    return bytes(made)
