# SPDX-License-Identifier: Apache-2.0
"""A post and the person at it, who scans, types and reads the screen as people do."""

import collections
import contextlib
import http.client
import json
import threading
import time
import uuid

import appliance
import deal
import packs

PIN = "2580"
IDLE_SECONDS = 5
PATIENCE_SECONDS = 90  # with an appliance that is busy, on a machine that may be
BUSY, CONFLICT = 503, 409
WEIGHING_SECONDS = 5
DARK_SECONDS = 30  # from a connection that broke to the word that the appliance is gone


class Stop(Exception):
    """The floor was asked to stop."""


class Dark(Exception):
    """The screen went dark: the appliance is gone. What it was not able to answer is open."""


class Post:
    """A workplace. `hand` and `key` raise Dark from the moment the appliance is gone until the
    person here has come back to it (Person.come_back)."""

    def __init__(self, name, port, scanner, stopping, world):
        self.name = name
        self.port = port
        self.scanner = scanner
        self.stopping = stopping
        self.world = world
        self.latencies = []
        self.seconds = collections.Counter()  # second of the run -> scans
        self.typed = 0
        self.refused = collections.Counter()
        self.dark = threading.Event()
        self.at_it = threading.Lock()  # one gesture at a time
        self.doubt = None  # a deed that was begun and is not answered for
        self.connection = None
        self.screen = None
        self.open()

    def open(self):
        """The screen of this post, as a browser that is opened there gets it."""
        if self.connection:
            self.connection.close()
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                     timeout=PATIENCE_SECONDS)
        self.cookie = None
        self.asked = time.monotonic()
        self.request("POST", "pair", {})
        self.screen = appliance.Screen(self.port, self.name, self.cookie)
        self.view = self.screen.wait(lambda v: True, PATIENCE_SECONDS)

    def go_dark(self):
        """The appliance is gone; ends with nobody in the middle of a gesture."""
        self.dark.set()
        self.screen.close()
        while not self.at_it.acquire(timeout=0.05):
            self.screen.close()  # one that was opened meanwhile
        self.at_it.release()

    def request(self, method, tail, body):
        """As the screen does it: an appliance that is busy, or has the command and no answer yet, is
        asked again under the same key."""
        key = uuid.uuid4().hex
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            status, text = self.ask(method, tail, body, key)
            if status < 400:
                return json.loads(text) if text else None
            waits = status == BUSY or (status == CONFLICT and b'"in_progress"' in text)
            if not waits or time.monotonic() > until:
                raise RuntimeError(f"{self.name}: {method} {tail} {body}: {status} {text[:200]}")
            time.sleep(0.05)

    def ask(self, method, tail, body, key):
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
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
        return answer.status, text

    @contextlib.contextmanager
    def gesture(self):
        if self.stopping.is_set():
            raise Stop
        with self.at_it:
            if self.dark.is_set():
                raise Dark(self.name)
            try:
                yield
            except (OSError, http.client.HTTPException) as lost:
                if not self.dark.wait(DARK_SECONDS):
                    raise
                raise Dark(self.name) from lost

    # What hands do. Each returns what the screen says to it: (code, tone).

    def scan(self, text):
        with self.gesture():
            before = self.view["answers"]
            began = time.monotonic()
            self.scanner.scan(text)
            self.view = self.screen.wait(lambda v: v["answers"] > before, PATIENCE_SECONDS)
            ended = time.monotonic()
        self.latencies.append(ended - began)
        self.seconds[int(ended)] += 1
        return self.said()

    def key(self, command):
        with self.gesture():
            self.view = self.request("POST", "commands", {"command": command})["view"]
        self.typed += 1
        return self.said()

    def weighed(self, scale, grams):
        """Puts a load on a scale; whether the screen took its weight."""
        with self.gesture():
            before = self.screen.latest()["answers"]
            scale.tell(f"put {grams}")
            try:
                self.view = self.screen.wait(lambda v: v["answers"] > before, WEIGHING_SECONDS)
                return True
            except TimeoutError:
                return False
            finally:
                scale.tell("put 0")

    def read(self, path):
        """Rows of a list."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with self.gesture():
                status, answer = appliance.get_json(self.port, path, PATIENCE_SECONDS,
                                                    self.cookie)
            if status == 200:
                return answer["rows"]
            if status != BUSY or time.monotonic() > until:
                raise RuntimeError(f"{self.name}: {path}: {status} {answer}")
            time.sleep(0.05)

    def book(self, deed, gestures, booked):
        """What books: gestures() says (code, tone), and by booked(code, tone) whether the goods
        are where the deed has them. Until then the deed is open."""
        with self.world.hands:
            self.doubt = deed
            said = gestures()
            self.doubt = None
            if booked(*said):
                self.world.do(deed)
        return said

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
        if self.view["worker"] != worker:
            raise RuntimeError(f"{self.name}: {worker} is not let in: {self.view}")

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


class Person:
    """Somebody who works at a post, and goes on where the appliance stands when it was gone."""

    def __init__(self, site, post):
        self.site = site
        self.post = post

    def begin(self):
        """Signs in."""
        raise NotImplementedError

    def see_through(self, task, *arguments):
        """Does a task to its end: one that looks first what of it is done already."""
        gone = False
        while True:
            try:
                if gone:
                    self.come_back()
                return task(*arguments)
            except Dark:
                gone = True

    def come_back(self):
        """Waits for the screen, signs in again, and looks up what nobody was answered for."""
        while self.site.lost.is_set():
            if self.post.stopping.wait(0.01):
                raise Stop
        with self.site.coming_back:
            if self.site.lost.is_set():
                raise Dark(self.post.name)
            self.post.dark.clear()
            with self.post.gesture():
                self.post.open()
            self.begin()
            self.site.look_up(self.post)
