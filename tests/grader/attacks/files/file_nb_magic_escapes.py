# expect: correct
# kind: file ipynb
# why: terminal escapes and reversed text in what a note quotes
from making import GOOD, notebook


def build():
    return notebook("!echo \x1b[2J\x1b]0;owned\x07 \u202egnp.exe \u2066\r\n" + GOOD)
