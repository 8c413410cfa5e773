"""A class of any size for the tests of kills, signals and order: honest work, mistakes, and attacks."""

import json
from pathlib import Path

TINY = Path(__file__).resolve().parent / "tiny"

RIGHT = '''
import numpy as np

def scale(x, spatial_scale):
    return np.asarray(x) * spatial_scale

def sample(features, y, x):
    i, j = np.intp(y), np.intp(x)
    down, right = y - i, x - j
    top = (1 - right) * features[:, i, j] + right * features[:, i, j + 1]
    bottom = (1 - right) * features[:, i + 1, j] + right * features[:, i + 1, j + 1]
    return (1 - down) * top + down * bottom
'''


def _beginning(line):
    """The right module, with a line at the beginning of `scale`."""
    return RIGHT.replace("spatial_scale):\n", f"spatial_scale):\n    {line}\n", 1)


def _notebook(text):
    cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


#: What students do that is no attack, by turns.
ORDINARY = {
    "right.py": RIGHT,
    "swapped.py": RIGHT.replace("y, x):", "x, y):"),  # gets a picture
    "right.ipynb": _notebook(RIGHT),
    "half.py": RIGHT.partition("def sample")[0],
    "stub.py": RIGHT.replace("    i, j", "    raise NotImplementedError\n    i, j"),
    "syntax.py": RIGHT.replace("sample(", "sample(("),
    "no-notebook.ipynb": "{",
    "nul.py": RIGHT + "\0",
}
#: One of these for every ten of those.
HOSTILE = {
    "loops.py": _beginning("while True: pass"),
    "forks.py": _beginning("import os, time\n    while os.fork(): pass\n    time.sleep(600)"),
    "exits.py": "import os\nos._exit(0)\n",
    "kills.py": _beginning("import os; os.kill(os.getppid(), 9); os.kill(os.getpid(), 9)"),
    "memory.py": _beginning("x = bytearray(1 << 20)\n    while True: x = x + x"),
    "prints.py": _beginning("while True: print('x' * 65536)"),
    "daemon.py": _beginning("import os, time\n    if not os.fork(): os.setsid(); time.sleep(600)"),
    "deep.py": _beginning("return scale(x, spatial_scale)"),
}


def write_class(folder, count, reverse=False):
    """`count` students ``s0000-right.py``, ...; in which order the files are made is theirs to say."""
    folder.mkdir(parents=True)
    ordinary, hostile = list(ORDINARY.items()), list(HOSTILE.items())
    for number in sorted(range(count), reverse=reverse):
        turn, place = divmod(number, 10)
        name, text = hostile[turn % len(hostile)] if place == 9 else ordinary[(number - turn) % len(ordinary)]
        (folder / f"s{number:04}-{name}").write_text(text)
    return folder
