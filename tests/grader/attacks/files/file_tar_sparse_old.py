# expect: refused
# kind: file tar
# why: holes of any size
from making import END, header


def build():
    made = bytearray(header(b"toy.py", b"S", b"%011o\0" % 512, b"x" * 512))
    return bytes(made) + END
