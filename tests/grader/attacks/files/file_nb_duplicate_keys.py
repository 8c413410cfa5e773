# expect: refused
# kind: file ipynb
# why: two readers would see two notebooks
from making import GOOD, notebook


def build():
    return notebook(GOOD)[:-1] + b', "cells": []}'
