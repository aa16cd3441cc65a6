"""An object store for tests: moto's S3, behind a door that checks what moto lets pass and can be told to misbehave.

The door checks each request's signature with botocore, Amazon's own client, and each body against its checksum, as
Amazon's store does. It prints one JSON line with its port, then obeys JSON lines on its input, each answered by one:

  {"do": "status", "match": "PUT /b/p/.*rows", "status": 500, "times": 2, "after": 0}
      answers so without asking the store; `after` lets so many matching requests pass first. `times` 0: always.
  {"do": "lose", ...}      carries it out and closes the connection without an answer.
  {"do": "cut", ...}       closes the connection after half of the answer's body.
  {"do": "flip", ...}      changes one byte of the answer's body.
  {"do": "mangle", ...}    changes one byte of what is sent before it is looked at.
  {"do": "error body", ...}  answers 200 with an error in the body.
  {"do": "short", ...}     keeps only half of what was sent and says that all is well.
  {"do": "objects"}        answers with the names in the bucket and the uploads that were begun.
  {"do": "forget"}         takes back every order.

It ends when its input ends, so that a test that dies leaves no server behind.
"""

import base64
import hashlib
import io
import json
import re
import sys
import threading
import urllib.parse

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.credentials
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

KEY, SECRET, BUCKET, REGION = sys.argv[1:5]
ERROR = "<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>"


class Orders:
    def __init__(self):
        self.waiting = []
        self.lock = threading.Lock()

    def take(self, line):
        with self.lock:
            for order in self.waiting:
                if re.fullmatch(order["match"], line):
                    if order.get("after", 0) > 0:
                        order["after"] -= 1
                        continue
                    if order.get("times", 1) > 0:
                        order["times"] = order.get("times", 1) - 1
                        if order["times"] == 0:
                            self.waiting.remove(order)
                    return order
        return None


def signature_holds(environ, query):
    """Whether botocore makes the same signature of the same request."""
    wanted = query.pop("X-Amz-Signature", None)
    if not wanted or query.get("X-Amz-Credential", "").split("/")[0] != KEY:
        return False
    url = f"http://{environ['HTTP_HOST']}{environ['RAW_URI'].split('?')[0]}"
    request = botocore.awsrequest.AWSRequest(environ["REQUEST_METHOD"], url, params=query)
    for name in query["X-Amz-SignedHeaders"].split(";"):
        request.headers[name] = environ.get("HTTP_" + name.upper().replace("-", "_"), "")
    request.context["timestamp"] = query["X-Amz-Date"]
    credentials = botocore.credentials.Credentials(KEY, SECRET)
    auth = botocore.auth.S3SigV4QueryAuth(credentials, "s3", REGION)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    return auth.signature(text, request) == wanted


class Door:
    def __init__(self, store, orders):
        self.store = store
        self.orders = orders
        self.troubles = []

    def __call__(self, environ, start):
        query = dict(urllib.parse.parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
        own = {name: value for name, value in query.items() if not name.startswith("X-Amz-")}
        line = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        if own:
            line += "?" + "&".join(sorted(own))
        order = self.orders.take(line) or {}
        what = order.get("do")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if what == "status":
            return answer(start, order["status"], ERROR)
        if what == "error body":
            return answer(start, 200, ERROR)
        if not signature_holds(environ, query):
            return answer(start, 403, "<Error><Code>SignatureDoesNotMatch</Code></Error>")
        if what == "mangle":
            body = flipped(body)
        said = environ.get("HTTP_X_AMZ_CHECKSUM_SHA256")
        if environ["REQUEST_METHOD"] == "PUT":
            if not said:
                return answer(start, 400, "<Error><Code>MissingChecksum</Code></Error>")
            if base64.b64encode(hashlib.sha256(body).digest()).decode() != said:
                return answer(start, 400, "<Error><Code>BadDigest</Code></Error>")
        if what == "short":
            body = body[: len(body) // 2]
            environ.pop("HTTP_X_AMZ_CHECKSUM_SHA256", None)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        if what not in ("lose", "cut", "flip"):
            return self.store(environ, start)
        held = []
        parts = self.store(environ, lambda status, headers, _=None: held.append((status, headers)))
        content = b"".join(parts)
        if what == "lose":
            raise ConnectionAbortedError
        status, headers = held[0]
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start(status, headers + [("Content-Length", str(len(content)))])
        return [content[: len(content) // 2]] if what == "cut" else [flipped(content)]


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :] if content else content


def answer(start, status, text):
    start(f"{status} said", [("Content-Type", "application/xml"), ("Content-Length", str(len(text)))])
    return [text.encode()]


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.0"

    def log(self, *_):
        pass

    def make_environ(self):
        environ = super().make_environ()
        environ["RAW_URI"] = self.path
        return environ


def main():
    orders = Orders()
    door = Door(DomainDispatcherApplication(create_backend_app), orders)
    server = make_server("127.0.0.1", 0, door, threaded=True, request_handler=Handler)
    inner = make_server("127.0.0.1", 0, door.store, threaded=True, request_handler=Handler)
    for each in (server, inner):
        threading.Thread(target=each.serve_forever, daemon=True).start()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{inner.port}",
        region_name=REGION,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    print(json.dumps({"port": server.port}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        told = {}
        if order["do"] == "forget":
            orders.waiting.clear()
        elif order["do"] == "objects":
            objects = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
            uploads = client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
            told = {"objects": [one["Key"] for one in objects], "uploads": len(uploads)}
        else:
            orders.waiting.append(order)
        print(json.dumps(told), flush=True)


main()
