# expect: refused
# kind: class tar
import tarfile

from making import GOOD, member, tarred


def build():
    links = [(member(f"{kind}/toy/toy.py", kind.encode(), linkname="/etc/passwd"), "") for kind in "23456"]
    return tarred(*[link for link in links if link[0].type != tarfile.DIRTYPE], ("zoe/toy/toy.py", GOOD))
