# SPDX-License-Identifier: Apache-2.0
"""The network demo as anyone starts it: broker, relay, four appliances of two distributors, through a
cut line and kill -9; and what its people do when a screen goes dark in the middle of a booking."""

import collections
import datetime
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import types

import pytest

import appliance
import deal
import floor
import network_report
import report
import warehouse
import worker
import world

LONG = os.environ.get("TESTS_LONG") == "1"


def demo(build, *options, timeout=1800):
    with tempfile.TemporaryDirectory(prefix="network-") as folder:  # names of devices are bounded
        return subprocess.run(
            [sys.executable, appliance.TOP / "board" / "host" / "network.py", "--port", "0",
             "--build", build, "--folder", folder, *options],
            capture_output=True, text=True, timeout=timeout, check=False)


def all_held(done):
    assert done.returncode == 0, done.stdout + done.stderr
    held, of = map(int, re.search(r"(\d+) of (\d+) invariants hold", done.stdout).groups())
    assert held == of >= 27, done.stdout
    return done.stdout


def stored(said):
    """Entries at the relay, a warehouse each."""
    return {name: int(entries.replace(",", "")) for name, entries in re.findall(
        r"^  ((?:demo|sahyadri) \w+) +[\d,]+ +[\d,]+ +([\d,]+)", said, re.MULTILINE)}


def test_days_of_the_network_end_with_every_invariant_held(build):
    said = all_held(demo(build, "--days", "3", "--once"))
    assert len(stored(said)) == 4 and min(stored(said).values()) > 100, said


def through_trouble(build, days, kills):
    """A site is cut off, and everything is killed meanwhile."""
    said = all_held(demo(build, "--days", str(days), "--seed", "2", "--once", "--unplug", "belagavi",
                         "--chaos", timeout=1800 + 60 * days))
    waited = re.search(r"([\d,]+) entries waited .* the relay had all of them", said)
    assert waited and int(waited[1].replace(",", "")) > 20 * days, said
    killed = dict(re.findall(r"(appliance|broker|courier|relay) (\d+)", said))
    assert len(killed) == 4 and sum(map(int, killed.values())) >= kills, said


def test_a_cut_line_and_kills_of_every_daemon_lose_and_double_nothing(build):
    through_trouble(build, 6, 4)


@pytest.mark.skipif(not LONG, reason="takes minutes: tests/run --all")
def test_a_month_of_it_loses_and_doubles_nothing(build):
    through_trouble(build, 35, 30)


# --- what it says to those who ask for what there is not

