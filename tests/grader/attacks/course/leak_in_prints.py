# expect: wrong
# why: the hidden inputs printed, warned about, logged and left as the file's text
import logging
import sys
import warnings

def answer(*args):
    told = f"{'leak'.upper()} {args!r}"
    print(told)
    print(told, file=sys.stderr)
    warnings.warn(told)
    logging.error(told)
    sys.__stdout__.write(told)
