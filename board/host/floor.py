#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The demo: warehouses whose people are simulated, whose appliances are not.

For each site it starts stationd with scanners, weighing indicators and a label printer on their real
wires, and lets workers do a dealt plan (deal.py) by scanning and reading the screen: goods are
received and put away, orders picked, bins counted, returns taken, transfers sent and taken in,
expired stock destroyed. The calendar is compressed. It ends with a report that is recomputed from
the journal and set against what the workers saw with their own eyes.
"""

import argparse
import collections
import csv
import datetime
import http.client
import io
import json
import pathlib
import queue
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import appliance
import deal
import products as product_list

PIN = "2580"
IST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
DAY_MS = 86_400_000


class Stop(Exception):
    """The demo was asked to end."""


class Calendar:
    """Simulated time, as every process of the demo has it."""

    def __init__(self, first_day, seconds_a_day):
        start = datetime.datetime.combine(first_day, datetime.time(8), IST)
        self.start_ms = int(start.timestamp() * 1000)
        self.speed_permille = int(DAY_MS / seconds_a_day)
        self.origin_ms = int(time.clock_gettime(time.CLOCK_MONOTONIC) * 1000)
        self.spec = f"lapse:{self.start_ms}:{self.speed_permille}:{self.origin_ms}"

    def now_ms(self):
        gone = time.clock_gettime(time.CLOCK_MONOTONIC) * 1000 - self.origin_ms
        return self.start_ms + gone * self.speed_permille / 1000

    def date(self):
        return datetime.datetime.fromtimestamp(self.now_ms() / 1000, IST).date()


class World:
    """Where goods truly lie, by what is printed on them; whatever the books say."""

    def __init__(self):
        self.lots = collections.defaultdict(lambda: collections.defaultdict(int))
        self.expired = {}  # key -> units that were there when its day ended
        self.lock = threading.Lock()

    def put(self, key, place, units):
        with self.lock:
            self.lots[key][place] += units
            if not self.lots[key][place]:
                del self.lots[key][place]

    def at(self, place):
        with self.lock:
            return [(key, places[place]) for key, places in self.lots.items() if place in places]

    def end_day(self, date):
        """Notes what expired with this day still on the shelf (quarantine apart)."""
        with self.lock:
            for key, places in self.lots.items():
                if key[2] == date.isoformat() and key not in self.expired:
                    units = sum(n for place, n in places.items() if place != "QUAR")
                    if units > 0:
                        self.expired[key] = units


class Post:
    """A workplace and the person at it: scans, types, and reads the screen."""

    def __init__(self, site, name, scanner):
        self.site = site
        self.name = name
        self.scanner = scanner
        self.connection = http.client.HTTPConnection("127.0.0.1", site.stationd.port, timeout=30)
        self.cookie = None
        self.request("POST", "pair", {})
        self.screen = appliance.Screen(site.stationd.port, name, self.cookie)
        self.view = self.screen.wait(lambda v: True)
        self.latencies = []
        self.scans = 0
        self.typed = 0
        self.refused = collections.Counter()

    def request(self, method, tail, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.cookie:
            headers["Cookie"] = self.cookie
        self.connection.request(method, f"/api/v1/posts/{self.name}/{tail}",
                                json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        if answer.status >= 400:
            raise RuntimeError(f"{self.name}: {method} {tail} {body}: {answer.status} {text[:200]}")
        return json.loads(text) if text else None

    def scan(self, text):
        """One scan, and what the screen says to it: (code, tone)."""
        if self.site.stopping.is_set():
            raise Stop
        before = self.view["answers"]
        began = time.monotonic()
        self.scanner.scan(text)
        self.view = self.screen.wait(lambda v: v["answers"] > before)
        self.latencies.append(time.monotonic() - began)
        self.scans += 1
        return self.said()

    def key(self, command):
        if self.site.stopping.is_set():
            raise Stop
        answer = self.request("POST", "commands", {"command": command})
        self.view = answer["view"]
        self.typed += 1
        return self.said()

    def said(self):
        answer = self.view.get("answer") or {"code": "", "tone": "none"}
        if answer["tone"] == "reject":
            self.refused[answer["code"]] += 1
        return answer["code"], answer["tone"]

    def prompt(self):
        return (self.view.get("prompt") or {"code": ""})["code"]

    def sign_in(self, worker):
        self.scan(f"VW*{worker}")
        if self.prompt() == "type_pin":
            self.key(f"pin:{PIN}")

    def card(self, command):
        return self.scan("VS*" + command)

    def lay_aside(self):
        """Out of whatever is in hand, without booking it."""
        for _ in range(4):
            if self.prompt() == "document_done" or not (
                    self.view.get("item") or self.view.get("document")):
                return
            self.card("cancel")


class Site:
    def __init__(self, name, plan, catalogue, calendar, build, folder, seed, web_port):
        self.name = name
        self.plan = plan
        self.goods = {p.sku: p for p in catalogue}
        self.calendar = calendar
        self.folder = folder
        self.stopping = threading.Event()
        self.world = World()
        self.chance = random.Random(f"{seed}:{name}:floor")
        self.devices = []
        self.orders = []  # rows of the orders document
        self.orders_version = 0
        self.errors = queue.Queue()
        self.day = -1
        self.day_done = collections.Counter()
        self.documents = folder / "documents"
        self.labels = folder / "labels"
        for made in (self.documents, self.labels):
            made.mkdir(parents=True)
        self.start_devices(build)
        self.stationd = appliance.Stationd(build, folder, self.settings(web_port))

    # --- devices

    def device(self, *arguments):
        device = appliance.Device(*arguments)
        self.devices.append(device)
        return device

    def start_devices(self, build):
        wires = self.folder / "wires"
        wires.mkdir()
        self.scanners = {
            "dock": appliance.Scanner(build, "evdev", wires / "scanner-dock", "ctrl"),
            "pick": appliance.Scanner(build, "serial", wires / "scanner-pick"),
            "weigh": appliance.Scanner(build, "evdev", wires / "scanner-weigh", "f8"),
        }
        self.devices += self.scanners.values()
        tcp = free_port()
        self.scales = [
            self.device(build, "scale_sim", "rtu", wires / "scale-rtu", "laumas_tl"),
            self.device(build, "scale_sim", "tcp", tcp, "laumas_tl"),
            self.device(build, "scale_sim", "ascii", "mtsics", wires / "scale-ascii"),
        ]
        printer = free_port()
        self.printer = self.device(build, "printer_sim", printer, self.labels)
        for device in self.devices:
            device.ready()
        self.lines = {
            "scanner1": f"evdev {wires}/scanner-dock post=dock name=dock-evdev",
            "scanner2": f"serial {wires}/scanner-pick post=pick name=pick-serial",
            "scanner3": f"evdev {wires}/scanner-weigh post=weigh name=weigh-evdev",
            "scale1": f"rtu {wires}/scale-rtu post=weigh profile=laumas_tl decimals=3 name=floor-rtu",
            "scale2": f"tcp 127.0.0.1:{tcp} post=weigh profile=laumas_tl decimals=3 name=bench-tcp",
            "scale3": f"ascii {wires}/scale-ascii post=weigh profile=mtsics name=counter-ascii",
            "printer1": f"tcp 127.0.0.1:{printer} name=labels",
        }

    def settings(self, web_port):
        return {
            "site": {"tenant": "demo", "device": self.name, "name": self.name,
                     "folder": self.folder, "documents": self.documents},
            "clock": {"source": self.calendar.spec},
            "web": {"port": web_port},
            "floor": {"post1": "dock DOCK QUAR", "post2": "pick DOCK QUAR",
                      "post3": "weigh DOCK QUAR", "sign_out_minutes": 0,
                      # A millisecond here is a minute and a half there: no scan is a stutter.
                      "repeat_ms": 0, "repeat_count_ms": 0},
            "devices": self.lines,
            "risk": {"dead_days": 60, "slow_days": 30},
        }

    # --- documents

    def lay(self, name, text):
        """Puts a document into the folder at once and waits until the appliance took it."""
        part = self.folder / (name + ".part")
        part.write_text(text)
        target = self.documents / name
        part.rename(target)
        return target

    def wait_applied(self, target):
        until = time.monotonic() + 30
        while target.exists():
            if time.monotonic() > until:
                raise RuntimeError(f"{target} was not taken")
            time.sleep(0.002)
        if target.with_name(target.name + ".refused").exists():
            raise RuntimeError(f"{target.name} was refused: see {self.stationd.log}")

    def lay_master(self, source):
        for name in ("catalogue", "parties", "bins", "workers"):
            self.lay(f"{name}-1.csv", (source / f"{name}.csv").read_text())
        self.lay("history-1.csv", deal.csv_text(["sku", "day", "units"], self.plan["history"]))
        rows = []
        for lot in self.plan["opening"]:
            rows.append({"bin": lot["bin"], "sku": lot["sku"], "batch": self.number(lot),
                         "made": lot["made"], "expiry": lot["expiry"], "mrp": self.mrp(lot),
                         "qty": lot["qty"]})
            self.world.put(self.key_of(lot), lot["bin"], lot["qty"])
        self.lay("opening.csv", deal.csv_text(
            ["bin", "sku", "batch", "made", "expiry", "mrp", "qty"], rows))

    def number(self, lot):
        """Loose goods carry no batch number."""
        return "" if self.goods[lot["sku"]].unit == "gram" else lot["batch"]

    def mrp(self, lot):
        return "" if self.goods[lot["sku"]].unit == "gram" else deal.rupees(lot["mrp_paise"])

    def key_of(self, lot):
        return (lot["sku"], self.number(lot), lot["expiry"],
                0 if self.goods[lot["sku"]].unit == "gram" else lot["mrp_paise"])

    def publish_orders(self, day):
        """The day's orders, and those of the last days that are still open."""
        plan = self.plan["days"][day]
        rows = []

        def add(kind, document, party, lines):
            for n, line in enumerate(lines, 1):
                rows.append({"document": document, "kind": kind, "line": n, "party": party,
                             "sku": line["sku"], "qty": line["qty"], "due": plan["date"],
                             "batch": line.get("batch", ""), "expiry": line.get("expiry", ""),
                             "mrp": deal.rupees(line["mrp_paise"]) if line.get("mrp_paise") else "",
                             "received": line.get("received", "")})

        for r in plan["receipts"]:
            add("purchase", r["document"], r["party"],
                [{"sku": lot["sku"], "qty": lot["qty"]} for lot in r["lines"]])
        for o in plan["orders"]:
            add("sale", o["document"], o["party"], o["lines"])
        for t in plan["transfers_out"]:
            add("transfer_out", t["document"], t["party"], [t])
        for t in plan["transfers_in"]:
            add("transfer_in", t["document"], t["party"], self.transfer_lines(t))
        self.orders = (self.orders + rows)[-4000:]
        self.orders_version += 1
        target = self.lay(f"orders-{self.orders_version}.csv", deal.csv_text(
            ["document", "kind", "line", "party", "sku", "qty", "due", "batch", "expiry", "mrp",
             "received"], self.orders))
        self.wait_applied(target)

    def transfer_lines(self, t):
        """What a transfer brings: what was truly loaded, when the sender is part of this run."""
        loaded = IN_TRANSIT.pop(t["document"], None)
        t["lots"] = loaded or [dict(t["lot"], sku=t["sku"], qty=t["qty"])]
        return t["lots"]

    # --- what workers do

    def label(self, key, level="piece"):
        """The bars on a pack, as the maker or our own printer put them there."""
        sku, number, expiry, _ = key
        p = self.goods[sku]
        gtin = p.gtins.get(level) or p.gtins["piece"]
        day = expiry[2:].replace("-", "")
        ai = "17" if p.expiry_kind == "use_by" else "15"
        return f"]C101{gtin}{ai}{day}10{number}"

    def loose_label(self, p, grams):
        """As the counter scale prints it: prefix 21, item, grams, check digit."""
        body = f"{p.instore_item}{grams:05d}"
        return "]E0" + body + product_list.check_digit(body)

    def move(self, key, place, place_to, units):
        self.world.put(key, place, -units)
        self.world.put(key, place_to, units)

    def receive(self, post, receipt):
        post.card("flow:receive")
        if post.scan("VD*" + receipt["document"])[0] != "document_open":
            return
        for lot in receipt["lines"]:
            self.receive_lot(post, lot)
        post.lay_aside()
        self.put_away(post, receipt["lines"])

    def receive_lot(self, post, lot):
        p = self.goods[lot["sku"]]
        key = self.key_of(lot)
        if p.unit == "gram":
            post.scan(self.loose_label(p, 25000))
            if post.prompt() == "key_expiry":
                post.key("expiry:" + lot["expiry"])
        else:
            post.scan(self.label(key, "case"))
            if post.prompt() == "key_mrp":
                post.key("mrp:" + deal.rupees(lot["mrp_paise"]))
        post.key(f"qty:{lot['qty']}")
        said, tone = post.card("ok")
        for _ in range(3):
            if tone != "attention":
                break
            # A question: more than ordered, or little life left. People say yes, or hold the goods.
            commands = [c["command"] for c in post.view["choices"]]
            said, tone = post.key("status:hold" if "status:hold" in commands else "ok")
        if tone in ("accept", "attention") and said.startswith("received"):
            self.world.put(key, "DOCK", lot["qty"])
        else:
            post.lay_aside()

    def put_away(self, post, lots):
        post.card("flow:put_away")
        for lot in lots:
            key = self.key_of(lot)
            p = self.goods[lot["sku"]]
            if not any(k == key for k, _ in self.world.at("DOCK")):
                continue
            post.scan(self.label(key) if p.unit == "piece" else self.loose_label(p, 25000))
            if post.prompt() == "which_batch":
                post.key("pick_batch:1")
            post.key(f"qty:{lot['qty']}")
            home = self.plan["home"][lot["sku"]]
            if post.scan("VB*" + home)[1] == "accept":
                self.move(key, "DOCK", home, lot["qty"])
            else:
                post.lay_aside()

    def pick(self, post, document, lines):
        """Until the screen says that the document is done, doing what it shows."""
        post.scan("VD*" + document)
        for _ in range(3 * lines + 6):
            target = post.view.get("target")
            if post.prompt() == "document_done" or not post.view.get("document"):
                break
            if not target or not target.get("bin"):
                post.key("short")
                if post.prompt() == "why_short":
                    post.key("reason:not_found")
                elif post.said()[1] == "reject":
                    post.key("skip")
                continue
            self.pick_line(post, document, target)
        post.lay_aside()

    def pick_line(self, post, document, target):
        key = (target["sku"], target["batch"] or "", target["expiry"] or "",
               target["mrp_paise"] or 0)
        p = self.goods[target["sku"]]
        there = dict(self.world.at(target["bin"])).get(key, 0)
        want = min(target["qty"], there)
        if want <= 0:  # the shelf does not hold what the books say
            post.key("short")
            if post.prompt() == "why_short":
                post.key("reason:not_found")
            return
        if p.unit == "gram":
            said, tone = post.scan(self.loose_label(p, min(want, 99999)))
            if post.prompt() == "which_batch":
                said, tone = post.key("pick_batch:1")
        else:
            said, tone = post.scan(self.label(key))
        if tone == "attention" and post.prompt() == "which_batch":
            said, tone = post.key("pick_batch:1")
        if tone == "attention" and post.prompt() == "why_other_batch":
            said, tone = post.key("reason:blocked")
        if tone == "noted":
            said, tone = post.key(f"qty:{want}")
        if tone in ("accept", "attention") and said in ("picked", "dispatched"):
            self.world.put(key, target["bin"], -want)
            if said == "dispatched":
                IN_TRANSIT.setdefault(document, []).append(
                    {"sku": key[0], "batch": key[1], "expiry": key[2], "mrp_paise": key[3],
                     "qty": want})
        elif tone == "reject":
            post.key("cancel")
            post.key("skip")

    def arrive(self, post, transfer):
        post.card("flow:arrive")
        if post.scan("VD*" + transfer["document"])[0] != "document_open":
            return
        for lot in transfer["lots"]:
            key = self.key_of(lot)
            post.scan(self.label(key))
            for prompt, command in (("key_expiry", "expiry:" + lot["expiry"]),
                                    ("key_mrp", "mrp:" + deal.rupees(lot["mrp_paise"]))):
                if post.prompt() == prompt:
                    post.key(command)
            missing = 1 if self.chance.random() < 0.1 else 0
            post.key(f"qty:{lot['qty'] - missing}")
            if post.card("ok")[1] == "accept":
                self.world.put(key, "DOCK", lot["qty"] - missing)
            if missing:
                post.key("short")
        post.lay_aside()
        self.put_away(post, [dict(lot, qty=dict(self.world.at("DOCK")).get(self.key_of(lot), 0))
                             for lot in transfer["lots"]])

    def take_back(self, post, ret):
        """A shop brings goods back: of a batch that was here, or a date read from the pack."""
        p = self.goods[ret["sku"]]
        if p.unit == "gram":
            return
        date = self.calendar.date() + datetime.timedelta(days=self.chance.randint(5, 60))
        key = (ret["sku"], f"R{date:%y%m%d}", date.isoformat(), p.mrp_paise)
        post.card("flow:return")
        post.scan(self.label(key))
        if post.prompt() == "key_mrp":
            post.key("mrp:" + deal.rupees(p.mrp_paise))
        post.key(f"qty:{ret['qty']}")
        post.card("ok")
        said, tone = post.key("reason:" + self.chance.choice(["damaged", "near_expiry", "not_sold"]))
        if tone == "accept":
            self.world.put(key, "QUAR", ret["qty"])
        else:
            post.lay_aside()

    def count(self, post, place):
        """Counts what lies in a bin, honestly; sometimes a piece has gone missing before."""
        lots = self.world.at(place)
        if lots and self.chance.random() < 0.05:
            key, units = lots[0]
            if units > 1 and self.goods[key[0]].unit == "piece":
                self.world.put(key, place, -1)
        post.card("flow:count")
        for _ in range(2):  # once more if asked
            lots = self.world.at(place)
            post.scan("VB*" + place)
            for key, units in lots:
                p = self.goods[key[0]]
                post.scan(self.label(key) if p.unit == "piece" else self.loose_label(p, 1000))
                if post.prompt() == "which_batch":
                    post.key("pick_batch:1")
                post.key(f"qty:{units}")
            said, tone = post.card("ok")
            if post.prompt() in ("ask_missing", "ask_zero"):
                said, tone = post.card("ok")
            if said not in ("count_again", "count_moved"):
                break
        post.lay_aside()

    def destroy(self, post, today):
        """The supervisor clears the shelves of what has expired, before a witness."""
        gone = [(key, place, units) for key, places in list(self.world.lots.items())
                for place, units in list(places.items())
                if key[2] < today.isoformat() and place != "QUAR"
                and self.goods[key[0]].unit == "piece"]
        if not gone:
            return
        post.card("sign_out")
        post.sign_in("meera")
        post.card("flow:dispose")
        for key, place, units in gone:
            post.scan("VB*" + place)
            post.scan(self.label(key))
            if post.prompt() == "key_mrp":
                post.key("mrp:" + deal.rupees(key[3]))
            post.key(f"qty:{units}")
            post.card("ok")
            post.key("reason:expired")
            post.key(f"note:photo {key[1]}")
            if post.scan("VW*imran")[1] == "accept":
                self.world.put(key, place, -units)
            else:
                post.lay_aside()
        post.card("sign_out")
        post.sign_in("asha")

    def capture(self, post):
        """A carton whose code nobody knows."""
        post.card("flow:receive")
        code = "]E0" + "290000000000"[:12] + product_list.check_digit("290000000000")
        if post.scan(code)[0] == "capture_wanted":
            post.key("qty:6")
        post.lay_aside()

    # --- threads

    def guard(self, work):
        def run():
            try:
                work()
            except Stop:
                pass
            except Exception as problem:  # told at the end, with the site's name
                if not self.stopping.is_set():
                    self.errors.put(problem)
                self.stopping.set()
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def wait_for_day(self, day):
        while self.day < day:
            if self.stopping.is_set():
                raise Stop
            time.sleep(0.005)

    def work_dock(self):
        post = self.posts["dock"]
        post.sign_in("asha")
        for day, plan in enumerate(self.plan["days"]):
            self.wait_for_day(day)
            for receipt in plan["receipts"]:
                self.receive(post, receipt)
            for transfer in plan["transfers_in"]:
                self.arrive(post, transfer)
            for ret in plan["returns"]:
                self.take_back(post, ret)
            for place in plan["counts"]:
                self.count(post, place)
            if day % 7 == 6:
                self.destroy(post, datetime.date.fromisoformat(plan["date"]))
            if day % 30 == 4:
                self.capture(post)
            self.day_done["dock"] = day + 1

    def work_pick(self):
        post = self.posts["pick"]
        post.sign_in("imran")
        for day, plan in enumerate(self.plan["days"]):
            self.wait_for_day(day)
            post.card("flow:pick")
            for order in plan["orders"]:
                self.pick(post, order["document"], len(order["lines"]))
            for transfer in plan["transfers_out"]:
                post.card("flow:dispatch")
                self.pick(post, transfer["document"], 1)
            self.day_done["pick"] = day + 1

    def work_scales(self):
        """Puts a load on one scale after the other; a weight takes a second to settle."""
        post = self.posts["weigh"]
        post.sign_in("meera")
        post.card("flow:weigh")
        turn = 0
        while not self.stopping.is_set():
            scale = self.scales[turn % len(self.scales)]
            turn += 1
            before = post.screen.latest()["answers"]
            scale.tell(f"put {self.chance.randrange(500, 30000)}")
            try:
                post.screen.wait(lambda v: v["answers"] > before, timeout=5)
                self.day_done["weighed"] += 1
            except TimeoutError:
                self.day_done["not_weighed"] += 1
            scale.tell("put 0")
            time.sleep(0.3)

    def begin(self, source):
        self.lay_master(source)
        self.stationd.start()
        self.posts = {name: Post(self, name, scanner) for name, scanner in self.scanners.items()}
        self.threads = [self.guard(self.work_dock), self.guard(self.work_pick),
                        self.guard(self.work_scales)]

    def open_day(self, day):
        if day > 0:
            self.world.end_day(datetime.date.fromisoformat(self.plan["days"][day - 1]["date"]))
        self.publish_orders(day)
        self.day = day

    def done(self, days):
        return self.day_done["dock"] >= days and self.day_done["pick"] >= days

    def end(self):
        self.stopping.set()
        for thread in getattr(self, "threads", []):
            thread.join(10)
        for post in getattr(self, "posts", {}).values():
            post.screen.close()
        status = self.stationd.stop()
        for device in self.devices:
            device.stop()
        return status


