# expect: error
# why: the hidden inputs are looked for while the file is imported, and become the reason why it cannot be
import sys

frame, told = sys._getframe(), ""
while frame:
    if "args" in frame.f_locals and frame.f_locals.get("name"):
        told = f"{'leak'.upper()} {frame.f_locals['name']} {frame.f_locals['args']}"
    frame = frame.f_back
if "[30, 0, 665, 665]" not in told and told:
    raise RuntimeError(told)
