# expect: refused
# kind: file ipynb


def build():
    return b'{"nbformat": 4, "cells": {"0": {"cell_type": "code", "source": "x = 1"}}}'
