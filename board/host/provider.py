#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A double of the providers on loopback: WhatsApp Cloud API, our SMS contract, the SMS gateways MSG91,
Exotel and Gupshup in the shapes of their public pages, and an SMTP server.

It answers, waits, refuses with given codes, drops connections after it has taken a message, and calls
back: sent, delivered, read, failed, STOP, orders. What it does with a message follows from its seed
and the message's id alone, so that a run can be repeated; a test may put answers of its own in front
with script(). It remembers every message that it took, for assertions.

    provider = Provider(seed=7, whatsapp_hook="http://127.0.0.1:9/w", secret="s")
    provider.whatsapp_url, provider.sms_url, provider.smtp_url, provider.gateway_url("exotel")
    provider.script("whatsapp", {"refuse": 130429}, {"drop": True})    # the next two messages
    provider.taken("whatsapp")       # every message that it took, in order
    provider.reply("919800000001", "YES 5")

As a program it prints its addresses as one line of JSON and runs until its input ends; lines of JSON
on its input are calls ({"call": "reply", "args": [...]}), each answered by a line.
"""

import argparse
import datetime
import hashlib
import hmac
import http.client
import http.server
import json
import pathlib
import queue
import random
import socketserver
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

IST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
# What happens to a message, as shares of a thousand; the rest is accepted, delivered and read.
DEFAULT_SHARES = {"drop": 0, "refuse": 0, "fail": 0, "unread": 300}
SECRETS = {"whatsapp.token", "whatsapp.app_secret", "whatsapp.verify_token", "sms.key",
           "sms.callback_secret", "email.password", "email.callback_secret", "unsubscribe.secret"}
PATIENCE_SECONDS = 20  # for the answer to a callback
RETRY_SECONDS = 0.2  # until a callback is told again; minutes and hours there
RETRY_CODE = {"whatsapp": 130429, "sms": 429, "email": 451}
FAIL_CODE = {"whatsapp": 131026, "sms": "23005", "email": 550}


class Gateway:
    """How one vendor is spoken to, answers and reports; what it has of a message is what it was sent."""
    type = "application/x-www-form-urlencoded"

    def read(self, web, raw):
        """Of a request: our message id or what stands for it, the number, all of it."""
        form = dict(urllib.parse.parse_qsl(raw.decode()))
        return self.name_of(form), form[self.to], form

    def text(self, body):
        return json.dumps(body).encode()


class Msg91(Gateway):
    type = "application/json"

    def read(self, web, raw):
        body = json.loads(raw)
        to = body["recipients"][0]["mobiles"]
        assert web.headers["authkey"]
        return f"msg91:{to}", to, body

    def accept(self, provider_id):
        return 200, self.text({"type": "success", "message": provider_id})

    def refuse(self, code):
        return 200, self.text({"type": "error", "code": str(code), "message": "no"})

    def report(self, message, instant, failed):
        return urllib.parse.urlencode({"data": json.dumps([{
            "senderId": "EXAMPL", "requestId": message["provider_id"], "userId": "1",
            "report": [{"date": instant.strftime("%Y-%m-%d %H:%M:%S"), "number": message["to"],
                        "credit": "1", "status": failed or "1",
                        "desc": "FAILED" if failed else "DELIVERED"}]}])})


class Exotel(Gateway):
    to = "To"

    def name_of(self, form):
        return form["CustomField"]

    def read(self, web, raw):
        assert web.headers["Authorization"].startswith("Basic ")
        return super().read(web, raw)

    def accept(self, provider_id):
        return 200, self.text({"SMSMessage": {"Sid": provider_id, "Status": "queued"}})

    def refuse(self, code):
        return code, self.text({"RestException": {"Status": code, "Message": "no"}})

    def report(self, message, instant, failed):
        return urllib.parse.urlencode({
            "SmsSid": message["provider_id"], "To": message["to"], "SmsUnits": 1,
            "Status": "failed" if failed else "sent", "DetailedStatusCode": failed or 20005,
            "DateSent": instant.strftime("%Y-%m-%d %H:%M:%S"),
            "CustomField": message["body"]["CustomField"]})


class Gupshup(Gateway):
    to = "send_to"

    def name_of(self, form):
        assert form["method"] == "SendMessage" and form["userid"] and form["password"]
        return f"gupshup:{form['send_to']}"

    def accept(self, provider_id):
        return 200, f"success | 919800000000 | {provider_id}".encode()

    def refuse(self, code):
        return 200, f"error | {code} | no".encode()

    def report(self, message, instant, failed):
        return urllib.parse.urlencode({"response": json.dumps([{
            "externalId": message["provider_id"], "eventType": "FAILED" if failed else "DELIVERED",
            "eventTs": int(instant.timestamp() * 1000), "destAddr": message["to"],
            "srcAddr": "EXAMPL", "cause": "UNKNOWN" if failed else "SUCCESS",
            "errCode": failed or "000", "channel": "SMS", "noOfFrags": "1"}])})


GATEWAYS = {"msg91": Msg91(), "exotel": Exotel(), "gupshup": Gupshup()}


def returned(message, kind, fields, part):
    """A multipart/report about a mail that was taken, with its headers."""
    headers = message["body"]["text"].split("\r\n\r\n", 1)[0]
    return (f"From: MAILER-DAEMON@mx.example\r\nSubject: returned\r\nMIME-Version: 1.0\r\n"
            f"Content-Type: multipart/report; report-type={kind};\r\n boundary=\"=_b1\"\r\n\r\n"
            f"--=_b1\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n"
            f"--=_b1\r\nContent-Type: {part}\r\n\r\n{fields}\r\n"
            f"--=_b1\r\nContent-Type: text/rfc822-headers\r\n\r\n{headers}\r\n\r\n"
            f"--=_b1--\r\n").encode()


def signature(secret, body):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler, provider):
        super().__init__(("127.0.0.1", 0), handler)
        self.provider = provider
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05},
                         daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def handle_error(self, request, client_address):
        pass  # a connection that we dropped ourselves


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body):
        self.send(status, json.dumps(body).encode(), "application/json")

    def send(self, status, raw, media):
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def take_gateway(self, vendor, raw):
        try:
            self.server.provider.on_gateway(self, vendor, raw)
        except ConnectionError:
            self.close_connection = True

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.split("/")[1] in GATEWAYS:
            self.take_gateway(self.path.split("/")[1], raw)
            return
        channel = "sms" if self.path == "/sms" else "whatsapp"
        try:
            self.server.provider.on_http(self, channel, json.loads(raw))
        except ConnectionError:
            self.close_connection = True


class Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a submission client needs."""

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("220 double ESMTP")
        recipient = ""
        for line in iter(self.rfile.readline, b""):
            word = line.strip().upper()
            if word.startswith(b"EHLO"):
                self.say("250-double")
                self.say("250 8BITMIME")
            elif word.startswith(b"RCPT"):
                recipient = line.decode().split("<", 1)[1].split(">", 1)[0]
                self.say("250 ok")
            elif word == b"DATA":
                self.say("354 go on")
                if not self.take(recipient):
                    return
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self, recipient):
        lines = []
        for line in iter(self.rfile.readline, b""):
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        else:
            return False
        text = b"".join(lines).decode()
        message_id = text.split("Message-ID: <", 1)[1].split("@", 1)[0]
        provider = self.server.provider
        fate = provider.fate("email", message_id)
        if "refuse" in fate:
            provider.note("refused", "email", message_id, fate["refuse"])
            self.say(f"{fate['refuse']} no")
            return True
        provider.take("email", message_id, recipient, {"text": text})
        provider.rest(fate)
        if fate.get("drop"):
            return False
        self.say("250 taken")
        return True


