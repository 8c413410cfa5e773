"""A JupyterLab of its own on loopback: nothing of the user's is read or written."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

PATIENCE = 120  # seconds until it answers; it takes 3 on a quiet machine
#: As a user sets them: dark where the system is dark, and no question about news.
SETTINGS = {"themes": {"adaptive-theme": True}, "notification": {"fetchNews": "false"}}


def environment(home):
    """The user's environment, with every folder of Jupyter's inside `home`."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    places = {
        "HOME": home, "JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime", "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces", "IPYTHONDIR": home / "ipython",
        "XDG_CONFIG_HOME": home / ".config", "XDG_CACHE_HOME": home / ".cache",
    }  # fmt: skip
    programs = os.pathsep.join((sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)))
    return {**kept, **{name: str(place) for name, place in places.items()}, "PATH": programs}


class Lab:
    """A running server: addresses in it, and its interface."""

    def __init__(self, folder, home):
        self.folder, self.home = folder, home
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.origin = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.token = secrets.token_hex(16)

    def url(self, path):
        return f"{self.origin}/{path}"

    def ask(self, path, method="GET"):
        """Call the server's interface; the answer's JSON."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(self.url(path), method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or b"null")

    def is_ready(self):
        try:
            return bool(self.ask("api/status"))
        except (urllib.error.URLError, ConnectionError):
            return False

    def command(self):
        options = {
            "ServerApp.ip": "127.0.0.1", "ServerApp.port": self.origin.rpartition(":")[2],
            "ServerApp.port_retries": 0, "ServerApp.root_dir": self.folder, "ServerApp.open_browser": False,
            "ServerApp.allow_root": True, "IdentityProvider.token": self.token,
        }  # fmt: skip
        return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]


@contextmanager
def running_lab(folder, home):
    """Start JupyterLab in a folder, wait until it answers, and end it with its kernels."""
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    for name, chosen in SETTINGS.items():
        (settings / f"{name}.jupyterlab-settings").write_text(json.dumps(chosen))
    lab, log = Lab(folder, home), home / "server.log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            lab.command(), cwd=folder, env=environment(home), stdout=said, stderr=subprocess.STDOUT
        )
    try:
        until = time.monotonic() + PATIENCE
        while not lab.is_ready():
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"JupyterLab does not answer:\n{log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.1)  # between two questions; a server tells nobody that it is ready
        yield lab
    finally:
        server.send_signal(signal.SIGTERM)  # it takes its kernels along
        try:
            server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
