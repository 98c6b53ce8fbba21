# SPDX-License-Identifier: Apache-2.0
"""A post and the person at it, who scans, types and reads the screen as people do."""

import collections
import http.client
import json
import time

import appliance
import deal
import packs

PIN = "2580"
IDLE_SECONDS = 5


class Stop(Exception):
    """The floor was asked to stop."""


class Post:
    def __init__(self, name, port, scanner, stopping):
        self.name = name
        self.scanner = scanner
        self.stopping = stopping
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookie = None
        self.asked = time.monotonic()
        self.request("POST", "pair", {})
        self.screen = appliance.Screen(port, name, self.cookie)
        self.view = self.screen.wait(lambda v: True)
        self.latencies = []
        self.seconds = collections.Counter()  # second of the run -> scans
        self.typed = 0
        self.refused = collections.Counter()

    def request(self, method, tail, body):
        headers = {"Content-Type": "application/json"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        now = time.monotonic()
        if now - self.asked > IDLE_SECONDS:  # the server may have closed it by now
            self.connection.close()
        self.asked = now
        self.connection.request(method, f"/api/v1/posts/{self.name}/{tail}", json.dumps(body),
                                headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        if answer.status >= 400:
            raise RuntimeError(f"{self.name}: {method} {tail} {body}: {answer.status} {text[:200]}")
        return json.loads(text) if text else None

    # What hands do. Each returns what the screen says to it: (code, tone).

    def scan(self, text):
        if self.stopping.is_set():
            raise Stop
        before = self.view["answers"]
        began = time.monotonic()
        self.scanner.scan(text)
        self.view = self.screen.wait(lambda v: v["answers"] > before)
        ended = time.monotonic()
        self.latencies.append(ended - began)
        self.seconds[int(ended)] += 1
        return self.said()

    def key(self, command):
        if self.stopping.is_set():
            raise Stop
        self.view = self.request("POST", "commands", {"command": command})["view"]
        self.typed += 1
        return self.said()

    def card(self, command):
        return self.scan("VS*" + command)

    def said(self):
        answer = self.view.get("answer") or {"code": "", "tone": "none"}
        if answer["tone"] == "reject":
            self.refused[answer["code"]] += 1
        return answer["code"], answer["tone"]

    def prompt(self):
        return (self.view.get("prompt") or {"code": ""})["code"]

    # What people know how to do at every post.

    def sign_in(self, worker):
        self.scan(f"VW*{worker}")
        if self.prompt() == "type_pin":
            self.key(f"pin:{PIN}")

    def change_to(self, worker):
        self.card("sign_out")
        self.sign_in(worker)

    def lay_aside(self):
        """Out of whatever is in hand, without booking it."""
        for _ in range(4):
            if self.prompt() == "document_done" or not (
                    self.view.get("item") or self.view.get("document")):
                return
            self.card("cancel")

    def tell_batch(self, key, place=None):
        """Types what the bars did not say, reading it from the pack. True: the batch is known."""
        _, number, expiry, mrp = key
        typed = {"key_batch": f"batch:{number}", "key_expiry": f"expiry:{expiry}",
                 "key_mrp": f"mrp:{deal.rupees(mrp)}"}
        for _ in range(4):
            prompt = self.prompt()
            if prompt == "ask_lot":
                return self.choose_batch(key, place)
            if prompt not in typed:
                return True
            if self.key(typed[prompt])[1] == "reject":
                return False
        return False

    def choose_batch(self, key, place=None):
        """Taps the batch that is printed on the pack; false if the screen does not offer it."""
        for choice in self.view["choices"]:
            label = choice["label"]["args"]
            if choice["command"].startswith("pick_batch:") and label[0] == packs.words(key) and (
                    place is None or len(label) < 2 or label[1] == place):
                return self.key(choice["command"])[1] != "reject"
        self.card("cancel")
        return False
