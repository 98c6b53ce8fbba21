#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The demo of a network: a broker, a relay, three warehouses of one distributor and one of another.

It runs the same days and seed twice: with the relay's proposals, and with the sites left to
themselves. People are simulated (floor.py), appliances, relay and broker are not. The report is
recomputed from the databases and set against what truly happened.
"""

import argparse
import concurrent.futures
import copy
import datetime
import pathlib
import shutil
import signal
import sys
import tempfile
import threading
import time

import appliance
import both_ends
import deal
import floor
import money
import offers
import offers_report
import relay
import report
import worker
import world
from network_site import NetworkSite


FOREIGN = "sahyadri"  # the other distributor: its one warehouse has the same names for everything
SECONDS_TO_START = 25.0  # all sites: their documents come by way of the relay
RELAY_SHARE = 1.35  # of processor time: couriers, broker and relay beside the appliances
DRAIN_SECONDS = 60
DAY = datetime.timedelta(days=1)


class Run:
    """One pass over the days. With a relay: whatever it says is done; without: sites by themselves."""

    def __init__(self, options, folder, seed, with_relay):
        self.options = options
        self.folder = folder
        self.first_day = floor.LAST_DAY - datetime.timedelta(days=options.days - 1)
        self.given = deal.Deal(options.days, seed, self.first_day)
        self.road = world.Road(deal.SITES)
        self.relay = relay.Relay(options.build, folder / "relay", self.first_day - 90 * DAY,
                                 ["demo", FOREIGN]) if with_relay else None
        self.sites = [self.site(name, "demo", self.road) for name in deal.SITES]
        self.offers = offers.Offers(self.sites, self.given.dealt, options.days,
                                    seed) if with_relay else None
        for site in self.sites:
            site.offers = self.offers
        if with_relay:
            self.sites.append(self.site("pune", FOREIGN, world.Road(["pune"])))
        self.days = 0
        self.seconds = 0.0
        self.problems = []

    def site(self, name, tenant, road):
        return NetworkSite(name, self.given if tenant == "demo" else copy.deepcopy(self.given), road,
                           self.options.build, self.folder / tenant / name, self.given.seed,
                           self.relay, tenant)

    def own(self):
        """The sites of the distributor that the report is about."""
        return [site for site in self.sites if site.tenant == "demo"]

    # --- the days

    def go(self, asked):
        statuses = []
        began = time.monotonic()
        try:
            calendar = self.begin()
            began = time.monotonic()
            self.days = floor.play(self.sites, self.options, calendar, asked)
            for site in self.sites:
                site.close_shop()
            self.drain()
        finally:
            if self.offers:
                self.problems += self.offers.close()
            self.seconds = time.monotonic() - began
            statuses = [site.end() for site in self.sites]
            if self.relay:
                self.problems += [f"the relay ended with {status}"
                                  for status in [self.relay.end()] if status != 0]
        self.problems += [problem for site, status in zip(self.sites, statuses)
                          for problem in site.problems(status)]

    def begin(self):
        for site in self.sites:
            site.start_devices()
        pace = floor.seconds_a_day(self.sites, self.options)
        calendar = world.Calendar(self.first_day, pace * RELAY_SHARE, SECONDS_TO_START)
        if self.relay:
            self.relay.clock = calendar.spec
            self.relay.tenant("demo", deal.SITES)
            self.relay.tenant(FOREIGN, ["pune"])
            self.relay.port = self.console_port()
            self.relay.channels = self.offers.begin(self.relay, calendar)
            self.relay.start()
            print(f"console at http://127.0.0.1:{self.relay.port}/  (distributor demo, user "
                  f"{relay.USER}, password {relay.PASSWORD})", flush=True)
        with concurrent.futures.ThreadPoolExecutor(len(self.sites)) as opening:
            list(opening.map(lambda site: self.open_site(site, calendar), self.sites))
        return calendar

    def console_port(self):
        """Behind the screens'."""
        port = self.options.port + len(self.sites) if self.options.port else 0
        return port if port and floor.port_is_free(port) else self.relay.port

    def open_site(self, site, calendar):
        self.write_master(site)
        port = self.options.port + self.sites.index(site) if self.options.port else 0
        site.begin(self.folder / "deal" / site.tenant / site.name, calendar,
                   port if port and floor.port_is_free(port) else 0)
        print(f"{site.tenant} {site.name}: screen at http://127.0.0.1:{site.stationd.port}/  "
              f"(badge imran, asha or meera, PIN {worker.PIN})", flush=True)

    def write_master(self, site):
        to = self.folder / "deal" / site.tenant / site.name
        to.mkdir(parents=True)
        for name, text in self.given.masters[site.name].items():
            (to / name).write_text(text)

    def drain(self):
        """Until the relay has all that was journalled."""
        until = time.monotonic() + DRAIN_SECONDS
        while self.relay and self.behind() and time.monotonic() < until:
            time.sleep(0.2)

    def behind(self):
        """Whether a journal has entries that are not at the relay yet."""
        stores = self.stores()
        return any(both_ends.journal_at(site.folder / "journal.db", 0)[0]
                   > stores[site.tenant].watermarks().get(site.name, (0, 0, b""))[1]
                   for site in self.sites)

    # --- what came of it

    def stores(self):
        return {tenant: both_ends.Store(self.relay.folder / "store", tenant)
                for tenant in self.relay.tenants}

    def worth(self):
        total = money.Worth()
        prices = offers_report.prices(self.stores()["demo"]) if self.relay else {}
        for site in self.own():
            for name, paise in money.of_site(site, prices).parts.items():
                total.add(name, paise)
        if self.relay:
            total.add("freight", -self.stores()["demo"].freight_paise())
        return total

    def invariants(self):
        found = [("all ended well", not self.problems, self.problems)]
        for site in self.sites:
            reported = report.SiteReport(site, self.options.build)
            found += [(f"{site.tenant} {site.name}: {what}", holds, against)
                      for what, holds, against in reported.invariants()]
        if self.relay:
            for tenant, store in self.stores().items():
                sites = [site for site in self.sites if site.tenant == tenant]
                found += [(f"{tenant}: {what}", holds, against)
                          for what, holds, against in both_ends.invariants(store, sites)]
            found += offers_report.invariants(self.offers, self.stores()["demo"])
        return found


