"""Runs the corpus of attacks.

    python tests/grader/sandbox/harness [ATTACK...]        as both kinds of user, on each rung: a table
    python tests/grader/sandbox/harness serve KIND SLOT    the trials that come as lines of JSON
"""

import json
import os
import sys

import client
import users


def main(words):
    if words[:1] not in (["serve"], ["answer"]):
        from trial import names

        return client.print_table(words or names())
    mode, kind, slot = words
    if mode == "serve":
        try:
            program = users.command(kind, [sys.executable, str(client.HERE), "answer", kind, slot])
        except users.CannotBe as reason:
            return print(json.dumps({"cannot": str(reason)}), flush=True)
        os.execvp(program[0], program)
    import server  # once we are that user

    return server.answer(kind, int(slot))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