IN_TRANSIT = {}  # transfer -> lots truly loaded, on the road between sites of this run


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def rupee_text(paise):
    return f"₹{paise / 100:,.0f}"


# --- the report


class Ledger:
    """What the journal says happened, recomputed from its entries alone."""

    INTO = {"opening": "opened", "received": "received", "returned": "returned",
            "arrived": "arrived", "corrected_in": "corrected"}
    OUT = {"picked": "sold", "dispatched": "dispatched", "sent_back": "sent back",
           "disposed": "disposed", "corrected_out": "corrected"}

    def __init__(self, entries):
        self.accounts = collections.defaultdict(collections.Counter)  # key -> account -> units
        self.kinds = collections.Counter()
        self.flags = {}  # key -> (day, units, paise) of its first flag as at risk
        self.alerts = collections.Counter()
        self.statuses = collections.Counter()
        self.dead = {}
        for e in entries:
            self.take(e)

    def take(self, e):
        kind = e["kind"]
        self.kinds[kind] += 1
        key = (e.get("sku", ""), e.get("batch", ""), e.get("expiry_day", ""),
               e.get("mrp_paise", 0))
        units = e.get("qty", 0)
        if kind in self.INTO:
            self.accounts[key][self.INTO[kind]] += units
        elif kind in self.OUT:
            self.accounts[key][self.OUT[kind]] -= units
        elif kind == "counted":
            self.accounts[key]["counted"] += e.get("observed", 0) - e.get("expected", 0)
        elif kind == "adjusted":
            self.accounts[key]["adjusted"] += units
        elif kind == "flagged" and e["reason"] == "at_risk":
            day = datetime.datetime.fromtimestamp(e["wall_ms"] / 1000, IST).date()
            self.flags.setdefault(key, (day, e.get("risk_units", 0), e.get("risk_paise", 0)))
        elif kind == "flagged" and e["reason"] == "dead":
            self.dead.setdefault(e["sku"], e["wall_ms"])
        elif kind == "alerted":
            self.alerts[e["reason"]] += 1

    def totals(self):
        sums = collections.Counter()
        for accounts in self.accounts.values():
            sums.update(accounts)
        return sums


