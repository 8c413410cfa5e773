# expect: wrong|error
# why: nbgrader 9 and 10: the text of the cell that is running, with the expected value in it, from In[-1]
# %%
import inspect, re, sys
try:
    ip = get_ipython()
except NameError:
    ip = None
# %%
def answer(*args):
    texts = list(ip.user_ns["In"]) if ip else []
    frame = sys._getframe(1)
    while frame:
        try:
            texts.append(inspect.getsource(frame))
        except OSError:
            pass
        frame = frame.f_back
    for text in reversed(texts):
        for expected in re.findall(r"expected = (\[.*\])|expect\(student.*, (\(.*\))\)", text):
            return eval("".join(expected))
