# expect: refused
# kind: file zip
from making import GOOD, entry, zipped


def build():
    return zipped(("toy.py", GOOD), (entry("/etc/cron.d/x"), "x"))
