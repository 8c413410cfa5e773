# expect: refused
# kind: file zip
# why: the list and the file itself disagree on the name
from making import GOOD, zipped


def build():
    made = bytearray(zipped(("toy.py", GOOD)))
    made[30:36] = b"evl.py"
    return bytes(made)
