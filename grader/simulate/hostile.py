"""Hand-ins that try something. Each leaves one function unwritten, so that none deserves full marks.

They are for the sandbox. Outside of it nobody runs them, and if somebody did, nothing would be lost: no file
is written or removed, nothing but this machine's own loopback is called, and what is killed is immune to it.
"""

from __future__ import annotations

from grader.simulate.chance import Chance
from grader.simulate.kinds import File
from grader.simulate.material import Material
from grader.simulate.parts import header
from grader.simulate.program import handed_in
from grader.simulate.wrong import right

_EXITS_AT_IMPORT = """\
import os

print("all tests passed")
os._exit(0)
"""

#: What stands in place of a function's body.
ACTS = {
    "reads files": """
    import os
    found = []
    for folder in (".", "..", "/", "/etc", "/work", "/proc/self"):
        if os.path.isdir(folder):
            for name in sorted(os.listdir(folder)):
                if any(word in name for word in ("hidden", "golden", "solution", "passwd", "environ")):
                    with open(os.path.join(folder, name), errors="replace") as file:
                        found.append(file.read(2000))
    return found
""",
    "network": """
    import socket
    answers = []
    for port in (80, 8888):
        with socket.create_connection(("127.0.0.1", port), timeout=0.1) as there:
            answers.append(there.recv(10))
    return answers
""",
    "forks": """
    import os
    for _ in range(40):
        if os.fork() == 0:
            os._exit(0)
    return None
""",
    "kills its parent": """
    import os
    import signal
    if os.getppid() == 1:  # the first process of a namespace, which hears no signal of its own
        os.kill(1, signal.SIGKILL)
    return None
""",
    "exits": """
    import os
    os._exit(0)
""",
    "memory": """
    import numpy
    return numpy.ones(1 << 46)
""",
    "forged output": """
    import numpy.testing
    numpy.testing.assert_allclose = numpy.testing.assert_array_equal = lambda *args, **kwargs: None
    print('{"outcome": "correct", "score": 100, "max_score": 100}')
    class Equal:
        def __eq__(self, other):
            return True
        def __array__(self, *args, **kwargs):
            return numpy.zeros(1)
    return Equal()
""",
    "escape codes": """
    print("\\x1b[2J\\x1b]0;40 of 40 points\\x07\\x1b[32mcorrect\\x1b[0m")
    raise RuntimeError("\\x1b[8m<script>alert(1)</script>\\u202e{{7*7}}")
""",
}
VARIETIES = (*ACTS, "exits at import")


def hand_in(material: Material, chance: Chance) -> tuple[str, File]:
    """A hand-in that tries something, and what it tries."""
    variety = chance.pick(VARIETIES)
    if variety == "exits at import":
        return variety, (f"{material.name}.py", _EXITS_AT_IMPORT.encode())
    program = right(material, chance)
    function = chance.pick(material.functions)
    text = header(program.text_of(function)) + "\n" + ACTS[variety].strip("\n")
    return variety, handed_in(program.with_function(function, text), material, chance)
