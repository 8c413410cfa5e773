# expect: correct
# kind: file ipynb
# why: must not reach any page
from making import GOOD, code, notebook


def build():
    html = {"text/html": "<script>alert(1)</script>", "text/plain": "<img src=x onerror=alert(1)>"}
    return notebook(code(GOOD, outputs=[{"output_type": "display_data", "data": html, "metadata": {}}]))
