# expect: refused
# kind: file tar
# why: 120 MB of comment in a header
from making import GOOD, member, tarred


def build():
    info = member("toy.py", pax_headers={"comment": "A" * (60 << 20)})
    return tarred((info, GOOD))
