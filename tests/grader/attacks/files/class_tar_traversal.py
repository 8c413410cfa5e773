# expect: refused
# kind: class tar
from making import GOOD, tarred


def build():
    return tarred(("zoe/toy/toy.py", GOOD), ("../../owned.py", GOOD), ("/etc/owned.py", GOOD), mode="w")
