# expect: refused
# kind: file zip
# why: it says 10 bytes, and holds 100 MB
from making import zipped


def build():
    made = bytearray(zipped(("toy.py", bytes(100 << 20))))
    at = made.rfind(b"PK\x01\x02")
    made[at + 24 : at + 28] = made[22:26] = (10).to_bytes(4, "little")
    return bytes(made)
