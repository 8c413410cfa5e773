# expect: refused|correct
# kind: file zip
# why: a field that says it is longer than its place
from making import GOOD, entry, zipped


def build():
    made = entry("toy.py")
    made.extra = b"\x01\x00\xff\xff" + bytes(10)
    return zipped((made, GOOD))
