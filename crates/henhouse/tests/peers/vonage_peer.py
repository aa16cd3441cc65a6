"""A gateway of calls, as Vonage's documents have its Voice API. What asks it is read by the models of Vonage's own client, and
its token by the library under that client, with the public half of a key whose private half lies in `key.pem`. What it tells
is signed as Vonage signs it. It keeps what it did as lines of JSON in `seen`.

Each call takes the next line of `answers`: a code to refuse with, `unanswered`, `busy`, `completed` (somebody listens and
presses nothing), `failed`, `forged` (a key that somebody else signed), or keys such as `4` or `*5`. Without a line it is not
answered.
"""

import argparse
import hashlib
import json
import threading
import time
import urllib.error
import urllib.request
import uuid

import gateway
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from gateway import next_answer, note, path
from vonage_jwt import verify_signature
from vonage_voice import CreateCallRequest, CreateCallResponse, Input, Talk

APPLICATION = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"
SECRET = "SEKRET-signature-0123456789abcdef0123456789abcdef"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
TOKENS = set()


def told(url, what, secret=SECRET, claims=None, algorithm="HS256"):
    """Tells something, signed; what is answered."""
    body = json.dumps(what).encode()
    now = int(time.time())
    said = {"iat": now, "jti": str(uuid.uuid4()), "iss": "Vonage", "payload_hash": hashlib.sha256(body).hexdigest(),
            "api_key": "abcd1234", "application_id": APPLICATION} | (claims or {})
    token = jwt.encode(said, secret if algorithm == "HS256" else None, algorithm=algorithm)
    assert algorithm == "none" or verify_signature(token, secret)
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, head), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def understood(ncco):
    """The actions, each whole as Vonage's own client has it."""
    kinds = {"talk": Talk, "input": Input}
    read = [kinds[one["action"]](**one) for one in ncco]
    assert [one.model_dump(by_alias=True, exclude_none=True, mode="json") for one in read] == ncco, ncco
    return read


class Peer(gateway.Answers):
    def do_POST(self):
        whole = json.loads(self.rfile.read(int(self.headers["content-length"])))
        scheme, token = self.headers.get("authorization", " ").split(" ", 1)
        try:
            need = {"require": ["iat", "exp", "jti", "application_id"]}
            claims = jwt.decode(token, KEY.public_key(), algorithms=["RS256"], options=need)
            assert claims["application_id"] == APPLICATION and claims["jti"] not in TOKENS and scheme == "Bearer"
            TOKENS.add(claims["jti"])
        except (jwt.InvalidTokenError, AssertionError) as error:
            note({"what": "stranger", "why": str(error)})
            return self.say(401, {"type": "https://developer.vonage.com/api-errors#unauthorized", "title": "Unauthorized"})
        if self.path != "/v1/calls":
            return self.say(404, {"title": "Not Found"})
        fields = dict(whole)
        asked = CreateCallRequest(**(fields | {"from_": fields.pop("from")}))
        assert asked.model_dump(by_alias=True, exclude_none=True, mode="json") == whole, whole
        understood(whole["ncco"])
        answer = next_answer("unanswered")
        note({"what": "call", "fields": whole, "answer": answer})
        if not whole["to"][0]["number"].isdigit():
            wrong = [{"name": "to", "reason": "is not a number"}]
            return self.say(400, {"title": "Bad Request", "invalid_parameters": wrong})
        if answer.isdigit() and len(answer) == 3:
            return self.say(int(answer), {"title": "Error"})
        made = {"uuid": str(uuid.uuid4()), "status": "started", "direction": "outbound",
                "conversation_uuid": f"CON-{uuid.uuid4()}"}
        CreateCallResponse(**made)
        self.say(201, made)
        threading.Thread(target=self.rings, args=(whole, made, answer), daemon=True).start()
        return None

    @staticmethod
    def rings(whole, made, answer):
        about = {"from": whole["from"]["number"], "to": whole["to"][0]["number"], "uuid": made["uuid"],
                 "conversation_uuid": made["conversation_uuid"]}
        at = whole["event_url"][0]

        def event(status):
            code, _ = told(at, about | {"status": status, "direction": "outbound"})
            note({"what": "told", "status": status, "code": code})

        event("ringing")
        status = answer
        if answer[0] in "0123456789*" or answer in ("completed", "forged"):
            status = "completed"
            event("answered")
            ncco = whole["ncco"]
            for key in {"completed": [""], "forged": ["4"]}.get(answer, answer):
                waits = [one for one in ncco if one["action"] == "input"]
                if not waits:
                    note({"what": "no key is asked for", "ncco": ncco})
                    break
                said = about | {"dtmf": {"digits": key, "timed_out": not key}}
                url = waits[0]["eventUrl"][0]
                if answer == "forged":
                    elsewhere = {"application_id": "00000000-0000-4000-8000-000000000000"}
                    for secret, claims in [("another secret, which is long enough for it", {}),
                                           (SECRET, {"payload_hash": "0" * 64}), (SECRET, {"iat": int(time.time()) - 3600}),
                                           (SECRET, elsewhere)]:
                        code, _ = told(url, said, secret, claims)
                        note({"what": "forged", "code": code})
                    code, _ = told(url, said, algorithm="none")
                    note({"what": "forged", "code": code})
                    # Signed by Vonage, of a call to another number, and brought to the address of this one.
                    code, _ = told(url, said | {"to": "15550199"})
                    note({"what": "forged", "code": code})
                    break
                code, said = told(url, said)
                note({"what": "key", "key": key, "code": code, "said": said})
                ncco = json.loads(said)
                understood(ncco)
        event(status)


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--folder")
    gateway.FOLDER = asked.parse_args().folder
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    with open(path("key.pem"), "wb") as file:
        file.write(KEY.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    with open(path("signature"), "w", encoding="utf-8") as file:
        file.write(SECRET)
    gateway.serve(Peer)


main()