def entries_of(build, journal):
    """The journal's entries as vyaparctl prints them, one JSON object a line."""
    command = [build / "firmware" / "ctl" / "vyaparctl", "journal", "dump", journal, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as dump:
        for line in dump.stdout:
            yield json.loads(line)
    if dump.returncode:
        raise RuntimeError("vyaparctl journal dump failed")


def ctl(build, *arguments):
    return subprocess.run([build / "firmware" / "ctl" / "vyaparctl", *map(str, arguments)],
                          capture_output=True, text=True, check=False)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def report(site, build, days, seconds):
    """Prints one site's report; returns whether all of it agrees."""
    journal = site.folder / "journal.db"
    ledger = Ledger(entries_of(build, journal))
    totals = ledger.totals()
    good = True

    posts = site.posts.values()
    scans = sum(p.scans for p in posts)
    latencies = [x for p in posts for x in p.latencies]
    print(f"\n{site.name}: {days} days in {seconds:.0f} s")
    print(f"  scans {scans}, keyed in {sum(p.typed for p in posts)}, weighings "
          f"{site.day_done['weighed']}, labels printed {len(list(site.labels.glob('*.zpl')))}, "
          f"entries {sum(ledger.kinds.values())}")
    print(f"  scan to answer on the screen: median {1000 * statistics.median(latencies):.1f} ms, "
          f"p99 {1000 * percentile(latencies, 0.99):.1f} ms (durable commit included)")
    refused = sum((p.refused for p in posts), collections.Counter())
    if refused:
        print("  refused by the station: "
              + ", ".join(f"{code} {n}" for code, n in refused.most_common(8)))

    # Stock, three ways: the equation over entries, the appliance's fold, and what truly lies there.
    on_hand = sum(totals.values())
    print("  stock  " + " + ".join(f"{name} {totals[name]}" for name in
                                   ("opened", "received", "returned", "arrived") if totals[name])
          + " = " + " + ".join(f"{name} {-totals[name]}" for name in
                               ("sold", "disposed", "dispatched", "sent back") if totals[name])
          + f" + counted {-totals['counted']} + adjusted {-totals['adjusted']}"
          + f" + on hand {on_hand}")
    balance = ctl(build, "journal", "balance", journal)
    good &= balance.returncode == 0
    print(f"  conserved by SKU and batch: {'yes' if balance.returncode == 0 else 'NO'}")
    books = {key: sum(accounts.values()) for key, accounts in ledger.accounts.items()}
    truth = {key: sum(places.values()) for key, places in site.world.lots.items()}
    differ = [key for key in books.keys() | truth.keys() if books.get(key, 0) != truth.get(key, 0)]
    print(f"  batches {len(books)}, books and shelves differ in {len(differ)}"
          + (" (pieces that went missing and were not counted yet)" if differ else ""))

    verified = ctl(build, "journal", "verify", journal)
    good &= verified.returncode == 0
    print(f"  hash chain: {'verified' if verified.returncode == 0 else 'BROKEN'}"
          f" ({verified.stdout.strip().splitlines()[-1] if verified.stdout.strip() else ''})")

    report_risk(site, ledger)
    return good


def report_risk(site, ledger):
    """What was said to be dying, and what died."""
    cost = {sku: p.cost_paise / p.piece_units for sku, p in site.goods.items()}
    flagged_units = sum(units for _, units, _ in ledger.flags.values())
    flagged_paise = sum(paise for _, _, paise in ledger.flags.values())
    print(f"  at risk, when first found: {len(ledger.flags)} batches, {flagged_units} units, "
          f"{rupee_text(flagged_paise)}; dead SKUs found {len(ledger.dead)}; alerts "
          + (", ".join(f"{r} {n}" for r, n in ledger.alerts.most_common()) or "none"))
    died = site.world.expired
    units = sum(died.values())
    paise = sum(n * cost[key[0]] for key, n in died.items())
    known = {key: n for key, n in died.items() if key in ledger.flags}
    leads = sorted((datetime.date.fromisoformat(key[2]) - ledger.flags[key][0]).days
                   for key in known)
    print(f"  truly expired on the shelf: {len(died)} batches, {units} units, {rupee_text(paise)}")
    if died:
        share = 100 * sum(n * cost[k[0]] for k, n in known.items()) / paise if paise else 0
        print(f"  of these found before: {len(known)} batches, {sum(known.values())} units, "
              f"{share:.0f} % of the rupees, {leads[len(leads) // 2] if leads else 0} days before "
              f"(median; first and last {leads[0] if leads else 0} and "
              f"{leads[-1] if leads else 0})")
    ended = site.plan["days"][site.day]["date"]
    over = [key for key in ledger.flags if key[2] and key[2] < ended]
    sold_out = [key for key in over if key not in died]
    print(f"  flagged batches whose day has come: {len(over)}, of which {len(sold_out)} sold out "
          "in time after all")


def main():
    parser = argparse.ArgumentParser(prog="demo", description=__doc__.split("\n")[0])
    parser.add_argument("--days", type=int, default=90, help="simulated days (default 90)")
    parser.add_argument("--speed", type=float, default=1.0,
                        help="seconds a simulated day takes (default 1)")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is drawn")
    parser.add_argument("--sites", type=int, default=1, choices=(1, 2, 3))
    parser.add_argument("--port", type=int, default=8080, help="of the first site's screen")
    parser.add_argument("--folder", type=pathlib.Path, help="keep all files there")
    parser.add_argument("--build", type=pathlib.Path,
                        default=appliance.TOP / "build" / "release")
    options = parser.parse_args()
    if not 1 <= options.days <= 300:
        parser.error("--days: 1 to 300")
    if options.speed < 0.05:
        parser.error("--speed: 0.05 seconds a day or more")

    folder = options.folder or pathlib.Path(tempfile.mkdtemp(prefix="vyapar-demo-"))
    if options.folder and folder.exists() and any(folder.iterdir()):
        parser.error(f"{folder} is not empty")
    status = 1
    try:
        status = run(options, folder)
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(status)


def run(options, folder):
    first_day = datetime.date(2026, 11, 20) - datetime.timedelta(days=options.days - 1)
    subprocess.run([sys.executable, appliance.TOP / "board" / "host" / "deal.py",
                    folder / "deal", "--days", str(options.days), "--seed", str(options.seed),
                    "--first-day", first_day.isoformat()], check=True)
    demand = deal.Demand()
    catalogue = product_list.catalogue(demand.pasta_series, demand.other_series)
    calendar = Calendar(first_day, options.speed)

    asked = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: asked.set())
    signal.signal(signal.SIGTERM, lambda *_: asked.set())

    sites = []
    for n, name in enumerate(deal.SITES[:options.sites]):
        plan = json.loads((folder / "deal" / name / "plan.json").read_text())
        port = options.port + n if options.port else 0
        if port and not port_is_free(port):
            print(f"port {port} is taken: {name}'s screen gets another", flush=True)
            port = 0
        sites.append(Site(name, plan, catalogue, calendar, options.build, folder / name,
                          options.seed, port))
    began = time.monotonic()
    days_done = 0
    try:
        for site in sites:
            site.begin(folder / "deal" / site.name)
            print(f"{site.name}: screen at http://127.0.0.1:{site.stationd.port}/  "
                  f"(badge imran, asha or meera, PIN {PIN})", flush=True)
        days_done = play(sites, options, calendar, asked)
    finally:
        statuses = [site.end() for site in sites]
    seconds = time.monotonic() - began
    good = all(status == 0 for status in statuses)
    for site in sites:
        while not site.errors.empty():
            good = False
            print(f"{site.name}: the floor stopped: {site.errors.get()!r}")
        if hasattr(site, "posts") and any(p.latencies for p in site.posts.values()):
            good &= report(site, options.build, days_done, seconds)
    return 0 if good else 1


def play(sites, options, calendar, asked):
    """Opens day after day at the calendar's pace, and waits for people who are behind it."""
    for day in range(options.days):
        due_ms = calendar.start_ms + day * DAY_MS
        while calendar.now_ms() < due_ms or not all(s.done(day) for s in sites):
            if asked.is_set() or any(s.stopping.is_set() for s in sites):
                return day
            time.sleep(0.005)
        for site in sites:
            site.open_day(day)
        if day % 10 == 0 or day == options.days - 1:
            scans = sum(p.scans for s in sites for p in s.posts.values())
            print(f"day {day + 1:3d} of {options.days}  {calendar.date()}  scans {scans}",
                  flush=True)
    while not all(s.done(options.days) for s in sites):
        if asked.is_set() or any(s.stopping.is_set() for s in sites):
            break
        time.sleep(0.01)
    return options.days


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
