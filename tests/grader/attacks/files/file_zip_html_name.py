# expect: refused
# kind: file zip
from making import GOOD, entry, zipped


def build():
    return zipped((entry("<script>alert(1)<.py"), GOOD))
