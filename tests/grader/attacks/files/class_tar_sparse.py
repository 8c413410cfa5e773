# expect: internal_error
# kind: class tar
from making import GOOD, member, tarred


def build():
    info = member("eve/toy/toy.py", pax_headers={"GNU.sparse.major": "1"})
    return tarred((info, GOOD), ("zoe/toy/toy.py", GOOD))
