"""A web server that plays the peers of the channels: an ntfy server at /, the receiver of a webhook at /hook, a push service
at /wp/ with the devices behind it, whose keys are told at /device/.

It prints its port, and keeps every request as a line of JSON in `seen`. Each request takes the next line of `answers`: a
code to answer with, `hold` (no answer as long as the file `held` is there) or `close`; without one it says yes. What comes
to /hook is verified with the standard's own library, and what does not pass is answered 401. What comes to /wp/ is opened as
a browser would and its sender looked at, with libraries that are not ours; what does not pass is answered 403.
"""

import argparse
import base64
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from standardwebhooks import Webhook, WebhookVerificationError

FOLDER = ""
SECRET = ""
LOCK = threading.Lock()
DEVICES = {}


def words(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Device:
    """A browser that has turned it on: what it tells, and what only it can open."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    def told(self, endpoint):
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": endpoint, "p256dh": words(point), "auth": words(self.auth)}

    def opened(self, body):
        text = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        return json.loads(text)


def known_sender(headers, origin):
    """What a push service asks of RFC 8292: a signature that fits, for itself, for a day at most, with somebody to ask."""
    said = headers["authorization"]
    claims = said.split("t=")[1].split(",")[0].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    fits = Vapid02.verify(said) and claims["aud"] == origin and claims["sub"].startswith("mailto:")
    return bool(fits and time.time() < claims["exp"] <= time.time() + 24 * 3600)


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
        if self.path.startswith("/device/"):
            name = self.path.removeprefix("/device/")
            with LOCK:
                device = DEVICES.setdefault(name, Device())
            self.say(200, json.dumps(device.told(f"{self.origin()}/wp/{name}")).encode())
            return
        self.say(200, b'{"healthy":true}')

    def origin(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def pushed(self, body, headers):
        try:
            text = DEVICES[self.path.removeprefix("/wp/")].opened(body)
            return {"opened": text, "bytes": len(body), "verified": known_sender(headers, self.origin())}
        except Exception as trouble:
            return {"trouble": repr(trouble), "verified": False}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with LOCK:
            answer = next_answer()
            seen = {"path": self.path, "headers": headers, "body": body.decode(errors="replace"), "answer": answer}
            if self.path.startswith("/wp/"):
                seen.update(self.pushed(body, headers))
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
            self.say(403 if self.path.startswith("/wp/") else 401)
            return
        code = int(answer)
        if 300 <= code < 400:
            self.say(code, headers=[("location", f"{self.origin()}/elsewhere")])
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
