# expect: refused
# kind: file tar
# why: a length of 0 never comes to an end
from making import END, GOOD, header


def build():
    record = b"0 a=b\n"
    return header(b"x", b"x", b"%011o\0" % len(record), record) + header(b"toy.py") + END
