# expect: correct
# kind: file ipynb
# why: ids are all alike, and no ids
from making import GOOD, code, notebook


def build():
    return notebook(*[code(text, id="<script>alert(1)</script>") for text in (GOOD, "x = 1", "y = 2")])
