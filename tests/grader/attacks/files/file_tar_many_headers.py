# expect: refused
# kind: file tar
from making import member, tarred


def build():
    return tarred(*((member(f"f{k}.txt", pax_headers={"comment": "x"}), "") for k in range(3000)))
