# expect: refused
# kind: file zip
# why: marked as UTF-8, and none
from making import GOOD, zipped


def build():
    return zipped(("to\u00e9.py", GOOD)).replace("to\u00e9.py".encode(), b"to\xff\xff.py")
