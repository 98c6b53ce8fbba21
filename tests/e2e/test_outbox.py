# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages leave the relay at most once a try, whoever dies meanwhile, and the counts reconcile."""

import queue
import subprocess
import threading

import provider as double
import pytest
from provider_callbacks import signature

NOON = 20800 * 86_400_000 - 19_800_000 + 43_200_000  # of an Indian civil day
MINUTE, DAY = 60_000, 86_400_000


class Sender:
    """sender_peer over one folder, which may be killed and started again."""

    def __init__(self, build, folder, provider):
        self.command = [build / "tests/peer/sender_peer", f"sqlite:{folder}", "acme",
                        provider.whatsapp_url, provider.sms_url, provider.smtp_url]
        self.lines = queue.Queue()
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)
        threading.Thread(target=self.read, args=(self.process, self.lines), daemon=True).start()
        assert self.line() == "ready"

    @staticmethod
    def read(process, lines):
        for line in process.stdout:
            lines.put(line.strip())

    def line(self):
        return self.lines.get(timeout=60)

    def say(self, line):
        self.process.stdin.write(line + "\n")

    def ask(self, line):
        self.say(line)
        return self.line()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.lines = queue.Queue()
        self.start()

    def count(self):
        words = self.ask("count").split()
        return {state: int(n) for state, n in zip(words[::2], words[1::2]) if n != "0"}

    def pump(self, provider):
        """What the provider calls back, in its order, as the API would hand it over."""
        while not provider.callbacks.outgoing.empty():
            channel, raw, _ = provider.callbacks.outgoing.get()
            answer = self.ask(f"hook {channel} {signature('secret', raw)} {raw.decode()}")
            assert answer == "ok"
            provider.callbacks.outgoing.task_done()

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        assert self.process.returncode == 0


class Manual(double.Provider):
    """Its callbacks wait in a queue until the test hands them over."""

    def call_back(self):
        pass


@pytest.fixture
def provider():
    made = Manual(seed=7, whatsapp_hook="here", sms_hook="here")
    yield made
    made.close()


@pytest.fixture
def sender(build, tmp_path, provider):
    made = Sender(build, tmp_path / "store", provider)
    made.ask("setup 200")
    yield made
    made.end()


def held(**more):
    gate = threading.Event()
    return gate, {"gate": gate, **more}


@pytest.mark.parametrize("channel", ["whatsapp", "sms", "email"])
def test_killed_between_request_and_answer_nobody_gets_it_twice(sender, provider, channel):
    gate, fate = held()
    provider.script(channel, fate)
    assert sender.ask(f"queue k1 {channel} OUT-1") == "ok"
    sender.say(f"run {NOON}")
    assert provider.wait_taken(1)
    sender.kill()  # the provider has it, and no answer was written
    gate.set()
    assert sender.count() == {"sending": 1}
    assert sender.ask(f"queue k1 {channel} OUT-1") == "known"
    for minutes in (1, 2, 5, 600):
        sender.ask(f"run {NOON + minutes * MINUTE}")
    assert len(provider.taken(channel)) == 1 and not provider.doubles()
    sender.pump(provider)
    if channel == "email":  # nothing tells of it any more: given up, and said so
        sender.ask(f"run {NOON + 2 * DAY}")
        assert sender.count() == {"dead": 1}
    else:
        assert sum(sender.count().get(s, 0) for s in ("sent", "delivered", "read")) == 1
    assert not provider.doubles()


def test_a_connection_dropped_after_acceptance_is_settled_by_the_receipt(sender, provider):
    provider.script("whatsapp", {"drop": True})
    sender.ask("queue k1 whatsapp OUT-1")
    sender.ask(f"run {NOON}")
    assert sender.count() == {"sending": 1}
    sender.pump(provider)
    assert set(sender.count()) <= {"delivered", "read"}
    sender.ask(f"run {NOON + 2 * DAY}")
    assert len(provider.taken()) == 1


def test_a_provider_that_cannot_be_reached_is_tried_again(sender, provider):
    sender.ask("queue k1 whatsapp OUT-1")
    provider.script("whatsapp", {"refuse": 130429})
    due = int(sender.ask(f"run {NOON}").split()[1])
    assert sender.count() == {"queued": 1} and due == NOON + 10_000
    sender.ask(f"run {due}")
    assert sender.count() == {"sent": 1}


def test_a_hook_with_a_wrong_signature_changes_nothing(sender, provider):
    sender.ask("queue k1 whatsapp OUT-1")
    sender.ask(f"run {NOON}")
    _, raw, _ = provider.callbacks.outgoing.get()
    assert sender.ask(f"hook whatsapp sha256={'0' * 64} {raw.decode()}") == "refused"
    assert sender.count() == {"sent": 1}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_kills_drops_and_refusals_together_reconcile(build, tmp_path, seed):
    provider = Manual(seed=seed, whatsapp_hook="here", sms_hook="here",
                      shares={"drop": 100, "refuse": 150, "fail": 100})
    sender = Sender(build, tmp_path / "store", provider)
    sender.ask("setup 60")
    for n in range(1, 61):
        channel = ("whatsapp", "sms", "email")[n % 3]
        assert sender.ask(f"queue k{n} {channel} OUT-{n}") == "ok"
    now = NOON
    for kill in range(6):
        before = len(provider.taken())
        sender.say(f"run {now}")
        provider.wait_taken(before + 3, seconds=2)
        sender.kill()
        now += 2 * MINUTE
        sender.pump(provider)
    for _ in range(40):
        now += 5 * MINUTE
        sender.ask(f"run {now}")
        sender.pump(provider)
    sender.ask(f"run {now + 2 * DAY}")
    sender.pump(provider)
    counts = sender.count()
    assert not provider.doubles()
    assert not {"queued", "sending"} & set(counts)
    told = {m["message_id"] for m in provider.taken()}
    arrived = sum(counts.get(state, 0) for state in ("sent", "delivered", "read"))
    # All that are said to have gone were taken; what was taken and is not among them is said to be
    # given up without an answer (mail), or failed by its receipt.
    assert arrived <= len(told) <= sum(counts.values())
    sender.end()
    provider.close()
