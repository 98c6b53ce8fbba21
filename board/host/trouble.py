# SPDX-License-Identifier: Apache-2.0
"""What goes wrong in a network while people work: one site's line is cut for days, and daemons are
killed at moments that a seed draws. Each has a thread of its own."""

import collections
import functools
import signal
import threading
import time

import both_ends
import deal
import world

DAYS_UNPLUGGED = 30
DAYS_BETWEEN_KILLS = 0.4  # on average, from one that stands again to the next
DAYS_AWAY_MAX = 0.4  # until a killed daemon is started again
LEAST_SECONDS_APART = 0.3  # of the world: a start takes some, whatever the calendar's pace
BACKLOG_SECONDS = 240  # of the world, until one has arrived
WATCH_SECONDS = 0.02


class Trouble:
    """A thread that ends with the run; what goes wrong in it ends the run."""

    def __init__(self, run):
        self.run = run
        self.over = threading.Event()  # no more trouble
        self.ended = threading.Event()
        self.calm = threading.Event()  # all that was killed or cut stands again
        self.problems = []
        self.thread = threading.Thread(target=self.guarded, daemon=True)

    def start(self):
        self.thread.start()

    def guarded(self):
        try:
            self.make()
        except Exception as problem:  # told at the end
            self.problems.append(f"{type(self).__name__.lower()}: {problem!r}")
            for site in self.run.sites:
                site.stopping.set()
        self.calm.set()
        self.ended.wait()  # a daemon ends with the thread that started it

    def make(self):
        raise NotImplementedError

    def stop(self):
        """Everything stands again when this returns."""
        self.over.set()
        if self.thread.is_alive():
            self.calm.wait()

    def end(self):
        self.over.set()
        self.ended.set()
        if self.thread.is_alive():
            self.thread.join()

    def wait_until(self, day):
        """False: it is over before."""
        while self.run.calendar.days() < day:
            if self.over.wait(WATCH_SECONDS):
                return False
        return True


class Unplugged(Trouble):
    """One site's line is cut in the middle of the days."""

    def __init__(self, run, site, days, of_days):
        super().__init__(run)
        self.site = site
        self.days = days
        self.first = (of_days - days) // 2
        self.waited = None  # entries that waited when the line came back
        self.took_seconds = None

    def make(self):
        if not self.wait_until(self.first):
            return
        self.site.link.cut()
        cut_days = self.run.calendar.days()
        self.wait_until(self.first + self.days)
        head, stored = self.heads()
        self.waited = head - stored
        began = time.monotonic()
        self.days = self.run.calendar.days() - cut_days
        self.site.link.mend()
        while self.heads()[1] < head:
            if self.ended.wait(WATCH_SECONDS) or time.monotonic() - began > BACKLOG_SECONDS:
                raise TimeoutError(f"{self.site.name}: {self.heads()} of a backlog to {head}")
        self.took_seconds = time.monotonic() - began

    def heads(self):
        """(last entry of the site's journal, how far the relay has it)"""
        store = both_ends.Store(self.run.relay.folder / "store", self.site.tenant)
        head, _ = both_ends.journal_at(self.site.folder / "journal.db", 0)
        return head, store.watermarks().get(self.site.name, (0, 0, b""))[1]

    def lines(self):
        if self.took_seconds is None:
            yield f"{self.site.name}: the run ended before its line was cut and back again"
            return
        yield (f"{self.site.name} was cut off for {self.days:.1f} days, from day {self.first + 1} "
               "on, and sold on")
        yield (f"{self.waited} entries waited when its line was back; the relay had all of them "
               f"{self.took_seconds:.1f} s later (lines keep their true pace, whatever the calendar's)")


class Chaos(Trouble):
    """kill -9 for broker, relay, a courier and an appliance, at random, in rounds in which each has
    its turn."""

    def __init__(self, run, seed):
        super().__init__(run)
        self.chance = deal.draw(seed, "chaos")
        self.kills = collections.Counter()

    def make(self):
        pace = world.DAY_MS / self.run.calendar.speed_permille  # seconds a day
        sites = self.run.sites
        victims = {"broker": [self.strike_broker], "relay": [self.strike_relay],
                   "courier": [functools.partial(self.strike_courier, site) for site in sites],
                   "appliance": [site.cut_power for site in sites]}
        while not self.over.is_set() and self.run.calendar.days() < 0:
            self.over.wait(WATCH_SECONDS)
        round_of = []
        while True:
            apart = self.chance.expovariate(1 / (DAYS_BETWEEN_KILLS * pace))
            if self.over.wait(max(LEAST_SECONDS_APART, apart)):
                return
            round_of = round_of or self.chance.sample(list(victims), len(victims))
            name = round_of.pop()
            self.kills[name] += 1
            self.chance.choice(victims[name])(self.chance.uniform(0, DAYS_AWAY_MAX * pace))

    def strike_broker(self, away):
        self.run.relay.broker.kill()
        self.over.wait(away)
        self.run.relay.broker.start()

    def strike_relay(self, away):
        self.run.relay.stop(signal.SIGKILL)
        self.over.wait(away)
        self.run.relay.start()

    def strike_courier(self, site, away):
        site.syncd.stop(signal.SIGKILL)
        self.over.wait(away)
        site.syncd.start()

    def lines(self):
        counts = ", ".join(f"{name} {n}" for name, n in sorted(self.kills.items()))
        open_deeds = sum((site.looked_up for site in self.run.sites), collections.Counter())
        yield f"killed without warning and started again: {counts or 'nothing'}"
        yield (f"bookings in whose middle a screen went dark: {sum(open_deeds.values())}; looked up "
               f"afterwards: {open_deeds['booked']} booked, {open_deeds['not booked']} not, and done "
               "once more")
