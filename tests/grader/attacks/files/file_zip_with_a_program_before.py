# expect: correct
# kind: file zip
# why: self-extracting: nobody runs it
from making import GOOD, zipped


def build():
    return b"#!/bin/sh\nrm -rf /\n" + zipped(("toy.py", GOOD))
