# expect: wrong
# why: otter: the expected output stands in the doctest that calls, one frame up
import sys

def answer(*args):
    frame = sys._getframe(1)
    while frame:
        example = frame.f_locals.get("example") or frame.f_locals.get("item") or frame.f_locals.get("case")
        if example is not None:
            return eval(getattr(example, "want", None) or repr(example))
        frame = frame.f_back
