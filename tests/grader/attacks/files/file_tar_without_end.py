# expect: refused
# kind: file tar
# why: whole so far, but is it all?
from making import GOOD, header


def build():
    return header(b"toy.py", b"0", b"%011o\0" % len(GOOD), GOOD.encode())