def refused(*options):
    done = subprocess.run([sys.executable, appliance.TOP / "board" / "host" / "network.py", *options],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    return done.stderr


@pytest.mark.parametrize("options, words", [
    (["--unplug", "nagpur"], "bhiwandi, pune, belagavi"),
    (["--unplug-days", "3"], "one of bhiwandi, pune, belagavi"),
    (["--unplug", "pune", "--days", "2"], "--days 3 or more"),
    (["--unplug", "pune", "--days", "9", "--unplug-days", "8"], "1 to 7 of 9 days"),
    (["--seeds", "0"], "--seeds: 1 to 100"),
    (["--seeds", "3", "--once"], "give one of them"),
    (["--days", "0"], "--days: 1 to"),
    (["--port", "65533"], "--port: 0 to"),
])
def test_what_is_not_possible_is_refused_with_what_is(build, options, words):
    assert words in refused("--build", str(build), *options)


def test_a_port_that_is_taken_is_named(build):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        said = refused("--build", str(build), "--port", str(port))
    assert re.search(rf"port {port}\b.* taken", said) or "--port: 0 to" in said, said


def test_programs_that_a_build_folder_lacks_are_named(tmp_path):
    said = refused("--build", str(tmp_path))
    assert "cloud-relay/relayd" in said and "--target stationd" in said, said


# --- the mean over seeds

@pytest.mark.parametrize("differences, mean, half", [
    ([1.0, 3.0], 2.0, 12.706),
    ([4.0, 4.0, 4.0], 4.0, 0.0),
    ([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0], 5.0, 1.78747),  # s = 2.13809, t(7) = 2.365 / sqrt 8
])
def test_the_interval_of_paired_differences_is_students(differences, mean, half):
    assert network_report.interval(differences) == pytest.approx((mean, half), rel=1e-3)


# --- a screen that went dark in the middle of a booking

KEY = ("TEA-1", "B7", "2027-01-31", 14000)


class Books:
    """A post whose lists say what the appliance holds."""

    def __init__(self, bins, codes=()):
        self.bins = bins
        self.codes = codes

    def read(self, path):
        if path == "/api/v1/captures":
            return [{"code": code} for code in self.codes]
        return [{"batch": KEY[1], "expiry": KEY[2], "mrp_paise": KEY[3], "bin": place, "qty": units}
                for place, units in self.bins.items()]


def site_with(places, deeds):
    there = world.World()
    for place, units in places.items():
        there.put(KEY, place, units)
    site = warehouse.Site.__new__(warehouse.Site)  # no devices, no files: only what is looked up
    site.name, site.world, site.looked_up = "here", there, collections.Counter()
    site.posts = {n: types.SimpleNamespace(doubt=deed) for n, deed in enumerate(deeds)}
    return site


PICKED = world.Deed(moves=[(KEY, "A-01", -4)], notes=[("sold", KEY, 4, "SO-1")])
CARRIED = world.Deed(moves=[(KEY, "DOCK", -6), (KEY, "A-01", 6)])


@pytest.mark.parametrize("books, left", [
    ({"A-01": 10, "DOCK": 6}, {"A-01": 10, "DOCK": 6}),  # neither
    ({"A-01": 6, "DOCK": 6}, {"A-01": 6, "DOCK": 6}),
    ({"A-01": 16}, {"A-01": 16, "DOCK": 0}),
    ({"A-01": 12}, {"A-01": 12, "DOCK": 0}),  # both
])
def test_what_was_not_answered_is_done_as_far_as_the_books_have_it(books, left):
    site = site_with({"A-01": 10, "DOCK": 6}, [PICKED, CARRIED])
    site.look_up(Books(books))
    assert {place: site.world.units(KEY, place) for place in left} == left
    assert all(post.doubt is None for post in site.posts.values())
    assert sum(site.looked_up.values()) == 2


def test_a_booking_whose_answer_nobody_saw_is_not_made_twice(build, tmp_path):
    """The power goes when the pick is durable and before the person has seen it."""
    first_day = floor.LAST_DAY - datetime.timedelta(days=2)
    catalogue = deal.write(tmp_path / "deal", 3, 7, first_day)
    plan = json.loads((tmp_path / "deal" / "pune" / "plan.json").read_text())
    site = warehouse.Site("pune", plan, catalogue, world.Road(["pune"]), build, tmp_path / "pune", 7)
    cuts = []
    try:
        site.start_devices()
        calendar = world.Calendar(first_day, 2.0, floor.SECONDS_TO_START)
        site.begin(tmp_path / "deal" / "pune", calendar, 0)
        pick = site.posts["pick"]
        see = pick.key

        def look_away(command):
            said = see(command)
            if said[0] == "picked" and not cuts:
                cuts.append(threading.Thread(target=site.cut_power, args=(0.1,)))
                cuts[0].start()
                pick.dark.wait()
                raise worker.Dark
            return said

        pick.key = look_away
        floor.play([site], types.SimpleNamespace(days=3), calendar, threading.Event())
        cuts[0].join()
    finally:
        status = site.end()
    assert not site.problems(status)
    assert site.looked_up["booked"] == 1
    for what, holds, against in report.SiteReport(site, build).invariants():
        assert holds, (what, against)


def test_a_piece_that_is_missed_until_it_is_counted_deceives_nobody():
    for books, missed in ({"A-01": 10}, 1), ({"A-01": 9}, 0):
        site = site_with({"A-01": 10}, [world.Deed(counted="A-01")])
        site.world.vanish(KEY, "A-01", 1)
        site.look_up(Books(books))
        assert sum(site.world.vanished.values()) == missed


def test_an_unknown_code_was_kept_if_it_stands_in_the_list():
    for codes, times in ((["]E02912345678901"], 1), ([], 0)):
        done = []
        site = site_with({}, [world.Deed(code="2912345678901", then=lambda: done.append(1))])
        site.look_up(Books({}, codes))
        assert len(done) == times


def test_books_that_fit_nothing_that_was_done_are_an_error():
    site = site_with({"A-01": 10}, [PICKED])
    with pytest.raises(RuntimeError, match="fits nothing"):
        site.look_up(Books({"A-01": 7}))
