# expect: refused
# kind: file tar
from making import END, GOOD, header


def build():
    record = b"%d path=toy\x00x.py\n" % 18
    return header(b"x", b"x", b"%011o\0" % len(record), record) + header(b"toy.py", b"0", b"%011o\0" % len(GOOD), GOOD.encode()) + END
