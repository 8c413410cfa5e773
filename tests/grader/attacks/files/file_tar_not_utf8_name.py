# expect: refused
# kind: file tar
from making import END, GOOD, header


def build():
    return header(b"to\xff\xfey.py", b"0", b"%011o\0" % len(GOOD), GOOD.encode()) + END
