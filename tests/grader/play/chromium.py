"""A headless Chromium, spoken to over a pipe in its own protocol: real pointers and keys, no port."""

import json
import os
import select
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--force-color-profile=srgb", "--remote-debugging-pipe",
)  # fmt: skip

PATIENCE = 120  # seconds without a word; it answers in milliseconds


def find():
    """The browser's path, ``$CHROMIUM`` first; an error that says what to install."""
    named = os.environ.get("CHROMIUM")
    found = [path for path in map(shutil.which, (named,) if named else NAMES) if path]
    if not found:
        raise FileNotFoundError("the page is tested in Chromium: apt-get install chromium, or set CHROMIUM")
    return found[0]


class Chromium:
    """One browser with one page; ``with Chromium(folder) as browser``, where the profile goes into folder."""

    def __init__(self, folder, width=1400, height=900):
        self.errors = []  # what the page's console and its policy complained about
        self._count = self._loads = 0
        self._rest = b""
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        flags = (*FLAGS, f"--user-data-dir={folder}", f"--window-size={width},{height}", "about:blank")
        # The protocol is spoken on descriptors 3 and 4.
        command = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        self._process = subprocess.Popen(
            ["bash", "-c", command, "bash", find(), *flags],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._session = None
        (target,) = [
            target["targetId"] for target in self.call("Target.getTargets")["targetInfos"]
            if target["type"] == "page"
        ]  # fmt: skip
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.call("Browser.close")
        os.close(self._write)
        os.close(self._read)
        self._process.wait(timeout=60)

    def call(self, method, **parameters):
        """One command and its answer; events that come before it are looked through for errors."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._count:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def _next(self):
        while b"\0" not in self._rest:
            if not select.select([self._read], [], [], PATIENCE)[0]:
                raise TimeoutError(f"Chromium has said nothing for {PATIENCE} s")
            piece = os.read(self._read, 1 << 20)
            if not piece:
                raise EOFError("Chromium ended")
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\0")
        message = json.loads(line)
        if message.get("method") == "Runtime.exceptionThrown":
            self.errors.append(message["params"]["exceptionDetails"])
        if message.get("method") == "Log.entryAdded":
            self.errors.append(message["params"]["entry"]["text"])
        self._loads += message.get("method") == "Page.loadEventFired"
        return message

    def open(self, path, fragment=""):
        """Load a file; returns when it has run."""
        for url in ("about:blank", path.resolve().as_uri() + fragment):  # a new fragment alone loads nothing
            loads = self._loads
            self.call("Page.navigate", url=url)
            while self._loads == loads:
                self._next()

    def js(self, expression):
        """The value of an expression in the page, as JSON has it; a promise is waited for."""
        wants = {"returnByValue": True, "awaitPromise": True}
        answer = self.call("Runtime.evaluate", expression=expression, **wants)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def drag(self, start, *way):
        """Press at a point, move along others, let go: as a hand does it. Points are (x, y) in the window."""
        self._mouse("mouseMoved", start)
        self._mouse("mousePressed", start, buttons=1)
        for point in way:
            self._mouse("mouseMoved", point, buttons=1)
        self._mouse("mouseReleased", way[-1])

    def hover(self, point):
        self._mouse("mouseMoved", point)

    def _mouse(self, kind, point, buttons=0):
        where = {"x": point[0], "y": point[1], "clickCount": 1}
        button = "none" if kind == "mouseMoved" and not buttons else "left"
        self.call("Input.dispatchMouseEvent", type=kind, button=button, buttons=buttons, **where)

    def touch(self, start, *way):
        """A finger: down, along the points, up."""
        steps = [("touchStart", [start]), *(("touchMove", [point]) for point in way), ("touchEnd", [])]
        for kind, points in steps:
            at = [{"x": x, "y": y} for x, y in points]
            self.call("Input.dispatchTouchEvent", type=kind, touchPoints=at)

    def press(self, key, shift=False):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, modifiers=8 if shift else 0)
