# SPDX-License-Identifier: Apache-2.0
"""One warehouse for the tests end to end: the real daemon with simulated devices on real wires, its
documents, the people at its posts, and what its journal says.

Its calendar runs at the world's pace from a day that never changes, so that goods keep their age.
"""

import datetime
import http.client
import json
import pathlib
import socket
import subprocess
import time

import appliance
import deal

MASTER = appliance.TOP / "tests" / "data" / "master"
FIRST_DAY = datetime.date(2026, 11, 2)
IST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
PIN = "2580"
WAIT_S = 120  # how long what must happen may take on a busy machine

MILK = "UHT-1L"  # needs a batch number and a date, and carries both in its code
MILK_GTIN = "8901234500026"
FRESH = "2027-03-31"

WORKERS = deal.csv_text(
    ["worker", "name", "pin_hash", "role", "language"],
    [{"worker": "asha", "name": "Asha", "pin_hash": deal.PIN_HASH, "role": "staff",
      "language": "en"},
     {"worker": "imran", "name": "Imran", "pin_hash": deal.PIN_HASH, "role": "staff",
      "language": "en"},
     {"worker": "meera", "name": "Meera", "pin_hash": deal.PIN_HASH, "role": "supervisor",
      "language": "en"}])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def milk(batch, expiry=FRESH):
    """The code on a pack of milk, as a scanner sends it."""
    return f"]C1010{MILK_GTIN}17{expiry[2:].replace('-', '')}10{batch}"


def opening(*rows):
    """opening.csv of (bin, batch, expiry, qty) of milk."""
    return deal.csv_text(["bin", "sku", "batch", "made", "expiry", "mrp", "qty"],
                         [{"bin": place, "sku": MILK, "batch": batch, "expiry": expiry, "qty": qty}
                          for place, batch, expiry, qty in rows])


def orders(*rows):
    """orders-N.csv of (document, kind, line, party, sku, qty)."""
    return deal.csv_text(["document", "kind", "line", "party", "sku", "qty", "due"],
                         [dict(zip(("document", "kind", "line", "party", "sku", "qty"), row),
                               due=FIRST_DAY.isoformat()) for row in rows])


def wait_for(seen, timeout=WAIT_S):
    """What seen() gives as soon as that is true: for things that send no event."""
    until = time.monotonic() + timeout
    while not (found := seen()):
        if time.monotonic() > until:
            raise TimeoutError(f"not seen in {timeout} s")
        time.sleep(0.01)
    return found


def lapse(day=FIRST_DAY, speed_permille=1000):
    """A calendar that has ten in the morning of that day now."""
    start = datetime.datetime.combine(day, datetime.time(10), IST)
    mono_ms = int(time.clock_gettime(time.CLOCK_MONOTONIC) * 1000)
    return f"lapse:{int(start.timestamp() * 1000)}:{speed_permille}:{mono_ms}"


class Scanner(appliance.Scanner):
    def send(self, texts):
        """Scans of which nobody waits for the end."""
        for text in texts:
            self.process.stdin.write(f"scan {appliance.escaped(text)}\n".encode())
        self.process.stdin.flush()

    def burst(self, texts):
        """Scans without a pause: as many at once as the wire takes."""
        self.send(texts)
        for text in texts:
            answer = self.line()
            if answer != "ok":
                raise appliance.DeviceError(f"{self.name}: {text}: {answer}")


class Worker:
    """Somebody at a post: reads its screen, scans, and types."""

    def __init__(self, site, post, scanner=None):
        self.site = site
        self.post = post
        self.scanner = scanner
        self.cookie = None
        self.call("POST", "pair", {})
        self.screen = appliance.Screen(site.stationd.port, post, self.cookie)
        site.screens.append(self.screen)
        self.view = self.screen.wait(lambda v: True, WAIT_S)

    def call(self, method, tail, body=None):
        """Answers (status, JSON)."""
        status, cookie, answer = self.site.request(
            method, f"/api/v1/posts/{self.post}/{tail}", body, self.cookie)
        self.cookie = cookie or self.cookie
        return status, answer

    def see(self, wanted):
        self.view = self.screen.wait(wanted, WAIT_S)
        return self.view

    def scan(self, text):
        """One scan, and the code of what the screen says to it."""
        before = self.screen.latest()["answers"]
        self.scanner.scan(text)
        self.see(lambda v: v["answers"] > before)
        return self.said()

    def key(self, command):
        status, answer = self.call("POST", "commands", {"command": command})
        assert status == 200, (status, answer)
        self.view = answer["view"]
        seen = self.view["version"]
        self.see(lambda v: v["version"] >= seen)
        return answer["message"]["code"]

    def said(self):
        return (self.view.get("answer") or {"code": ""})["code"]

    def tone(self):
        return (self.view.get("answer") or {"tone": ""})["tone"]

    def prompt(self):
        return (self.view.get("prompt") or {"code": ""})["code"]

    def sign_in(self, worker="asha"):
        """By badge; where a PIN is asked for, with it."""
        self.scan(f"VW*{worker}")
        if self.prompt() == "type_pin":
            self.key(f"pin:{PIN}")
        self.see(lambda v: v["worker"] == worker)
        return self

    def work(self, flow):
        assert self.scan(f"VS*flow:{flow}") == f"flow_{flow}"
        return self

    def receive(self, batch, expiry=FRESH):
        """One pack of milk, booked."""
        assert self.scan(milk(batch, expiry)) == "in_hand"
        return self.scan("VS*ok")


