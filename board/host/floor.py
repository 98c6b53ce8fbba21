#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The demo: warehouses whose people are simulated, whose appliances are not.

For each site it starts stationd with scanners, weighing indicators and a label printer on their real
wires, and lets people do a dealt plan (deal.py) by scanning and reading the screen. The calendar is
compressed. It ends with a report that is recomputed from the journals and set against what truly
happened on the floor.
"""

import argparse
import datetime
import json
import multiprocessing
import os
import pathlib
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time

import appliance
import deal
import progress
import report
import warehouse
import worker
import world

LAST_DAY = datetime.date(2026, 11, 20)
SECONDS_TO_START = 1.5  # a site, from its devices to its people
GESTURE_SECONDS = 0.0025  # of processor time: a scan or a key, at the appliance and at its people
SHARE_NEEDED = 0.5  # of the processors: the calendar's pace leaves as much idle
SHARE_LEAST = 0.125  # of a machine that is busier the calendar runs ahead, rather than for hours
SHARE_SECONDS = 0.4


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="board/host/demo --alone",
                                     description=__doc__.split("\n")[0])
    parser.add_argument("--days", type=int, default=90, help="simulated days (default 90)")
    parser.add_argument("--speed", type=float, default=1.0,
                        help="seconds a simulated day takes (default 1)")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is drawn")
    parser.add_argument("--sites", type=int, default=1, choices=(1, 2, 3))
    parser.add_argument("--port", type=int, default=8080,
                        help="of the first site's screen; the others follow (default 8080)")
    parser.add_argument("--folder", type=pathlib.Path,
                        help="keep all files there (default: none are kept)")
    parser.add_argument("--build", type=pathlib.Path,
                        default=appliance.TOP / "build" / "release", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    check(parser, options)
    return options


def check(parser, options):
    """What every form of the demo allows."""
    if not 1 <= options.days <= deal.DAYS_MAX:
        parser.error(f"--days: 1 to {deal.DAYS_MAX}")
    if not 0.05 <= options.speed <= 3600:
        parser.error("--speed: 0.05 to 3600 seconds a day")
    if not 0 <= options.port <= 65533:
        parser.error("--port: 0 to 65533")
    if options.folder and options.folder.exists() and any(options.folder.iterdir()):
        parser.error(f"--folder: {options.folder} is not empty")


def main():
    options = options_of(sys.argv[1:])
    asked = threading.Event()  # somebody asked for the end
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.set())
    folder = options.folder or pathlib.Path(tempfile.mkdtemp(prefix="vyapar-demo-"))
    try:
        good = run(options, folder.resolve(), asked)
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


def run(options, folder, asked):
    first_day = LAST_DAY - datetime.timedelta(days=options.days - 1)
    catalogue = deal.write(folder / "deal", options.days, options.seed, first_day)
    names = deal.SITES[:options.sites]
    road = world.Road(names)
    sites = []
    for name in names:
        plan = json.loads((folder / "deal" / name / "plan.json").read_text())
        sites.append(warehouse.Site(name, plan, catalogue, road, options.build, folder / name,
                                    options.seed))
    days, seconds, statuses = 0, 0.0, []
    began = time.monotonic()
    try:
        calendar = begin(sites, options, folder, first_day)
        began = time.monotonic()
        days = play(sites, options, calendar, asked)
    finally:
        seconds = time.monotonic() - began
        statuses = [site.end() for site in sites]
    problems = [problem for site, status in zip(sites, statuses)
                for problem in site.problems(status)]
    return report.print_all(sites, options.build, days, seconds, problems)


def begin(sites, options, folder, first_day):
    for site in sites:
        site.start_devices()
    pace = seconds_a_day(sites, options)
    calendar = world.Calendar(first_day, pace, SECONDS_TO_START * len(sites))
    for n, site in enumerate(sites):
        port = options.port + n if options.port else 0
        if port and not port_is_free(port):
            print(f"port {port} is taken: {site.name}'s screen gets another", flush=True)
            port = 0
        site.begin(folder / "deal" / site.name, calendar, port)
        print(f"{site.name}: screen at http://127.0.0.1:{site.stationd.port}/  "
              f"(badge imran, asha or meera, PIN {worker.PIN})", flush=True)
    return calendar


def busy_share(_):
    """What a process that wants a whole processor gets of it."""
    began, used = time.monotonic(), time.process_time()
    while time.monotonic() < began + SHARE_SECONDS:
        pass
    return (time.process_time() - used) / (time.monotonic() - began)


def machine_share():
    """How much of its processors this machine has to give, 0 to 1: others may be at work on it."""
    count = os.cpu_count() or 1
    with multiprocessing.get_context("spawn").Pool(count) as pool:
        return sum(pool.map(busy_share, range(count), chunksize=1)) / count


def seconds_a_day(sites, options):
    """The calendar's pace: as asked, or as fast as this machine lets all sites work."""
    gestures = sum(warehouse.gestures(site.plan) for site in sites) / options.days
    least = gestures * GESTURE_SECONDS * 2 / min(2 * len(sites), os.cpu_count() or 1)
    share = machine_share()
    least *= max(1.0, SHARE_NEEDED / max(share, SHARE_LEAST))
    if least <= options.speed:
        return options.speed
    print(f"the calendar is slowed: {len(sites)} "
          f"{'site' if len(sites) == 1 else 'sites'} with {gestures:.0f} scans and keys a day need "
          f"{least:.2f} s for it on this machine, of which {share:.0%} are free, not "
          f"{options.speed:g}", flush=True)
    return least


def play(sites, options, calendar, asked, counted=None):
    """Opens day after day when the calendar is there and all people have done the day before.
    counted: the sites whose figures are told meanwhile, all unless said. Returns the number of days
    that were worked."""
    shown = progress.Progress(counted or sites, calendar, options.days)

    def ended():
        return asked.is_set() or any(site.stopping.is_set() for site in sites)

    def wait_for(reached, day):
        while not reached():
            if ended():
                return False
            shown.tell(day)
            time.sleep(0.005)
        return True

    day = 0
    while day < options.days and wait_for(
            lambda: calendar.day() >= day and all(site.done(day) for site in sites), day):
        for site in sites:
            site.world.end_days_before(calendar.date())
            site.open_day(day)
        day += 1
    wait_for(lambda: all(site.done(day) for site in sites), day)
    shown.close(day)
    if asked.is_set():
        print("ending: people lay down what they hold", flush=True)
    return day


def port_is_free(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    main()
