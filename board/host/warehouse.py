# SPDX-License-Identifier: Apache-2.0
"""One site of the demo: an appliance, the simulated devices around it, the documents it is given,
and its people's threads."""

import collections
import itertools
import queue
import signal
import socket
import threading
import time

import appliance
import deal
import dock
import packs
import picking
import worker
import world

ORDER_COLUMNS = ["document", "kind", "line", "party", "sku", "qty", "due", "batch", "expiry", "mrp",
                 "received"]
DEVICES_SECONDS = 90  # until scanners are there again after a power cut
APPLY_SECONDS = 120  # until a document that was laid is taken
ORDER_DAYS = 3  # a document of orders holds those of so many days


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def gestures(plan):
    """About how many scans and keys the people of a plan make."""
    count = 0
    for day in plan["days"]:
        count += sum(2 + 2.5 * len(order["lines"]) for order in day["orders"])
        count += sum(4 + 8 * len(receipt["lines"]) for receipt in day["receipts"])
        count += 6 * len(day["returns"]) + 14 * len(day["counts"])
    return count


class Site:
    def __init__(self, name, plan, catalogue, road, build, folder, seed):
        self.name = name
        self.tenant = "demo"
        self.plan = plan
        self.seed = seed
        self.road = road
        self.build = build
        self.folder = folder
        self.documents = folder / "documents"
        self.labels = folder / "labels"
        self.wires = folder / "wires"
        for made in (self.documents, self.labels, self.wires):
            made.mkdir(parents=True)
        self.goods = {p.sku: p for p in catalogue}
        self.packs = packs.Packs(catalogue, seed, self.labels)
        self.world = world.World()
        self.renamed = {}  # key as it was booked first -> key after its correction
        self.calendar = None
        self.stationd = None
        self.devices = []
        self.posts = {}
        self.threads = []
        self.orders = []  # a list of rows for each of the last days
        self.orders_version = 0
        self.stopping = threading.Event()
        self.errors = queue.Queue()
        self.opened = threading.Condition()
        self.open_days = 0
        self.days_done = {"dock": 0, "pick": 0}
        self.lost = threading.Event()  # the appliance is gone; people wait for it
        self.coming_back = threading.Lock()  # one after the other
        self.power_cuts = 0
        self.looked_up = collections.Counter()  # deeds that nobody was answered for: booked, not

    # --- devices

    def device(self, kind, *arguments):
        device = kind(self.build, *arguments)
        self.devices.append(device)
        return device

    def start_devices(self):
        self.scanners = {
            "dock": self.device(appliance.Scanner, "evdev", self.wires / "scanner-dock", "ctrl"),
            "pick": self.device(appliance.Scanner, "serial", self.wires / "scanner-pick"),
            "weigh": self.device(appliance.Scanner, "evdev", self.wires / "scanner-weigh", "f8"),
        }
        tcp, printer = free_port(), free_port()
        self.scales = [
            self.device(appliance.Device, "scale_sim", "rtu", self.wires / "scale-rtu",
                        "laumas_tl"),
            self.device(appliance.Device, "scale_sim", "tcp", tcp, "laumas_tl"),
            self.device(appliance.Device, "scale_sim", "ascii", "mtsics",
                        self.wires / "scale-ascii"),
        ]
        self.device(appliance.Device, "printer_sim", printer, self.labels)
        for device in self.devices:
            device.ready()
        wires = self.wires
        self.device_lines = {
            "scanner1": f"evdev {wires}/scanner-dock post=dock name=dock-evdev",
            "scanner2": f"serial {wires}/scanner-pick post=pick name=pick-serial",
            "scanner3": f"evdev {wires}/scanner-weigh post=weigh name=weigh-evdev",
            "scale1": f"rtu {wires}/scale-rtu post=weigh profile=laumas_tl decimals=3 "
                      "name=floor-rtu",
            "scale2": f"tcp 127.0.0.1:{tcp} post=weigh profile=laumas_tl decimals=3 name=bench-tcp",
            "scale3": f"ascii {wires}/scale-ascii post=weigh profile=mtsics name=counter-ascii",
            "printer1": f"tcp 127.0.0.1:{printer} name=labels",
        }

    def settings(self, web_port):
        return {
            "site": {"tenant": self.tenant, "device": self.name, "name": self.name,
                     "folder": self.folder, "documents": self.documents},
            "clock": {"source": self.calendar.spec},
            "web": {"port": web_port},
            "floor": {"post1": "dock DOCK QUAR", "post2": "pick DOCK QUAR",
                      "post3": "weigh DOCK QUAR", "sign_out_minutes": 0,
                      # A millisecond here is a minute and a half there: no scan is a stutter.
                      "repeat_ms": 0, "repeat_count_ms": 0},
            "devices": self.device_lines,
            "risk": {"dead_days": 60, "slow_days": 30},
        }

    # --- documents

    def lay(self, name, text):
        """Puts a document into the appliance's folder, whole at once."""
        part = self.folder / (name + ".part")
        part.write_text(text)
        target = self.documents / name
        part.rename(target)
        return target

    def wait_applied(self, target):
        until = time.monotonic() + APPLY_SECONDS
        while target.exists():
            if time.monotonic() > until:
                raise RuntimeError(f"{target} was not taken: see {self.stationd.log}")
            time.sleep(0.002)
        if target.with_name(target.name + ".refused").exists():
            raise RuntimeError(f"{target.name} was refused: see {self.stationd.log}")

    def lay_master(self, source):
        for name in ("catalogue", "parties", "bins", "workers"):
            self.lay(f"{name}-1.csv", (source / f"{name}.csv").read_text())
        self.lay("history-1.csv", deal.csv_text(["sku", "day", "units"], self.plan["history"]))
        self.lay_opening()

    def lay_opening(self):
        rows = []
        for lot in self.plan["opening"]:
            key = packs.key_of(self.goods[lot["sku"]], lot)
            rows.append({"bin": lot["bin"], "sku": key[0], "batch": key[1], "made": lot["made"],
                         "expiry": key[2], "mrp": deal.rupees(key[3]) if key[3] else "",
                         "qty": lot["qty"]})
            self.world.put(key, lot["bin"], lot["qty"])
        return self.lay("opening.csv", deal.csv_text(
            ["bin", "sku", "batch", "made", "expiry", "mrp", "qty"], rows))

    def publish_orders(self, day):
        """The day's documents, and those of the days before that may still be open."""
        plan = self.plan["days"][day]
        rows = []

        def add(kind, order, lines):
            for n, line in enumerate(lines, 1):
                rows.append({"document": order["document"], "kind": kind, "line": n,
                             "party": order["party"], "due": plan["date"], **line})

        for receipt in plan["receipts"]:
            add("purchase", receipt,
                [{"sku": lot["sku"], "qty": lot["qty"]} for lot in receipt["lines"]])
        for order in plan["orders"]:
            add("sale", order, order["lines"])
        for transfer in plan["transfers_out"]:
            add("transfer_out", transfer, [{"sku": transfer["sku"], "qty": transfer["qty"]}])
        for transfer in plan["transfers_in"]:
            transfer["lots"] = self.load_of(transfer)
            add("transfer_in", transfer,
                [{"sku": key[0], "qty": units, "batch": key[1], "expiry": key[2],
                  "mrp": deal.rupees(key[3])} for key, units in transfer["lots"]])
        self.orders = [*self.orders, rows][-ORDER_DAYS:]
        self.orders_version += 1
        self.wait_applied(self.lay(f"orders-{self.orders_version}.csv", deal.csv_text(
            ORDER_COLUMNS, [row for rows in self.orders for row in rows])))

    def load_of(self, transfer):
        """What a transfer brings. From a site of this run: what was loaded there, or nothing."""
        if transfer["party"] in self.road.sites:
            return self.road.unload(transfer["document"])
        lot = transfer["lot"]
        return [(packs.key_of(self.goods[transfer["sku"]], {"sku": transfer["sku"], **lot}),
                 transfer["qty"])]

    # --- what a relay wants done; a site by itself has none

    def tasks(self, post, flow):
        return []

    def at_gate(self, post):
        return []

    # --- people

    def begin(self, source, calendar, web_port):
        """The devices must run; leaves all at work, waiting for the first day."""
        self.calendar = calendar
        self.stationd = appliance.Stationd(self.build, self.folder,
                                           self.settings(web_port or free_port()))
        self.bring_up(source)
        self.posts = {name: worker.Post(name, self.stationd.port, scanner, self.stopping,
                                        self.world)
                      for name, scanner in self.scanners.items()}
        self.weighing = picking.Weighing(self, self.posts["weigh"])
        for name, people in (("dock", dock.Dock(self, self.posts["dock"])),
                             ("pick", picking.Picking(self, self.posts["pick"]))):
            self.work(self.work_days, name, people)
        self.work(self.work_scales)

    def bring_up(self, source):
        """stationd, with all that its people need in force."""
        self.lay_master(source)
        self.stationd.start()

    def work(self, what, *arguments):
        """A thread that ends with the floor; what goes wrong in it ends the floor."""
        def run():
            try:
                what(*arguments)
            except worker.Stop:
                pass
            except Exception as problem:  # told at the end, with the site's name
                self.errors.put(problem)
                self.stopping.set()
        thread = threading.Thread(target=run, daemon=True)
        self.threads.append(thread)
        thread.start()

    def work_days(self, name, people):
        people.see_through(people.begin)
        for day, plan in enumerate(self.plan["days"]):
            with self.opened:
                self.opened.wait_for(lambda: self.open_days > day or self.stopping.is_set())
            people.day(plan)
            self.days_done[name] = day + 1

    def work_scales(self):
        self.weighing.see_through(self.weighing.begin)
        turn = 0
        while not self.stopping.is_set():
            self.weighing.see_through(self.weighing.weigh, self.scales[turn % len(self.scales)])
            turn += 1

    # --- the power goes

    def cut_power(self, seconds):
        """stationd is killed without a word, and is there again after so many seconds."""
        self.stationd.stop(signal.SIGKILL)
        self.power_cuts += 1
        self.lost.set()
        for post in self.posts.values():
            post.dark.set()
        for post in self.posts.values():
            post.go_dark()
        for scanner in self.scanners.values():  # what was on their wires is lost with it
            scanner.renew()
        self.stopping.wait(seconds)
        self.stationd.start()
        self.wait_scanners()
        self.lost.clear()

    def wait_scanners(self):
        until = time.monotonic() + DEVICES_SECONDS
        states = {}
        while time.monotonic() < until:
            status, health = appliance.get_json(self.stationd.port, "/api/v1/health")
            if status == 200:
                states = {d["name"]: d["state"] for d in health["devices"]}
            if all(states.get(line.split("name=")[1]) == "fine"
                   for name, line in self.device_lines.items() if name.startswith("scanner")):
                return
            time.sleep(0.01)
        raise RuntimeError(f"{self.name}: a scanner did not come back: {states}")

    def look_up(self, post):
        """What nobody was answered for when the power went: the lists on the screen say whether it
        is booked."""
        with self.world.hands:
            doubted = [p for p in self.posts.values() if p.doubt]
            deeds = [p.doubt for p in doubted]
            if not deeds:
                return
            booked = self.booked_of(deeds, post)
            for p in doubted:
                p.doubt = None
            for deed in deeds:
                self.looked_up["booked" if deed in booked else "not booked"] += 1
            for deed in booked:
                self.world.do(deed)

    def booked_of(self, deeds, post):
        """Those of the open deeds that are booked: the only ones that the books agree with."""
        cells = set().union(*(self.world.touched(deed) for deed in deeds))
        books = collections.Counter()
        for sku in {key[0] for key, _ in cells}:
            for row in post.read(f"/api/v1/stock?sku={sku}"):
                key = (sku, row["batch"] or "", row["expiry"] or "", row["mrp_paise"] or 0)
                books[key, row["bin"]] += row["qty"]
        kept = {row["code"] for row in post.read("/api/v1/captures")} if any(
            deed.code for deed in deeds) else set()
        for count in range(len(deeds) + 1):
            for some in map(list, itertools.combinations(deeds, count)):
                if all(self.world.booked_units(cell, some) == books[cell] for cell in cells) and all(
                        (deed in some) == any(code.endswith(deed.code) for code in kept)
                        for deed in deeds if deed.code):
                    return some
        raise RuntimeError(f"{self.name}: the books say {dict(books)}, which fits nothing of {deeds}")

    def open_day(self, day):
        self.publish_orders(day)
        with self.opened:
            self.open_days = day + 1
            self.opened.notify_all()

    def done(self, days):
        return min(self.days_done.values()) >= days

    def problems(self, status):
        """What went wrong, in words; nothing when all ended well."""
        found = [] if status == 0 else [f"{self.name}: the appliance ended with {status}"]
        while not self.errors.empty():
            found.append(f"{self.name}: {self.errors.get()!r}")
        return found

    def send_home(self):
        """Ends the people's work."""
        self.stopping.set()
        with self.opened:
            self.opened.notify_all()
        for thread in self.threads:
            thread.join(30)
        for post in self.posts.values():
            post.screen.close()

    def end(self):
        """Ends people, appliance and devices; returns the appliance's exit status."""
        self.send_home()
        status = self.take_down()
        for device in self.devices:
            device.stop()
        return status

    def take_down(self):
        return self.stationd.stop() if self.stationd else 0
