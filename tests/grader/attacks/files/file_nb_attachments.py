# expect: correct
# kind: file ipynb
from making import GOOD, markdown, notebook


def build():
    pictures = {"../../x.svg": {"image/svg+xml": "<svg onload=alert(1)>"}, "a.png": {"image/png": "javascript:alert(1)"},
                "b.png": {"image/png": ["A" * 1000] * 100}, "c.png": 7, "\u202e.png": {"image/png": "AAAA"}}
    text = "![x](attachment:a.png) ![x](attachment:../../x.svg) ![x](javascript:alert(1)) <img src=attachment:a.png>"
    return notebook(GOOD, markdown(text, attachments=pictures))
