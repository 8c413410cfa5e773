# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("toy.py", GOOD), *((f"f{i}.bin", bytes(10 << 20)) for i in range(20)))
