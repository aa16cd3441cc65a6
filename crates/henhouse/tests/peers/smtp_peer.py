"""A real mail server for tests, on aiosmtpd, that can be told to misbehave.

It prints one JSON line with its port, then obeys JSON lines on its input and answers each with one line:

  {"do": "answer", "stage": "connect|mail|rcpt|data", "reply": "451 4.7.1 later", "times": 1, "to": "slow@", "keep": false}
      gives this reply instead of taking the mail, `times` times (0: always), for recipients that hold `to`; with `keep`
      it takes the mail all the same. What is no answer of SMTP is said as it stands.
  {"do": "slow", "stage": "rcpt|data", "seconds": 2.5, "times": 1, "to": "", "keep": false}
      waits before it answers; with `keep` it has accepted the message before it waits.
  {"do": "close", "times": 1}
      takes the message, says so, and closes the connection at once.
  {"do": "drop", "stage": "starttls", "times": 1}
      agrees to TLS and breaks the connection.
  {"do": "drop", "keep": true, "times": 1, "to": ""}
      closes the connection after the whole message, before the answer; `keep`: it had accepted the message.
  {"do": "forget"}
      takes back every order.

Every accepted message is a pair of files in --store: 0001.eml (as received) and 0001.json (the envelope).
It ends when its input ends, so that a test that dies leaves no server behind.
"""

import argparse
import asyncio
import json
import pathlib
import ssl
import sys
import threading
import time

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Orders:
    """What the test told us to do wrong, oldest first."""

    def __init__(self):
        self.waiting = []

    def take(self, what, stage, recipients):
        for order in self.waiting:
            right = order["do"] == what and order.get("stage", stage) == stage
            wanted = order.get("to", "")
            if right and (not wanted or any(wanted in one for one in recipients)):
                if order.get("times", 1) > 0:
                    order["times"] = order.get("times", 1) - 1
                    if order["times"] == 0:
                        self.waiting.remove(order)
                return order
        return None


class Handler:
    def __init__(self, orders, store):
        self.orders = orders
        self.store = pathlib.Path(store)
        self.count = 0

    async def _obey(self, stage, recipients, keep=lambda: None):
        slow = self.orders.take("slow", stage, recipients)
        if slow:
            if slow.get("keep"):
                keep()
            await asyncio.sleep(slow["seconds"])
            if slow.get("keep"):
                return "250 2.0.0 queued, after a while"
        answer = self.orders.take("answer", stage, recipients)
        if answer and answer.get("keep"):
            keep()
        return answer["reply"] if answer else None

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._obey("mail", []) or "250 2.1.0 sender ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = await self._obey("rcpt", [address])
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        keep = lambda: self.keep(server, session, envelope)
        drop = self.orders.take("drop", "data", envelope.rcpt_tos)
        if drop:
            if drop.get("keep"):
                keep()
            server.transport.abort()
            return "250 nobody hears this"
        if self.orders.take("close", "data", envelope.rcpt_tos):
            keep()
            await server.push("250 2.0.0 queued, goodbye")
            server.transport.close()
            return "250 nobody hears this"
        refusal = await self._obey("data", envelope.rcpt_tos, keep)
        if refusal:
            return refusal
        self.keep(server, session, envelope)
        return f"250 2.0.0 queued as {self.count:04}"

    def keep(self, server, session, envelope):
        self.count += 1
        facts = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": server.transport.get_extra_info("ssl_object") is not None,
            "user": getattr(session, "user", None),
            "hello": session.host_name,
            "at": time.time(),
        }
        name = f"{self.count:04}"
        (self.store / f"{name}.json").write_text(json.dumps(facts))
        part = self.store / f"{name}.part"
        part.write_bytes(envelope.original_content)
        part.rename(self.store / f"{name}.eml")


class Peer(SMTP):
    """An SMTP server whose very greeting can be ordered to be a refusal."""

    def __init__(self, handler, orders, **settings):
        self.orders = orders
        super().__init__(handler, **settings)

    async def push(self, status):
        if isinstance(status, str) and status.startswith("220 ") and "TLS" not in status:
            refusal = self.orders.take("answer", "connect", [])
            if refusal:
                await super().push(refusal["reply"])
                self.transport.close()
                return
        await super().push(status)

    async def smtp_STARTTLS(self, arg):
        if self.orders.take("drop", "starttls", []):
            await self.push("220 Ready to start TLS")
            self.transport.abort()
            return
        await super().smtp_STARTTLS(arg)


def authenticator(user, password):
    def check(server, session, envelope, mechanism, data):
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), password.encode())
        if good:
            session.user = user
        return AuthResult(success=good, handled=False)

    return check


def listen_to_orders(orders, loop, stop):
    for line in sys.stdin:
        order = json.loads(line)
        done = threading.Event()

        def obey():
            if order["do"] == "forget":
                orders.waiting.clear()
            else:
                orders.waiting.append(order)
            done.set()

        loop.call_soon_threadsafe(obey)
        done.wait()
        print(json.dumps({"done": order["do"]}), flush=True)
    loop.call_soon_threadsafe(stop.set)


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("--store", required=True)
    options.add_argument("--security", choices=["none", "starttls", "tls"], default="none")
    options.add_argument("--certificate")
    options.add_argument("--key")
    options.add_argument("--user")
    options.add_argument("--password")
    given = options.parse_args()

    context = None
    if given.security != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(given.certificate, given.key)
    settings = {"hostname": "peer.test", "enable_SMTPUTF8": True}
    if given.security == "starttls":
        settings |= {"tls_context": context, "require_starttls": True}
    if given.user:
        settings |= {
            "authenticator": authenticator(given.user, given.password),
            "auth_required": True,
            "auth_require_tls": given.security == "starttls",
        }

    orders, stop, loop = Orders(), asyncio.Event(), asyncio.get_running_loop()
    handler = Handler(orders, given.store)
    server = await loop.create_server(
        lambda: Peer(handler, orders, loop=loop, **settings),
        host="127.0.0.1",
        port=0,
        ssl=context if given.security == "tls" else None,
    )
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    threading.Thread(target=listen_to_orders, args=(orders, loop, stop), daemon=True).start()
    await stop.wait()


asyncio.run(main())
