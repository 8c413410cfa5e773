# expect: error
# why: the hidden inputs as the text of an exception
def answer(*args):
    raise ValueError(f"{'leak'.upper()} {' '.join(map(repr, args))}".replace("\n", ""))
