"""A web server that plays the peers of the channels: an ntfy server at /, the receiver of a webhook at /hook.

It prints its port, and keeps every request as a line of JSON in `seen`. Each request takes the next line of `answers`: a
code to answer with, `hold` (no answer as long as the file `held` is there) or `close`; without one it says yes. What comes
to /hook is verified with the standard's own library, and what does not pass is answered 401.
"""

import argparse
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

FOLDER = ""
SECRET = ""
LOCK = threading.Lock()


def path(name):
    return os.path.join(FOLDER, name)


def next_answer():
    try:
        with open(path("answers"), encoding="utf-8") as file:
            lines = file.read().split()
    except FileNotFoundError:
        return "200"
    if not lines:
        return "200"
    with open(path("answers"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines[1:]))
    return lines[0]


class Peer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, code, body=b"{}", headers=()):
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.say(200, b'{"healthy":true}')

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with LOCK:
            answer = next_answer()
            seen = {"path": self.path, "headers": headers, "body": body.decode(), "answer": answer}
            if self.path == "/hook":
                seen["verified"] = self.verified(body, headers)
            with open(path("seen"), "a", encoding="utf-8") as file:
                file.write(json.dumps(seen) + "\n")
        if answer == "hold":
            while os.path.exists(path("held")):
                time.sleep(0.02)
            answer = "200"
        if answer == "close":
            self.close_connection = True
            return
        if seen.get("verified") is False:
            self.say(401)
            return
        code = int(answer)
        if 300 <= code < 400:
            here = f"http://127.0.0.1:{self.server.server_port}/elsewhere"
            self.say(code, headers=[("location", here)])
        else:
            self.say(code, json.dumps({"id": "hen7chick", "time": 1, "event": "message"}).encode())

    @staticmethod
    def verified(body, headers):
        try:
            Webhook(SECRET).verify(body, headers)
            return True
        except WebhookVerificationError:
            return False


def main():
    global FOLDER, SECRET
    asked = argparse.ArgumentParser()
    asked.add_argument("--folder", required=True)
    asked.add_argument("--secret", required=True)
    asked = asked.parse_args()
    FOLDER, SECRET = asked.folder, asked.secret
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()


main()
