# expect: correct
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("my work/solution.py", GOOD), ("my work/test_public.py", "raise SystemExit"))
