# expect: refused
# kind: file tar
from making import GOOD, member, tarred


def build():
    info = member("toy.py", pax_headers={"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "1" * 15})
    return tarred((info, GOOD))
