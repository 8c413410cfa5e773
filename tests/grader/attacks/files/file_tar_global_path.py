# expect: correct
# kind: file tar
# why: a header that renames all files
from making import END, GOOD, header


def build():
    record = b"15 path=../../\n"
    return header(b"g", b"g", b"%011o\0" % len(record), record) + header(b"toy.py", b"0", b"%011o\0" % len(GOOD), GOOD.encode()) + END
