# SPDX-License-Identifier: Apache-2.0
"""The calls by which the double of the providers tells a relay what became of messages and what people
answered: one after the other, signed as Meta does, and again until each is taken. What they say is the
business of who tells it."""

import hashlib
import hmac
import http.client
import queue
import threading
import time
import urllib.error
import urllib.request

PATIENCE_SECONDS = 20  # for the answer to a callback
RETRY_SECONDS = 0.2  # until a callback is told again; minutes and hours there


def signature(secret, body):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Callbacks:
    def __init__(self, hooks, secret):
        self.hooks = hooks  # channel -> address, or None: nobody is told
        self.secret = secret
        self.lock = threading.Condition()
        self.outgoing = queue.Queue()  # (channel, raw, media type)
        self.pending = {}  # id of what is out -> itself
        self.answered = {}  # channel -> what came last instead of 200, in words

    def tell(self, channel, raw, media):
        item = (channel, raw, media)
        with self.lock:
            self.pending[id(item)] = item
        self.outgoing.put(item)

    def settle(self, seconds):
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

    def run(self):
        """Until close(). As Meta does: what is not answered with 200 is told again, without an end."""
        while True:
            item = self.outgoing.get()
            if item is None:
                return
            channel, raw, media = item
            hook = self.hooks[channel]
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

    def close(self):
        self.outgoing.put(None)
