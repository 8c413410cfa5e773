# expect: refused
# kind: file zip
from making import zipped


def build():
    inner = zipped(("toy.zip", b"x" * 1000))
    return zipped(*((f"{k}/toy.zip", inner) for k in range(400)))
