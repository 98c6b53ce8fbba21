# SPDX-License-Identifier: Apache-2.0
"""What happens to a message at the double of the providers: by a test's script first, then by the seed,
the message's id and how often it was tried, so that a run can be repeated."""

import collections
import random
import threading
import time

# As shares of a thousand; the rest is accepted, delivered and read.
DEFAULT_SHARES = {"drop": 0, "refuse": 0, "fail": 0, "unread": 300}
RETRY_CODE = {"whatsapp": 130429, "sms": 429, "email": 451}
FAIL_CODE = {"whatsapp": 131026, "sms": "23005", "email": 550}
GATE_SECONDS = 30  # that a test may hold an answer back


class Fates:
    def __init__(self, seed, shares=None):
        self.seed, self.shares = seed, {**DEFAULT_SHARES, **(shares or {})}
        self.lock = threading.Lock()
        self.scripts = {channel: [] for channel in RETRY_CODE}
        self.tries = collections.Counter()  # by message_id

    def script(self, channel, *fates):
        """Of the channel's next messages."""
        with self.lock:
            self.scripts[channel] += fates

    def of(self, channel, message_id):
        """A dictionary with "refuse" or "fail" (a code), "drop" or "unread" (whether); a script may also
        say "delay_s" and "gate" (an event)."""
        with self.lock:
            tries = self.tries[message_id]
            self.tries[message_id] += 1
            if self.scripts[channel]:
                return self.scripts[channel].pop(0)
        dice = random.Random(f"{self.seed}:{channel}:{message_id}:{tries}")
        if dice.randrange(1000) < self.shares["refuse"]:
            return {"refuse": RETRY_CODE[channel]}
        if dice.randrange(1000) < self.shares["drop"]:
            return {"drop": True}
        if dice.randrange(1000) < self.shares["fail"]:
            return {"fail": FAIL_CODE[channel]}
        return {"unread": dice.randrange(1000) < self.shares["unread"]}

    def dice(self, message_id):
        """Of what is told about a message."""
        return random.Random(f"{self.seed}:{message_id}")


def rest(fate):
    """Between taking a message and answering."""
    if fate.get("delay_s"):
        time.sleep(fate["delay_s"])
    if fate.get("gate"):
        fate["gate"].wait(GATE_SECONDS)
