# expect: refused
# kind: file tar
from making import END, GOOD, header


def build():
    return header(b"toy.py", b"0", b"\x80" + b"\xff" * 11, GOOD.encode()) + END
