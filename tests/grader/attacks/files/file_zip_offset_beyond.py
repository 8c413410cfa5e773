# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    made = bytearray(zipped(("toy.py", GOOD)))
    at = made.rfind(b"PK\x01\x02")
    made[at + 42 : at + 46] = b"\xff\xff\xff\x7f"
    return bytes(made)
