# expect: error|crashed|timeout
# why: an exception whose text, class name, traceback or notes break whoever writes it down
class Unspeakable(Exception):
    def __str__(self):
        raise self
    __repr__ = __format__ = __reduce__ = __str__

Unspeakable.__name__ = Unspeakable.__qualname__ = "\udcff\u202e\x1b[2J<script>" + "x" * 100_000

def answer(*args):
    error = Unspeakable("y" * 10_000_000, *args)
    error.__cause__ = error.__context__ = error
    raise error
