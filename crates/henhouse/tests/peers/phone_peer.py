"""A gateway of text messages and calls, as Twilio's documents have it: its addresses, its answers, its errors, its
callbacks signed by its own library. It keeps what it did as lines of JSON in `seen`.

Each request takes the next line of `answers`. For a text message: a code to refuse with, `close` (taken, and the answer is
lost), or what becomes of it: `delivered`, `undelivered`, `sent`. For a call: the same codes and `close`, `busy`,
`no-answer`, `completed` (somebody, or a machine, listens and presses nothing), `failed`, or keys such as `4` or `*5`.
Without a line a message is delivered and a call is not answered.

With `--client` it does nothing of that: Twilio's own client asks the peer at that address, and what it understood is
printed. With `--write` a text message is sent in, signed, and the answer is printed; with `--form` any form is, beside what
Twilio's own library makes of a recording that is asked for.
"""

import argparse
import base64
import json
import os
import threading
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET

import gateway
from gateway import next_answer, note
from twilio.request_validator import RequestValidator

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "SEKRET0123456789abcdef0123456789"
COUNT = 0


def sent_in(url, fields):
    """Sends a form as Twilio does; what is answered."""
    signature = RequestValidator(TOKEN).compute_signature(url, fields)
    body = urllib.parse.urlencode(fields).encode()
    asked = urllib.request.Request(url, body, {"X-Twilio-Signature": signature, "I-Twilio-Idempotency-Token": "x"})
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


ERRORS = {
    400: (21211, "Invalid 'To' Phone Number"),
    401: (20003, "Authenticate"),
    404: (20404, "The requested resource was not found"),
    429: (20429, "Too Many Requests"),
    500: (20500, "Internal Server Error"),
    503: (20503, "Service Unavailable"),
}


