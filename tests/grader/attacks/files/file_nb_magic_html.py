# expect: correct
# kind: file ipynb
# why: notes quote what was left out
from making import GOOD, notebook


def build():
    return notebook("%%html\n<script>alert(1)</script>", "%%javascript\nalert(1)", "!<img src=x onerror=alert(1)>\n" + GOOD)