class Warehouse:
    def __init__(self, build, folder, *, floor=None, site=None, clock=None, devices=None,
                 port=None, documents=None):
        """`documents`: names and texts laid beside the master documents before the start."""
        self.build = build
        self.folder = folder
        self.journal = folder / "journal.db"
        self.documents = folder / "documents"
        self.wires = folder / "wires"
        self.labels = folder / "labels"
        for made in (self.documents, self.wires, self.labels):
            made.mkdir(parents=True)
        self.devices = []
        self.screens = []
        self.scanners = {}
        self.lines = dict(devices or {})
        for name in ("catalogue", "parties", "bins"):
            self.lay(f"{name}-1.csv", (MASTER / f"{name}.csv").read_text())
        self.lay("workers-1.csv", WORKERS)
        for name, text in (documents or {}).items():
            self.lay(name, text)
        self.settings = {
            "site": {"tenant": "acme", "device": "wh-1", "name": "Nagpur", "folder": folder,
                     "documents": self.documents, "disk_reserve_mb": 0} | (site or {}),
            "clock": {"source": clock or lapse()},
            "web": {"port": port or free_port()},
            "floor": {"post1": "dock DOCK QUAR", "post2": "pick DOCK QUAR", "pin_required": "false",
                      "repeat_ms": 0, "repeat_count_ms": 0} | (floor or {}),
            "devices": self.lines,
        }
        self.stationd = None

    # --- devices

    def add(self, device):
        self.devices.append(device)
        device.ready()
        return device

    def add_scanner(self, post, wire="evdev", *options):
        path = self.wires / f"scanner-{post}-{wire}"
        scanner = self.add(Scanner(self.build, wire, path, *options))
        self.lines[f"scanner{1 + len(self.scanners)}"] = (
            f"{wire} {path} post={post} name={post}-{wire}")
        scanner.name = f"{post}-{wire}"
        self.scanners[post] = scanner
        return scanner

    def add_printer(self):
        port = free_port()
        self.lines["printer1"] = f"tcp 127.0.0.1:{port} name=labels"
        return self.add(appliance.Device(self.build, "printer_sim", port, self.labels))

    # --- the daemon

    def start(self):
        """Writes the configuration as it is now, and waits for the screen."""
        self.stationd = appliance.Stationd(self.build, self.folder, self.settings)
        self.restart()
        return self

    def open(self, *posts, wire="evdev"):
        """Started, with a scanner at each post."""
        for post in posts or ("dock",):
            self.add_scanner(post, wire)
        return self.start()

    def restart(self):
        """Again, with scanners whose wires are empty: nothing is left of the life before."""
        for scanner in self.scanners.values():
            scanner.renew()
        self.stationd.start(WAIT_S)
        for post in self.scanners:
            self.wait_device(self.scanners[post].name, "fine")

    def kill(self):
        """The power goes: nothing is said before."""
        self.stationd.process.kill()
        self.stationd.process.wait()
        self.stationd.process = None

    def log(self):
        return self.stationd.log.read_text(errors="replace")

    def worker(self, post="dock"):
        return Worker(self, post, self.scanners.get(post))

    def request(self, method, path, body=None, cookie=None):
        """(status, a new cookie or None, JSON)."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if cookie:
            headers["Cookie"] = cookie
        connection = http.client.HTTPConnection("127.0.0.1", self.stationd.port, timeout=WAIT_S)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
            said = answer.getheader("Set-Cookie")
            return answer.status, said and said.split(";")[0], json.loads(text or "null")
        finally:
            connection.close()

    def device_state(self, name):
        health = self.request("GET", "/api/v1/health")[2]
        return {d["name"]: d["state"] for d in health["devices"]}.get(name)

    def wait_device(self, name, state):
        wait_for(lambda: self.device_state(name) == state)

    # --- documents

    def lay(self, name, text):
        """Puts a document into the folder at once."""
        part = self.folder / (name + ".part")
        part.write_text(text)
        target = self.documents / name
        part.rename(target)
        return target

    def give(self, name, text):
        """Lays it and waits until the appliance has dealt with it; returns why it refused it."""
        target = self.lay(name, text)
        wait_for(lambda: not target.exists())
        if not target.with_name(name + ".refused").exists():
            return ""
        why = target.with_name(name + ".why")
        return wait_for(lambda: why.exists() and why.read_text())

    # --- the journal

    def ctl(self, *arguments):
        return subprocess.run([self.build / "firmware" / "ctl" / "vyaparctl",
                               *map(str, arguments)],
                              capture_output=True, text=True, timeout=60, check=False)

    def entries(self, *kinds):
        """Entries of those kinds (all without any), in order."""
        dump = self.ctl("journal", "dump", self.journal, "--json")
        assert dump.returncode == 0, dump.stderr
        all_of_it = [json.loads(line) for line in dump.stdout.splitlines()]
        return [e for e in all_of_it if not kinds or e["kind"] in kinds]

    def verify(self):
        """The chain holds, and stock is what its movements say."""
        for command in ("verify", "balance"):
            said = self.ctl("journal", command, self.journal)
            assert said.returncode == 0, said.stdout + said.stderr

    def end(self):
        """Ends the daemon as systemd does, and looks at what it left."""
        if self.stationd and self.stationd.process:
            assert self.stationd.stop() == 0, self.log()
            self.verify()

    def abandon(self):
        for screen in self.screens:
            screen.close()
        if self.stationd and self.stationd.process:
            self.kill()
        for device in self.devices:
            device.stop()