class Peer(gateway.Answers):
    def refuse(self, code, error=None):
        error, message = error or ERRORS.get(code, (code, "Error"))
        more = f"https://www.twilio.com/docs/errors/{error}"
        self.say(code, {"code": error, "message": message, "more_info": more, "status": code})

    def do_POST(self):
        global COUNT
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        fields = dict(urllib.parse.parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        proof = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if self.headers.get("authorization") != f"Basic {proof}":
            return self.refuse(401)
        what = self.path.rsplit("/", 1)[-1]
        if self.path != f"/2010-04-01/Accounts/{ACCOUNT}/{what}" or what not in ("Messages.json", "Calls.json"):
            return self.refuse(404)
        call = what == "Calls.json"
        with gateway.LOCK:
            COUNT += 1
            sid = ("CA" if call else "SM") + f"{COUNT:032x}"
            answer = next_answer("no-answer" if call else "delivered")
        note({"what": "call" if call else "message", "fields": fields, "answer": answer, "sid": sid})
        number = fields.get("To", "")
        if not (number.startswith("+") and number[1:].isdigit() and 8 <= len(number) <= 16):
            return self.refuse(400, (21211, f"The 'To' number {number} is not a valid phone number."))
        if not fields.get("From", "").startswith("+"):
            return self.refuse(400, (21212, "The 'From' number is not a valid phone number."))
        if call and len(fields.get("Twiml", "")) not in range(1, 4001):
            return self.refuse(400, (21205, "Url parameter is required"))
        if not call and len(fields.get("Body", "")) not in range(1, 1601):
            return self.refuse(400, (21617, "The concatenated message body exceeds the 1600 character limit"))
        if answer.isdigit() and len(answer) == 3:
            return self.refuse(int(answer))
        rings = self.rings if call else self.arrives
        threading.Thread(target=rings, args=(fields, sid, answer), daemon=True).start()
        if answer == "close":
            self.close_connection = True
            return None
        whole = {"account_sid": ACCOUNT, "sid": sid, "to": number, "from": fields["From"], "status": "queued"}
        if not call:
            whole |= {"body": fields["Body"], "num_segments": "1", "error_code": None, "error_message": None}
        self.say(201, whole)
        return None

    @staticmethod
    def told(fields, more):
        url = fields.get("StatusCallback")
        if url:
            about = {"AccountSid": ACCOUNT, "From": fields["From"], "To": fields["To"], "ApiVersion": "2010-04-01"}
            code, _ = sent_in(url, about | more)
            note({"what": "told", "url": url, "said": more, "code": code})

    def arrives(self, fields, sid, answer):
        words = ["sent"] if answer in ("sent", "close") else ["sent", answer]
        for word in words:
            more = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": word, "SmsStatus": word}
            if word == "undelivered":
                more["ErrorCode"] = "30003"
            self.told(fields, more)

    def rings(self, fields, sid, answer):
        status = answer
        if answer[0] in "0123456789*":
            status = "completed"
            twiml = ET.fromstring(fields["Twiml"])
            for key in answer:
                gather = twiml.find("Gather")
                if gather is None:
                    note({"what": "no key is asked for", "twiml": ET.tostring(twiml).decode()})
                    break
                url = gather.attrib["action"]
                about = {"AccountSid": ACCOUNT, "CallSid": sid, "From": fields["From"], "To": fields["To"],
                         "Digits": key, "CallStatus": "in-progress", "msg": "Gather End"}
                code, said = sent_in(url, about)
                note({"what": "key", "key": key, "code": code, "said": said})
                twiml = ET.fromstring(said)
        if status != "close":
            self.told(fields, {"CallSid": sid, "CallStatus": status, "CallDuration": "0"})


def asked_by_its_client(url):
    """What Twilio's own client understands of this peer."""
    from twilio.base.exceptions import TwilioRestException
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    class Here(TwilioHttpClient):
        def request(self, method, uri, *rest, **more):
            return super().request(method, uri.replace("https://api.twilio.com", url), *rest, **more)

    def refused(act):
        try:
            act()
        except TwilioRestException as error:
            return [error.status, error.code]
        return None

    client = Client(ACCOUNT, TOKEN, http_client=Here())
    message = client.messages.create(to="+15550100", from_="+15005550006", body="hello")
    call = client.calls.create(to="+15550100", from_="+15005550006", twiml="<Response><Say>hello</Say></Response>")
    stranger = Client(ACCOUNT, "wrong", http_client=Here())
    print(json.dumps({
        "message": [message.sid[:2], message.status, message.error_code],
        "call": [call.sid[:2], call.status],
        "no number": refused(lambda: client.messages.create(to="+1", from_="+15005550006", body="x")),
        "stranger": refused(lambda: stranger.messages.create(to="+15550100", from_="+15005550006", body="x")),
    }))


def recorded(said):
    """What is recorded, in the words of Twilio's own library; nothing where it does not know one of them."""
    import inspect
    import re
    from twilio.twiml.voice_response import VoiceResponse

    record = ET.fromstring(said).find("Record") if said.startswith("<?xml") else None
    if record is None:
        return None
    words = {re.sub("([A-Z])", lambda one: "_" + one[1].lower(), name): value for name, value in record.attrib.items()}
    known = inspect.signature(VoiceResponse.record).parameters
    return words if all(word in known for word in words) else None


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--folder")
    asked.add_argument("--client")
    asked.add_argument("--write", nargs=3, metavar=("URL", "FROM", "TEXT"))
    asked.add_argument("--form", nargs=2, metavar=("URL", "FIELDS"))
    asked.add_argument("--sid")
    asked = asked.parse_args()
    if asked.client:
        return asked_by_its_client(asked.client)
    if asked.form:
        code, said = sent_in(asked.form[0], json.loads(asked.form[1]))
        print(json.dumps({"code": code, "said": said, "record": recorded(said)}))
        return None
    if asked.write:
        url, number, text = asked.write
        sid = asked.sid or "SM" + os.urandom(16).hex()
        fields = {"AccountSid": ACCOUNT, "MessageSid": sid, "From": number, "To": "+15005550006", "Body": text,
                  "NumMedia": "0", "FromCity": ""}
        code, said = sent_in(url, fields)
        print(json.dumps({"code": code, "said": said}))
        return None
    gateway.FOLDER = asked.folder
    gateway.serve(Peer)
    return None


main()