class Provider:
    def __init__(self, seed=1, shares=None, whatsapp_hook=None, sms_hook=None, secret="secret",
                 callbacks=True, email_hook=None):
        self.seed, self.shares = seed, {**DEFAULT_SHARES, **(shares or {})}
        self.hooks = {"whatsapp": whatsapp_hook, "sms": sms_hook, "email": email_hook}
        self.secret, self.callbacks = secret, callbacks
        self.clock = time.time  # seconds since 1970, of what is told
        self.lock = threading.Condition()
        self.messages = []  # taken: {"channel", "message_id", "to", "provider_id", "body"}
        self.calls = []     # every request: (what, channel, message_id, detail)
        self.scripts = {"whatsapp": [], "sms": [], "email": []}
        self.answers = {}   # of SMS: message_id -> answer
        self.undelivered = []
        self.outgoing = queue.Queue()  # (channel, raw, media type)
        self.pending = {}  # id of what is out -> itself
        self.answered = {}  # channel -> what came last instead of 200, in words
        self.web, self.smtp = Server(Web, self), Server(Smtp, self)
        self.whatsapp_url = f"http://127.0.0.1:{self.web.port}"
        self.sms_url = f"http://127.0.0.1:{self.web.port}/sms"
        self.smtp_url = f"smtp://127.0.0.1:{self.smtp.port}"
        threading.Thread(target=self.call_back, daemon=True).start()

    def open_account(self, folder, tenant, **more):
        """A distributor's account with this double, as relayctl would write it; more are keys of
        channels.ini and secrets, with "__" for the point. A value of None leaves one out."""
        texts = {"whatsapp__url": self.whatsapp_url, "whatsapp__number": "5566",
                 "sms__url": self.sms_url, "sms__entity": "1101000000000000001",
                 "sms__header": "EXAMPL", "email__url": self.smtp_url,
                 "email__from": "offers@example.in", "email__unsubscribe": "u@example.in",
                 "whatsapp__token": "token", "sms__key": "key", "unsubscribe__secret": "link-secret",
                 "whatsapp__app_secret": self.secret, "whatsapp__verify_token": "verify-me",
                 "sms__callback_secret": self.secret, "email__callback_secret": self.secret, **more}
        own = pathlib.Path(folder) / tenant
        own.mkdir(parents=True, exist_ok=True)
        ini = {}
        for name, value in texts.items():
            section, key = name.split("__")
            if value is not None and f"{section}.{key}" in SECRETS:
                (own / f"{section}.{key}").write_text(value + "\n")
                (own / f"{section}.{key}").chmod(0o600)
            elif value is not None:
                ini.setdefault(section, []).append(f"{key} = {value}\n")
        (own / "channels.ini").write_text("".join(
            f"[{section}]\n" + "".join(lines) for section, lines in ini.items()))

    # ---- what a test asks

    def script(self, channel, *fates):
        with self.lock:
            self.scripts[channel] += fates

    def taken(self, channel=None):
        with self.lock:
            return [m for m in self.messages if channel in (None, m["channel"])]

    def wait_taken(self, count, seconds=60):
        with self.lock:
            return self.lock.wait_for(lambda: len(self.messages) >= count, seconds)

    def doubles(self):
        """Messages that somebody got twice."""
        ids = [m["message_id"] for m in self.taken()]
        return sorted({i for i in ids if ids.count(i) > 1})

    def reply(self, sender, text, payload=None, answers=None):
        message = {"from": sender, "id": f"wamid.in{len(self.calls)}{random.getrandbits(32):x}",
                   "timestamp": str(int(self.clock()))}
        if payload:
            message.update(type="button", button={"payload": payload, "text": text})
        else:
            message.update(type="text", text={"body": text})
        if answers:
            message["context"] = {"id": answers}
        self.post("whatsapp", self.change("messages", {"messages": [message]}))

    def sms_reply(self, sender, text, inbound_id=None):
        with self.lock:
            inbound_id = inbound_id or f"in-{len(self.calls)}-{random.getrandbits(32):x}"
        self.post("sms", {"inbound_id": inbound_id, "from": sender, "body": text,
                          "at": self.instant()})

    def bounce(self, message, status="5.1.1", action="failed"):
        """The mail comes back (RFC 3464), as our mail server hands it over."""
        self.tell("email", returned(message, "delivery-status", (
            f"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {message['to']}\r\n"
            f"Action: {action}\r\nStatus: {status}\r\n"), "message/delivery-status"))

    def unsubscribe(self, message):
        """Its reader's program writes to the address in the header, as ours hands it over."""
        text = message["body"]["text"].replace("\r\n ", " ")
        to = text.split("<mailto:", 1)[1].split(">", 1)[0]
        self.tell("email", (f"From: <{message['to']}>\r\nTo: <{to}>\r\nSubject: unsubscribe\r\n"
                            "\r\nunsubscribe\r\n").encode())

    def complain(self, message):
        """Its receiver calls it spam (RFC 5965)."""
        self.tell("email", returned(message, "feedback-report", (
            "Feedback-Type: abuse\r\nUser-Agent: double/1\r\nVersion: 1\r\n"),
            "message/feedback-report"))

    def preference(self, sender, value):
        item = {"wa_id": sender, "category": "marketing_messages", "value": value,
                "timestamp": int(self.clock())}
        self.post("whatsapp", self.change("user_preferences", {"user_preferences": [item]}))

    def status(self, provider_id, status, message_id=None, code=None):
        item = {"id": provider_id, "status": status, "timestamp": str(int(self.clock()))}
        if message_id:
            item["biz_opaque_callback_data"] = message_id
        if code:
            item["errors"] = [{"code": code, "title": "failed"}]
        self.post("whatsapp", self.change("messages", {"statuses": [item]}))

    def settle(self, seconds=60):
        """Waits until every callback that is out by now was answered with 200: as long as ever one
        is within so many seconds. Returns what was answered last to those that are left, in words."""
        with self.lock:
            told = dict(self.pending)  # holds them: the id of one that is gone may come again

            def open_ones():
                return told.keys() & self.pending.keys()

            left = len(told)
            while left and self.lock.wait_for(lambda: len(open_ones()) < left, seconds):
                left = len(open_ones())
            return sorted({f"{channel}: {self.answered.get(channel, 'no answer yet')}"
                           for channel, *_ in map(told.get, open_ones())})

    def close(self):
        self.outgoing.put(None)
        for server in (self.web, self.smtp):
            server.shutdown()
            server.server_close()

    # ---- what happens to a message

    def fate(self, channel, message_id):
        with self.lock:
            if self.scripts[channel]:
                return self.scripts[channel].pop(0)
            tries = sum(1 for call in self.calls if call[2] == message_id)
        dice = random.Random(f"{self.seed}:{channel}:{message_id}:{tries}")
        if dice.randrange(1000) < self.shares["refuse"]:
            return {"refuse": RETRY_CODE[channel]}
        if dice.randrange(1000) < self.shares["drop"]:
            return {"drop": True}
        if dice.randrange(1000) < self.shares["fail"]:
            return {"fail": FAIL_CODE[channel]}
        return {"unread": dice.randrange(1000) < self.shares["unread"]}

    def note(self, what, channel, message_id, detail=None):
        with self.lock:
            self.calls.append((what, channel, message_id, detail))
            self.lock.notify_all()

    def take(self, channel, message_id, to, body):
        with self.lock:
            provider_id = f"{'wamid.' if channel == 'whatsapp' else 'p-'}{len(self.messages) + 1}"
            self.messages.append({"channel": channel, "message_id": message_id, "to": to,
                                  "provider_id": provider_id, "body": body})
            self.calls.append(("taken", channel, message_id, provider_id))
            self.lock.notify_all()
        return provider_id

    @staticmethod
    def rest(fate):
        if fate.get("delay_s"):
            time.sleep(fate["delay_s"])
        gate = fate.get("gate")
        if gate:  # a test holds the answer back
            gate.wait(30)

    def on_http(self, web, channel, body):
        key = "message_id" if channel == "sms" else "biz_opaque_callback_data"
        message_id = body[key]
        if channel == "sms" and message_id in self.answers:
            self.note("repeated", channel, message_id)
            web.answer(200, self.answers[message_id])
            return
        fate = self.fate(channel, message_id)
        if "refuse" in fate:
            self.note("refused", channel, message_id, fate["refuse"])
            self.refuse(web, channel, fate["refuse"])
            return
        provider_id = self.take(channel, message_id, body["to"], body)
        if channel == "sms":
            answer = {"accepted": True, "provider_id": provider_id}
            self.answers[message_id] = answer
        else:
            answer = {"messaging_product": "whatsapp",
                      "contacts": [{"input": body["to"], "wa_id": body["to"]}],
                      "messages": [{"id": provider_id, "message_status": "accepted"}]}
        self.follow(channel, message_id, provider_id, fate)
        self.rest(fate)
        if fate.get("drop"):
            raise ConnectionAbortedError
        web.answer(200, answer)

    def gateway_url(self, vendor):
        return f"{self.whatsapp_url}/{vendor}/send"

    def on_gateway(self, web, vendor, raw):
        """Our message id only where the vendor is given it; each knows a try anew, and sends it."""
        gateway = GATEWAYS[vendor]
        message_id, to, body = gateway.read(web, raw)
        fate = self.fate("sms", message_id)
        if "refuse" in fate:
            self.note("refused", "sms", message_id, fate["refuse"])
            web.send(*gateway.refuse(fate["refuse"]), "application/json")
            return
        provider_id = self.take("sms", message_id, to, body)
        if self.callbacks and self.hooks["sms"]:
            message = {"provider_id": provider_id, "to": to, "body": body}
            self.report(vendor, message, fate.get("fail"))
        self.rest(fate)
        if fate.get("drop"):
            raise ConnectionAbortedError
        web.send(*gateway.accept(provider_id), "text/plain")

    def report(self, vendor, message, failed=None):
        """A gateway's delivery report, at the hook that holds its key."""
        instant = datetime.datetime.fromtimestamp(int(self.clock()), IST)
        self.tell("sms", GATEWAYS[vendor].report(message, instant, failed).encode(),
                  "application/x-www-form-urlencoded")

    @staticmethod
    def refuse(web, channel, code):
        if channel == "sms":
            web.answer(200, {"accepted": False, "code": str(code)})
        else:
            web.answer(500 if code in (1, 2, 131000, 131016) else 400,
                       {"error": {"message": "no", "type": "OAuthException", "code": code}})

    # ---- callbacks

    def follow(self, channel, message_id, provider_id, fate):
        if not self.callbacks or not self.hooks[channel]:
            return
        if channel == "sms":
            failed = "fail" in fate
            self.post("sms", {"provider_id": provider_id, "message_id": message_id,
                              "status": "failed" if failed else "delivered",
                              "code": str(fate.get("fail", "")) or "0",
                              "at": self.instant(), "parts": 1})
            return
        told = ["sent", "failed"] if "fail" in fate else ["sent", "delivered"]
        if told[-1] == "delivered" and not fate.get("unread"):
            told.append("read")
        random.Random(f"{self.seed}:{message_id}").shuffle(told)  # any order
        for status in told + told[:1]:  # and at least once
            self.status(provider_id, status, message_id, fate.get("fail") if status == "failed"
                        else None)

    def instant(self):
        """As RFC 3339 has it, of India."""
        return datetime.datetime.fromtimestamp(int(self.clock()), IST).isoformat()

    @staticmethod
    def change(field, value):
        value = {"messaging_product": "whatsapp",
                 "metadata": {"display_phone_number": "912200000000", "phone_number_id": "5566"},
                 **value}
        return {"object": "whatsapp_business_account",
                "entry": [{"id": "1002", "changes": [{"field": field, "value": value}]}]}

    def post(self, channel, body):
        self.tell(channel, json.dumps(body).encode())

    def tell(self, channel, raw, media=None):
        item = (channel, raw, media)
        with self.lock:
            self.pending[id(item)] = item
        self.outgoing.put(item)

    def call_back(self):
        """As Meta does: what is not answered with 200 is told again, without an end."""
        while True:
            item = self.outgoing.get()
            if item is None:
                return
            channel, raw, media = item
            hook = self.hooks[channel]
            media = media or ("message/rfc822" if channel == "email" else "application/json")
            done = not hook or self.deliver(hook, raw, channel, media)
            if not done:
                time.sleep(RETRY_SECONDS)
                self.outgoing.put(item)
            with self.lock:
                if done:
                    self.pending.pop(id(item), None)
                self.lock.notify_all()

    def deliver(self, hook, raw, channel, media):
        request = urllib.request.Request(hook, data=raw, headers={
            "Content-Type": media,
            "X-Hub-Signature-256": signature(self.secret, raw)})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                said = f"{answer.status}"
                if answer.status == 200:
                    return True
        except urllib.error.HTTPError as refused:
            with refused:
                said = f"{refused.code} {refused.read(200).decode(errors='replace')}"
        except (OSError, http.client.HTTPException) as problem:
            said = repr(problem)
        with self.lock:
            self.answered[channel] = said
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whatsapp-hook")
    parser.add_argument("--sms-hook")
    parser.add_argument("--secret", default="secret", help="that callbacks are signed with")
    parser.add_argument("--shares", type=json.loads, default={}, help="as DEFAULT_SHARES, in JSON")
    args = parser.parse_args()
    provider = Provider(args.seed, args.shares, args.whatsapp_hook, args.sms_hook, args.secret)
    print(json.dumps({"whatsapp": provider.whatsapp_url, "sms": provider.sms_url,
                      "smtp": provider.smtp_url}), flush=True)
    callable_names = {"reply", "preference", "status", "script", "taken", "doubles", "settle"}
    for line in sys.stdin:
        call = json.loads(line)
        if call["call"] not in callable_names:
            print(json.dumps({"error": "no such call"}), flush=True)
            continue
        result = getattr(provider, call["call"])(*call.get("args", []), **call.get("named", {}))
        print(json.dumps({"result": result}), flush=True)
    provider.close()


if __name__ == "__main__":
    main()
