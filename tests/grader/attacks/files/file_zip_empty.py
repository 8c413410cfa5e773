# expect: refused
# kind: file zip
from making import zipped


def build():
    return zipped()
