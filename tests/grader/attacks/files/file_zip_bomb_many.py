# expect: refused
# kind: file zip
from making import zipped


def build():
    return zipped(*((f"f{i}.py", "x") for i in range(3000)))
