"""What an attack would like to get: secrets in reach of anybody, and ears that hear who knocks.

Nothing of it is hidden but by the sandbox: files that everybody may read, an environment, the grader's own
memory, a port, two sockets, a folder that everybody may write into.
"""

import builtins
import os
import secrets
import shutil
import socket
import tempfile
from pathlib import Path

_FILES = {
    "expected values": "test_hidden.py",
    "another student's solution": "ada/solution.py",
    "a password": ".netrc",
}


class Canaries:
    """Set up once; asked after each attack. Its tokens are different in every run and at every place."""

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="roikit-secrets-"))
        self.drop = self.folder / "drop"
        self.tokens = {f"roikit-canary-{secrets.token_hex(8)}": place for place in _FILES}
        for token, place in self.tokens.items():
            file = self.folder / _FILES[place]
            file.parent.mkdir(exist_ok=True)
            file.write_text(f"expected = {token!r}")
        self.in_environment = self._token("the environment")
        self.in_memory = self._token("the grader's memory")
        os.environ["ROIKIT_SECRET"] = self.in_environment
        self._ears = {
            "port": socket.create_server(("127.0.0.1", 0)),
            "abstract socket": _listening(f"\0{self.folder}"),
            "socket": _listening(str(self.folder / "socket")),
        }
        self.drop.mkdir()
        for path in (self.folder, *self.folder.rglob("*")):
            path.chmod(0o777 if path == self.drop or path.name == "socket" else 0o755)
        for ear in self._ears.values():
            ear.setblocking(False)
        self._before = self._look()
        return self

    def _token(self, place):
        token = f"roikit-canary-{secrets.token_hex(8)}"
        self.tokens[token] = place
        return token

    def _look(self):
        """All that must not change."""
        files = [(path, path.lstat()) for path in sorted(self.folder.rglob("*"))]
        looks = [(path, found.st_mode, found.st_mtime_ns) for path, found in files]
        texts = [path.read_bytes() for path, _ in files if path.is_file()]
        return looks, texts, os.environ["ROIKIT_SECRET"], vars(builtins).get("PWNED")

    def leaked(self, text):
        """Places whose token is in the text."""
        return [place for token, place in self.tokens.items() if token in text]

    def changed(self):
        """Whether a secret is not as it was."""
        return self._look() != self._before

    def heard(self):
        """Names of the ears that somebody has connected to since the last time."""
        found = []
        for name, ear in self._ears.items():
            try:
                ear.accept()[0].close()
            except BlockingIOError:
                continue
            found.append(name)
        return found

    def __exit__(self, *exc):
        for ear in self._ears.values():
            ear.close()
        shutil.rmtree(self.folder)
        del os.environ["ROIKIT_SECRET"]


def _listening(name):
    server = socket.socket(socket.AF_UNIX)
    server.bind(name)
    server.listen()
    return server
