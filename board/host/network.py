#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The demo of a network: a broker, a relay, three warehouses of one distributor and one of another.

It runs the same days and seed twice: with the relay's proposals, and with the sites left to
themselves. People are simulated (floor.py, office.py), and so are shops (market.py) and the
providers of messages (provider.py); appliances, relay and broker are not. The report is recomputed
from the databases and set against what truly happened.
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
import network_report
import offers
import offers_report
import relay
import report
import trouble
import worker
import world
from network_site import NetworkSite


FOREIGN = "sahyadri"  # the other distributor: its one warehouse has the same names for everything
SECONDS_TO_START = 20.0  # all sites: their documents come by way of the relay
RELAY_SHARE = 1.35  # of processor time: couriers, broker and relay beside the appliances
CHAOS_SHARE = 1.5  # daemons that start again, and people who wait for them
DRAIN_SECONDS = 120
PORT = 8080
SEEDS_MAX = 100
KINDS = {"with the relay": True, "left to themselves": False}
PROGRAMS = ["firmware/stationd", "firmware/ctl/vyaparctl", "sync/syncd", "cloud-relay/relayd",
            "cloud-relay/relayctl", "hal/sim/scanner_sim", "hal/sim/scale_sim",
            "hal/sim/printer_sim"]
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
        self.calendar = None
        self.troubles = self.trouble_asked(seed) if with_relay else []
        self.days = 0
        self.late_days = 0  # that the calendar was ahead of the people when they were done
        self.seconds = 0.0
        self.problems = []

    def site(self, name, tenant, road):
        return NetworkSite(name, self.given if tenant == "demo" else copy.deepcopy(self.given), road,
                           self.options.build, self.folder / tenant / name, self.given.seed,
                           self.relay, tenant)

    def own(self):
        """The sites of the distributor that the report is about."""
        return [site for site in self.sites if site.tenant == "demo"]

    def trouble_asked(self, seed):
        options = self.options
        asked = []
        if options.chaos:  # the first to end: what it killed must stand again for the others
            asked.append(trouble.Chaos(self, seed))
        if options.unplug:
            site = next(site for site in self.own() if site.name == options.unplug)
            asked.append(trouble.Unplugged(self, site, options.unplug_days, options.days))
        return asked

    # --- the days

    def go(self, asked):
        statuses = []
        began = time.monotonic()
        try:
            self.begin()
            began = time.monotonic()
            for each in self.troubles:
                each.start()
            self.days = floor.play(self.sites, self.options, self.calendar, asked, self.own())
            self.late_days = max(0, self.calendar.day() + 1 - self.days)
            self.calm()
            for site in self.sites:
                site.close_shop()
            self.drain()
        finally:
            self.calm()
            if self.offers:
                self.offers.finish()
            self.seconds = time.monotonic() - began
            statuses = [site.end() for site in self.sites]
            if self.relay:
                self.problems += [f"the relay ended with {status}"
                                  for status in [self.relay.end()] if status != 0]
                self.problems += self.offers.close()
            for each in self.troubles:
                each.end()
        self.problems += [problem for each in self.troubles for problem in each.problems]
        self.problems += [problem for site, status in zip(self.sites, statuses)
                          for problem in site.problems(status)]

    def calm(self):
        """What was killed or cut stands again."""
        for each in self.troubles:
            each.stop()

    def begin(self):
        for site in self.sites:
            site.start_devices()
        pace = floor.seconds_a_day(self.sites, self.options)
        pace *= RELAY_SHARE * (CHAOS_SHARE if self.options.chaos and self.relay else 1)
        calendar = self.calendar = world.Calendar(self.first_day, pace, SECONDS_TO_START)
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
            total.add("owed", -self.offers.margin_owed())
        return total

    def invariants(self):
        """[(where, what must hold, whether it does, what speaks against it)]"""
        found = [("all", "people, appliances and relay ended well", not self.problems,
                  self.problems)]
        for site in self.sites:
            reported = report.SiteReport(site, self.options.build)
            found += [(f"{site.tenant} {site.name}", *check) for check in reported.invariants()]
        if self.relay:
            for tenant, store in self.stores().items():
                sites = [site for site in self.sites if site.tenant == tenant]
                found += [(tenant, *check) for check in both_ends.invariants(store, sites)]
            found += [("demo", *check) for check in offers_report.invariants(
                self.offers, self.stores()["demo"])]
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
    parser.add_argument("--seeds", type=int, metavar="N",
                        help="N seeds, each with and without the relay: the mean difference in "
                             "rupees with its 95 %% interval")
    parser.add_argument("--unplug", metavar="SITE",
                        help="cut this warehouse's line for days in the middle: "
                             + ", ".join(deal.SITES))
    parser.add_argument("--unplug-days", type=int, metavar="N",
                        help=f"for so many days (default {trouble.DAYS_UNPLUGGED}, and no more "
                             "than the middle third of the run)")
    parser.add_argument("--chaos", action="store_true",
                        help="kill broker, relay, couriers and appliances at random meanwhile")
    parser.add_argument("--port", type=int, default=argparse.SUPPRESS,
                        help=f"of the first site's screen; the others and the console follow; 0: "
                             f"free ones (default {PORT})")
    parser.add_argument("--folder", type=pathlib.Path,
                        help="keep all files there (default: none are kept)")
    parser.add_argument("--build", type=pathlib.Path,
                        default=appliance.TOP / "build" / "release", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    chosen = "port" in options
    options.port = getattr(options, "port", PORT)
    floor.check(parser, options)
    check(parser, options)
    check_ports(parser, options, chosen)
    return options


def check(parser, options):
    """What belongs together, and what must be there."""
    if options.unplug_days is not None and not options.unplug:
        parser.error("--unplug-days: --unplug SITE says which; one of " + ", ".join(deal.SITES))
    if options.unplug and options.unplug not in deal.SITES:
        parser.error(f"--unplug {options.unplug}: the warehouses are " + ", ".join(deal.SITES))
    if options.unplug and options.days < 3:
        parser.error("--unplug: --days 3 or more, so that there is a day before and one after")
    if options.unplug:
        most = options.days - 2
        asked = options.unplug_days
        options.unplug_days = asked or min(trouble.DAYS_UNPLUGGED, options.days // 3)
        if asked is not None and not 1 <= asked <= most:
            parser.error(f"--unplug-days: 1 to {most} of {options.days} days")
    if options.seeds is not None and not 1 <= options.seeds <= SEEDS_MAX:
        parser.error(f"--seeds: 1 to {SEEDS_MAX}")
    if options.seeds and options.once:
        parser.error("--seeds compares each seed with itself without the relay; --once leaves that "
                     "out: give one of them")
    lacking = [name for name in PROGRAMS if not (options.build / name).exists()]
    if lacking:
        parser.error(f"{options.build} lacks {', '.join(lacking)}; board/host/demo builds all, or: "
                     f"cmake --build {options.build} --target "
                     + " ".join(name.rsplit("/", 1)[1] for name in lacking))


def check_ports(parser, options, chosen):
    """Screens and console are wanted in a row; who asked for a row gets it or hears why not."""
    row = range(options.port, options.port + len(deal.SITES) + 2)
    if options.port and row[-1] > 65535:
        parser.error(f"--port: 0 to {65535 - len(row) + 1}, {len(row)} ports in a row are needed")
    taken = [port for port in row if options.port and not floor.port_is_free(port)]
    if not taken:
        return
    words = f"port {', '.join(map(str, taken))} {'is' if len(taken) == 1 else 'are'} taken"
    if chosen:
        parser.error(f"--port {options.port}: {words}; {len(row)} free ones in a row are needed, "
                     "--port 0 takes any")
    print(f"{words}: what belongs there gets another, as printed below", flush=True)


def main():
    options = options_of(sys.argv[1:])
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.set())
    folder = (options.folder or pathlib.Path(tempfile.mkdtemp(prefix="vyapar-demo-"))).resolve()
    try:
        good = (compare_seeds if options.seeds else compare)(options, folder, asked)
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


def run_both(options, folder, seed, asked):
    """name -> Run: with the relay, and without it unless that is left out."""
    runs = {}
    for name, with_relay in list(KINDS.items())[:1 if options.once else 2]:
        print(f"--- {name}", flush=True)
        runs[name] = Run(options, folder / name.replace(" ", "-"), seed, with_relay)
        runs[name].go(asked)
        if asked.is_set():
            break
    return runs


def compare(options, folder, asked):
    return network_report.print_all(run_both(options, folder, options.seed, asked))


def compare_seeds(options, folder, asked):
    seeds = network_report.Seeds()
    rows = [seeds.heading()]
    for seed in range(options.seed, options.seed + options.seeds):
        print(f"seed {seed}, {seed - options.seed + 1} of {options.seeds}", flush=True)
        runs = run_both(options, folder / f"seed-{seed}", seed, asked)
        if asked.is_set():
            break
        rows.append(seeds.row(seed, runs))
        print("\n".join((rows[0], rows[-1])), flush=True)
        if not options.folder:
            shutil.rmtree(folder / f"seed-{seed}", ignore_errors=True)
    print("\n" + "\n".join([*rows, seeds.verdict()]))
    return not seeds.broken


if __name__ == "__main__":
    main()
