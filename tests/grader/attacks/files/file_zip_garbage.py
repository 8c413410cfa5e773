# expect: refused
# kind: file zip
import random


def build():
    return random.Random(1).randbytes(12_000)
