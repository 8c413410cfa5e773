# expect: correct
# kind: names
# why: text, and to be shown as it is


def build():
    return ["&lt;img src=x onerror=alert(1)&gt;.py", "&#60;b&#62;.py"]
