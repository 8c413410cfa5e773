# expect: whole
# kind: class tar
from making import END, header


def build():
    return header(b"eve/toy/toy.py", b"0", b"\x80" + b"\xff" * 11) + header(b"zoe/toy/toy.py") + END
