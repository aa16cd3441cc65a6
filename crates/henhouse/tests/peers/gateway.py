"""What the gateways of the tests have in common: the lines that say what to answer, what they keep of what they did, and a
server on this machine alone.
"""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER = ""
LOCK = threading.Lock()


def path(name):
    return os.path.join(FOLDER, name)


def next_answer(without):
    """The next line of `answers`; `without`, where there is none."""
    try:
        with open(path("answers"), encoding="utf-8") as file:
            lines = file.read().split()
    except FileNotFoundError:
        return without
    if not lines:
        return without
    with open(path("answers"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines[1:]))
    return lines[0]


def note(what):
    """Keeps one more line in `seen`."""
    with LOCK, open(path("seen"), "a", encoding="utf-8") as file:
        file.write(json.dumps(what) + "\n")


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, code, what):
        body = json.dumps(what).encode()
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(peer):
    """Answers until it is ended; says its port first."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), peer)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()
