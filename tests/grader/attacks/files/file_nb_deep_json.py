# expect: refused
# kind: file ipynb
# why: JSON nested half a million deep


def build():
    return b"[" * 500_000 + b"]" * 500_000
