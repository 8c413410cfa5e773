# expect: correct|refused
# kind: file ipynb
# why: one digit more than Python converts
from making import GOOD, notebook


def build():
    return notebook(GOOD, metadata={"n": 7777}).replace(b"7777", b"9" * 4301)