def options_of(arguments):
    parser = argparse.ArgumentParser(
        prog="board/host/demo", description="A distributor's three warehouses, a relay and a broker.",
        epilog="board/host/demo --alone --help: appliances without a relay")
    parser.add_argument("--days", type=int, default=30, help="simulated days (default 30)")
    parser.add_argument("--speed", type=float, default=1.0,
                        help="least seconds that a simulated day takes (default 1)")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is drawn")
    parser.add_argument("--once", action="store_true",
                        help="only with the relay: no second run to compare with")
    parser.add_argument("--port", type=int, default=8080,
                        help="of the first site's screen; the others follow (default 8080)")
    parser.add_argument("--folder", type=pathlib.Path,
                        help="keep all files there (default: none are kept)")
    parser.add_argument("--build", type=pathlib.Path,
                        default=appliance.TOP / "build" / "release", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    floor.check(parser, options)
    return options


def main():
    options = options_of(sys.argv[1:])
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.set())
    folder = (options.folder or pathlib.Path(tempfile.mkdtemp(prefix="vyapar-demo-"))).resolve()
    try:
        good = compare(options, folder, asked)
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


def compare(options, folder, asked):
    runs = {}
    kinds = {"with the relay": True, "left to themselves": False}
    for name, with_relay in list(kinds.items())[:1 if options.once else 2]:
        print(f"--- {name}", flush=True)
        runs[name] = Run(options, folder / name.replace(" ", "-"), options.seed, with_relay)
        runs[name].go(asked)
        if asked.is_set():
            break
    return tell(runs)


def found(store):
    """What the relay found at risk, proposed and saw done."""
    for kind, (cases, units, paise) in store.cases().items():
        print(f"  found {kind:<8}{report.rupees(paise):>12} at risk in {cases} batches, "
              f"{report.grouped(units)} units")
    for action, states in store.proposals().items():
        print(f"  {action:<14}" + ", ".join(
            f"{state} {n} ({report.grouped(units)} units, {report.rupees(paise)})"
            for state, (n, units, paise) in states.items()))
    moved, cleared, returned, written_off, recovered = store.booked()
    print(f"  by scans: moved {report.grouped(moved)} units, cleared {report.grouped(cleared)}, "
          f"returned {report.grouped(returned)}, written off {report.grouped(written_off)}; "
          f"recovered {report.rupees(recovered)}")


def tell(runs):
    """Prints the report; whether every invariant holds."""
    for name, run in runs.items():
        worth = run.worth()
        print(f"\n{name}: {run.days} days in {run.seconds:.0f} s")
        for part, paise in sorted(worth.parts.items()):
            print(f"  {part:<12}{report.rupees(paise):>14}")
        print(f"  {'worth':<12}{report.rupees(worth.total()):>14}")
        if run.relay:
            found(run.stores()["demo"])
            print("\n".join(offers_report.lines(run.offers, run.stores()["demo"])))
            for tenant, store in sorted(run.stores().items()):
                entries, canonical, wire, batches = store.bytes()
                print(f"  {tenant}: {report.grouped(entries)} entries at the relay in "
                      f"{report.grouped(batches)} batches, {wire / max(1, entries):.1f} bytes an "
                      f"entry on the wire ({canonical / max(1, entries):.0f} as kept)")
    if len(runs) == 2:
        with_relay, alone = (run.worth().total() for run in runs.values())
        print(f"\nthe relay's proposals brought {report.rupees(with_relay - alone)} (one seed; what "
              "they save shows over months, so take short runs with care)")
    checks = [check for run in runs.values() for check in run.invariants()]
    print()
    for what, holds, against in checks:
        if not holds:
            print(f"  BROKEN  {what}: {'; '.join(map(str, against[:3]))}")
    held = sum(holds for _, holds, _ in checks)
    print(f"{held} of {len(checks)} invariants hold")
    return held == len(checks)


if __name__ == "__main__":
    main()
