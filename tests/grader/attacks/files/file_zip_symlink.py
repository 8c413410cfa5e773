# expect: refused
# kind: file zip
import stat

from making import entry, zipped


def build():
    return zipped((entry("toy.py", stat.S_IFLNK), "/etc/passwd"))
