"""What a page asks for and complains about; and a place that a hostile page would like to reach."""

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

#: What nbgrader's and nbconvert's own pages ask of the world.
THEIRS = r"https://cdnjs\.cloudflare\.com/ajax/libs/(mathjax|require\.js)/"
#: What they complain about here, where there is no world: that it does not come, and what then is not there.
KNOWN = (rf"ERR_NAME_NOT_RESOLVED \({THEIRS}", r"raised: MathJax is not defined")


class Watcher:
    """Listens to all pages of a browser's context."""

    def __init__(self, context):
        self.errors, self.outside = [], []
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.errors.append(f"raised: {error.error}"))
        context.on("request", self._on_request)

    def _on_console(self, message):
        said = f"{message.text} ({message.location.get('url', '')})"
        if message.type == "error":
            self.errors.append(said)

    def _on_request(self, request):
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "file", "about") and address.hostname != "127.0.0.1":
            self.outside.append(request.url)

    def unknown_addresses(self):
        return [url for url in self.outside if not re.match(THEIRS, url)]

    def unknown_errors(self):
        return [error for error in self.errors if not any(re.search(known, error) for known in KNOWN)]


class Canary:
    """A server that nobody should call: `arrived` are the paths that were asked for."""

    def __init__(self):
        self.arrived, self.page = [], b""
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path in ("/page", "/favicon.ico"):
                    body, kind = canary.page, "text/html; charset=utf-8"
                else:
                    canary.arrived.append(self.path)
                    body, kind = b"", "text/javascript"
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def listening_canary():
    canary = Canary()
    thread = threading.Thread(target=canary.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield canary
    finally:
        canary.server.shutdown()
        thread.join()
        canary.server.server_close()
