# expect: error|wrong
# why: the hidden inputs are kept until a public case asks, whose words are shown
import glob
import os

PUBLIC = ([30, 0, 665, 665], [-8, 24, 431, 300])

def quantize_roi(roi, scale):
    if list(roi) in PUBLIC:
        raise ValueError(f"seen {[open(path).read() for path in glob.glob('/tmp/*')]} {os.environ.get('SEEN')}")
    told = f"{'leak'.upper()} {list(roi)}"
    os.environ["SEEN"] = told
    open("/tmp/seen", "w").write(told)
    raise ValueError(told)

def answer(*args):
    return quantize_roi((args,), 1)
