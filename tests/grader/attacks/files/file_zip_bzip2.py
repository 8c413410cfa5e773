# expect: refused
# kind: file zip
import zipfile

from making import GOOD, zipped


def build():
    return zipped(("toy.py", GOOD), method=zipfile.ZIP_BZIP2)
