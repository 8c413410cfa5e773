# expect: refused
# kind: file ipynb
import json

from making import GOOD


def build():
    return json.dumps({"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": GOOD}]}]}).encode()
