# expect: refused
# kind: file tar
# why: going back by a negative size never ends
from making import END, GOOD, header


def build():
    return header(b"toy.py", b"0", b"\xff" * 12, GOOD.encode()) + END
