# expect: refused
# kind: file tar
from making import END, GOOD, header


def build():
    return header(b"toy.py", b"Z", b"%011o\0" % len(GOOD), GOOD.encode()) + END
