# expect: error|refused
# kind: file py
# why: the file reads otherwise than it runs


def build():
    return b"# coding: unicode_escape\ndef span(start, size):\n    return \\x27\\x0aimport os\\x0a\\x27"
