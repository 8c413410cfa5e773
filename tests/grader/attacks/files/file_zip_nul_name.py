# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("toyX.py", GOOD)).replace(b"toyX.py", b"toy\x00.py")
