# expect: internal_error
# kind: names
# why: look alike, and are one name on some file systems


def build():
    return ["Jos\u00e9.py", "Jose\u0301.py", "Jos\u00e9 .py"]
