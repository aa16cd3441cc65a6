"""A queue for tests: moto's SQS with a topic of its SNS before it, behind a door that checks each request's signature with botocore,
Amazon's own client, as Amazon does and moto does not.

It prints one JSON line with its port and the address of its queue, then obeys JSON lines on its input, each answered by one:

  {"do": "send", "body": "..."}        boto3 sends this to the queue.
  {"do": "publish", "body": "...", "subject": "..."}  boto3 publishes this to the topic, which sends it to the queue in its envelope.
  {"do": "status", "action": "DeleteMessage", "status": 500, "times": 2}  answers so without asking the queue. `times` 0: always.
  {"do": "show"}     lets everything that was received and not deleted be received again at once, as after its time.
  {"do": "left"}     answers how many messages are there, and how many of them somebody is at; and what was asked how often.
  {"do": "forget"}   takes back every order.

It ends when its input ends, so that a test that dies leaves no server behind.
"""

import io
import json
import sys
import threading
from collections import Counter

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.credentials
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

KEY, SECRET, REGION = sys.argv[1:4]


class Door:
    def __init__(self, inner):
        self.inner = inner
        self.orders = []
        self.received = set()
        self.asked = Counter()
        self.lock = threading.Lock()

    def __call__(self, environ, start):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        action = environ.get("HTTP_X_AMZ_TARGET", "").split(".")[-1]
        order = self.order(action)
        if order:
            return answer(start, order["status"], {"__type": "com.amazonaws.sqs#ServiceUnavailable"})
        if not signature_holds(environ, body):
            said = {"__type": "com.amazon.coral.service#SignatureDoesNotMatch", "message": environ["HTTP_AUTHORIZATION"]}
            return answer(start, 403, said)
        parts = b"".join(self.inner(environ, start))
        if action == "ReceiveMessage":
            with self.lock:
                self.received.update(one["ReceiptHandle"] for one in json.loads(parts).get("Messages") or [])
        return [parts]

    def order(self, action):
        with self.lock:
            self.asked[action] += 1
            for order in self.orders:
                if order["action"] == action:
                    if order.get("times", 1) > 0:
                        order["times"] = order.get("times", 1) - 1
                        if order["times"] == 0:
                            self.orders.remove(order)
                    return order
        return None


def signature_holds(environ, body):
    """Whether botocore makes the same signature of the same request."""
    said = environ.get("HTTP_AUTHORIZATION", "")
    if not said.startswith(f"AWS4-HMAC-SHA256 Credential={KEY}/") or "Signature=" not in said:
        return False
    names = said.split("SignedHeaders=")[1].split(",")[0].split(";")
    if not {"content-type", "host", "x-amz-date", "x-amz-target"} <= set(names):
        return False
    url = f"http://{environ['HTTP_HOST']}{environ['PATH_INFO']}"
    request = botocore.awsrequest.AWSRequest(environ["REQUEST_METHOD"], url, data=body)
    for name in names:
        inside = name.upper().replace("-", "_")
        request.headers[name] = environ.get("HTTP_" + inside) or environ.get(inside, "")
    request.context["timestamp"] = environ["HTTP_X_AMZ_DATE"]
    auth = botocore.auth.SigV4Auth(botocore.credentials.Credentials(KEY, SECRET), "sqs", REGION)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    return auth.signature(text, request) == said.split("Signature=")[1]


def answer(start, status, said):
    start(f"{status} said", [("Content-Type", "application/x-amz-json-1.0")])
    return [json.dumps(said).encode()]


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.0"

    def log(self, *_):
        pass


def main():
    inner = DomainDispatcherApplication(create_backend_app)
    door = Door(inner)
    outside = make_server("127.0.0.1", 0, door, threaded=True, request_handler=Handler)
    inside = make_server("127.0.0.1", 0, inner, threaded=True, request_handler=Handler)
    for each in (outside, inside):
        threading.Thread(target=each.serve_forever, daemon=True).start()

    def client(name):
        return boto3.client(
            name,
            endpoint_url=f"http://127.0.0.1:{inside.port}",
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )

    sqs, sns = client("sqs"), client("sns")
    queue = sqs.create_queue(QueueName="alerts")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=attributes["QueueArn"])
    path = queue.split("/", 3)[3]
    print(json.dumps({"port": outside.port, "queue": f"http://127.0.0.1:{outside.port}/{path}"}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        told = {}
        if order["do"] == "send":
            sqs.send_message(QueueUrl=queue, MessageBody=order["body"])
        elif order["do"] == "publish":
            subject = {"Subject": order["subject"]} if order.get("subject") else {}
            told = {"id": sns.publish(TopicArn=topic, Message=order["body"], **subject)["MessageId"]}
        elif order["do"] == "show":
            for receipt in list(door.received):
                try:
                    sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=receipt, VisibilityTimeout=0)
                except Exception:
                    pass
            door.received.clear()
        elif order["do"] == "left":
            names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
            left = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
            told = {"there": int(left[names[0]]), "hidden": int(left[names[1]]), "asked": dict(door.asked)}
        elif order["do"] == "forget":
            door.orders.clear()
        else:
            door.orders.append(order)
        print(json.dumps(told), flush=True)


main()
