#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A double of the providers on loopback: WhatsApp Cloud API, our SMS contract, the SMS gateways MSG91,
Exotel and Gupshup in the shapes of their public pages, and an SMTP server.

It answers, waits, refuses with given codes, drops connections after it has taken a message, and calls
back: sent, delivered, read, failed, STOP, orders. What it does with a message follows from its seed
and the message's id alone (provider_fate.py); a test may put answers of its own in front with script().
It remembers every message that it took, for assertions. How each provider is spoken to stands in
provider_whatsapp.py, provider_sms.py and provider_mail.py, how it calls back in provider_callbacks.py.

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
import http.server
import json
import pathlib
import random
import socketserver
import sys
import threading
import time

import provider_mail
import provider_sms
import provider_whatsapp
from provider_callbacks import Callbacks
from provider_fate import Fates, rest

IST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
SECRETS = {"whatsapp.token", "whatsapp.app_secret", "whatsapp.verify_token", "sms.key",
           "sms.callback_secret", "email.password", "email.callback_secret", "unsubscribe.secret"}
FORMS = {"sms": provider_sms.Contract(), **provider_sms.GATEWAYS}  # by the first word of the path
OTHERWISE = provider_whatsapp.CloudApi()


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

    def send(self, status, raw, media):
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        form = FORMS.get(self.path.split("/")[1], OTHERWISE)
        try:
            self.server.provider.on_http(self, form, raw)
        except ConnectionError:
            self.close_connection = True


class Provider:
    def __init__(self, seed=1, shares=None, whatsapp_hook=None, sms_hook=None, secret="secret",
                 callbacks=True, email_hook=None):
        self.hooks = {"whatsapp": whatsapp_hook, "sms": sms_hook, "email": email_hook}
        self.secret = secret
        self.follows = callbacks  # whether it tells what became of a message
        self.clock = time.time  # seconds since 1970, of what is told
        self.lock = threading.Condition()
        self.messages = []  # taken: {"channel", "message_id", "to", "provider_id", "body"}
        self.calls = []     # every request: (what, channel, message_id, detail)
        self.answers = {}   # where one that comes again is answered as before: message_id -> answer
        self.fates = Fates(seed, shares)
        self.callbacks = Callbacks(self.hooks, secret)
        self.web, self.smtp = Server(Web, self), Server(provider_mail.Smtp, self)
        self.whatsapp_url = f"http://127.0.0.1:{self.web.port}"
        self.sms_url = f"{self.whatsapp_url}/sms"
        self.smtp_url = f"smtp://127.0.0.1:{self.smtp.port}"
        threading.Thread(target=self.call_back, daemon=True).start()

    def gateway_url(self, vendor):
        return f"{self.whatsapp_url}/{vendor}/send"

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
        self.fates.script(channel, *fates)

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
        self.post("whatsapp", provider_whatsapp.reply(self.inbound_id(), sender, text, self.now(),
                                                      payload, answers))

    def sms_reply(self, sender, text, inbound_id=None):
        self.post("sms", provider_sms.reply(inbound_id or self.inbound_id(), sender, text, self.now()))

    def bounce(self, message, status="5.1.1", action="failed"):
        """The mail comes back."""
        self.post("email", provider_mail.bounce(message, status, action))

    def unsubscribe(self, message):
        self.post("email", provider_mail.unsubscription(message))

    def complain(self, message):
        """Its receiver calls it spam."""
        self.post("email", provider_mail.complaint(message))

    def preference(self, sender, value):
        self.post("whatsapp", provider_whatsapp.preference(sender, value, self.now()))

    def status(self, provider_id, status, message_id=None, code=None):
        self.post("whatsapp", provider_whatsapp.status(provider_id, status, self.now(), message_id,
                                                       code))

    def settle(self, seconds=60):
        """As Callbacks has it."""
        return self.callbacks.settle(seconds)

    def close(self):
        self.callbacks.close()
        for server in (self.web, self.smtp):
            server.shutdown()
            server.server_close()

    # ---- what happens to a message

    def note(self, what, channel, message_id, detail=None):
        with self.lock:
            self.calls.append((what, channel, message_id, detail))
            self.lock.notify_all()

    def take(self, channel, message_id, to, body):
        with self.lock:
            provider_id = f"{'wamid.' if channel == 'whatsapp' else 'p-'}{len(self.messages) + 1}"
            message = {"channel": channel, "message_id": message_id, "to": to,
                       "provider_id": provider_id, "body": body}
            self.messages.append(message)
            self.calls.append(("taken", channel, message_id, provider_id))
            self.lock.notify_all()
        return message

    def on_http(self, web, form, raw):
        message_id, to, body = form.read(web.headers, raw)
        if form.answers_again and message_id in self.answers:
            self.note("repeated", form.channel, message_id)
            web.send(*self.answers[message_id], form.media)
            return
        fate = self.fates.of(form.channel, message_id)
        if "refuse" in fate:
            self.note("refused", form.channel, message_id, fate["refuse"])
            web.send(*form.refuse(fate["refuse"]), form.media)
            return
        message = self.take(form.channel, message_id, to, body)
        answer = form.accept(message)
        if form.answers_again:
            self.answers[message_id] = answer
        if self.follows and self.hooks[form.channel]:
            for told in form.reports(message, self.now(), fate, self.fates.dice(message_id)):
                self.callbacks.tell(form.channel, told, form.report_media)
        rest(fate)
        if fate.get("drop"):
            raise ConnectionAbortedError
        web.send(*answer, form.media)

    # ---- callbacks

    def now(self):
        return datetime.datetime.fromtimestamp(int(self.clock()), IST)

    def inbound_id(self):
        with self.lock:
            return f"in-{len(self.calls)}-{random.getrandbits(32):x}"

    def post(self, channel, raw):
        media = "message/rfc822" if channel == "email" else "application/json"
        self.callbacks.tell(channel, raw, media)

    def call_back(self):
        self.callbacks.run()


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
