# expect: refused
# kind: file zip
# why: the first end says one thing, the second another
from making import GOOD, zipped


def build():
    made = zipped(("toy.py", GOOD))
    fake = b"PK\x05\x06" + bytes(18)
    return made[:-2] + len(fake).to_bytes(2, "little") + fake
