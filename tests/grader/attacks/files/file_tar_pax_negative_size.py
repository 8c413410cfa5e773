# expect: refused
# kind: file tar
from making import END, GOOD, header


def build():
    record = b"14 size=-1024\n"
    return header(b"x", b"x", b"%011o\0" % len(record), record) + header(b"toy.py", b"0", b"%011o\0" % len(GOOD), GOOD.encode()) + END
