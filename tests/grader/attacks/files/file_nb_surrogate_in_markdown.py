# expect: correct
# kind: file ipynb
# why: not code: read, never shown as it is
from making import GOOD, markdown, notebook


def build():
    return notebook(GOOD, markdown("7777"), metadata={"7778": 1}).replace(b"7777", rb"\udc80").replace(b"7778", rb"\ud800")
