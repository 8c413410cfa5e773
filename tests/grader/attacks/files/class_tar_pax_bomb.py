# expect: internal_error
# kind: class tar
# why: the header is passed over, the others go on
from making import GOOD, member, tarred


def build():
    info = member("eve/toy/toy.py", pax_headers={"comment": "A" * (60 << 20)})
    return tarred((info, GOOD), ("zoe/toy/toy.py", GOOD))
