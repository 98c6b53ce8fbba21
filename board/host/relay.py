# SPDX-License-Identifier: Apache-2.0
"""The relay of the demo: a broker with TLS, relayd, and what an operator does at a command line to let
sites in. All of it is the product's own; nothing here stands in for anything."""

import csv
import io
import os
import pathlib
import subprocess
import threading

import appliance
import broker
import daemon
import deal

USER, PASSWORD = "owner", "demo-demo-demo"  # of the console, on loopback and for as long as it runs
RETRY_S = 2  # no longer between attempts to reach the broker: a minute here is days there
PLACES = {  # site -> latitude, longitude, pincode, kilograms that its dock takes in a day
    "bhiwandi": (19.2967, 73.0631, "421302", 4000),
    "pune": (18.5204, 73.8567, "411001", 4000),
    "belagavi": (15.8497, 74.4977, "590001", 3000),
}


class Relay(daemon.Daemon):
    def __init__(self, build, folder, first_day, tenants):
        self.build = build
        self.folder = pathlib.Path(folder)
        super().__init__(build / "cloud-relay" / "relayd", self.folder / "relayd.log")
        self.folder.mkdir(parents=True)
        self.store = f"sqlite:{self.folder / 'store'}"
        (self.folder / "store").mkdir()
        self.authority = broker.Authority(build / "firmware" / "ctl" / "vyaparctl",
                                          self.folder / "authority", first_day)
        for tenant in tenants:  # before the broker: it checks each against its authority's list
            self.authority.tenant(tenant)
        self.broker_folder = self.folder / "broker"
        self.broker_folder.mkdir()
        self.broker = broker.Broker(self.authority, self.broker_folder)
        self.identity = self.authority.relay("relay", self.folder / "identity")
        self.tenants = set()
        self.published = set()
        self.operator = threading.Lock()  # sites are opened side by side
        self.clock = "system"
        self.channels = {}  # relayd's section of that name
        self.port = broker.free_port()
        self.secret = self.folder / "api.secret"
        self.secret.write_bytes(os.urandom(48))
        self.secret.chmod(0o600)

    # --- the daemon

    def start(self):
        settings = {
            "relay": {"store": self.store, "role": "ingest,agents,api,send", "safe": "commit"},
            "clock": {"source": self.clock},
            "api": {"port": self.port, "secret": self.secret, "user_per_s": 5000},
            "channels": self.channels,
            "mqtt": {"broker1": self.broker.address, "retry_s": RETRY_S,
                     "ca": self.identity / "ca.pem",
                     "certificate": self.identity / "certificate.pem",
                     "key": self.identity / "key.pem"},
        }
        conf = appliance.write_settings(self.folder / "relayd.conf", settings)
        self.run(conf)

    def end(self):
        """Everything; returns relayd's exit status."""
        status = self.stop()
        self.broker.kill()
        return status or 0

    # --- what an operator does

    def ctl(self, *words, told=""):
        done = subprocess.run([self.build / "cloud-relay" / "relayctl", "--store", self.store,
                               *map(str, words)], capture_output=True, text=True, check=False,
                              input=told)
        if done.returncode != 0:
            raise RuntimeError(f"relayctl {' '.join(map(str, words))}: {done.stderr.strip()}")
        return done.stdout

    def tenant(self, name, sites):
        """Makes room for a distributor, its sites and their appliances."""
        self.ctl("tenant", "add", name)
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["site", "name", "territory", "gstin", "state", "pincode", "latitude",
                       "longitude", "receive_kg"])
        for site in sites:
            title, gstin, territory = deal.SITE_FACTS[site]
            latitude, longitude, pincode, receive_kg = PLACES[site]
            rows.writerow([site, title, territory, gstin, int(gstin[:2]), pincode, latitude,
                           longitude, receive_kg])
        table = self.folder / f"{name}-sites.csv"
        table.write_text(out.getvalue())
        self.ctl("site", "put", name, table)
        self.ctl("user", "add", name, USER, "owner", told=PASSWORD + "\n")
        self.tenants.add(name)

    def enrol(self, site):
        """Knows the appliance and gives it its certificate; returns syncd's settings."""
        said = self.ctl("device", "add", site.tenant, site.name, site.name).split()
        shard = next(word.split("=")[1] for word in said if word.startswith("shard="))
        self.authority.device(f"{site.tenant}.{site.name}", site.folder / "identity")
        return {"site": {"folder": site.folder},
                "relay": {"brokers": site.link.address, "shard": shard},
                "link": {"retry_s": RETRY_S},
                "clock": {"source": site.calendar.spec}}

    def publish(self, site):
        """The site's master documents; those that all of a distributor's sites share go out once."""
        with self.operator:
            if site.tenant not in self.published:
                self.published.add(site.tenant)
                masters = site.given.masters.values()
                self.put(site, "catalogue", site.given.masters[site.name]["catalogue.csv"], None)
                self.put(site, "parties", merged([m["parties.csv"] for m in masters]), None)
        history = deal.csv_text(["sku", "day", "units"], site.plan["history"])
        for kind, text in [("bins", site.given.masters[site.name]["bins.csv"]),
                           ("workers", site.given.masters[site.name]["workers.csv"]),
                           ("history", history)]:
            self.put(site, kind, text, site.name)

    def put(self, site, kind, text, device):
        path = self.folder / f"{site.tenant}-{device or 'all'}-{kind}.csv"
        path.write_text(text)
        self.ctl("document", "put", site.tenant, kind, path, *([device] if device else []))


def merged(tables):
    """Rows of several documents of one kind, each key once; the first one's columns."""
    rows = {}
    for text in tables:
        for row in csv.DictReader(io.StringIO(text)):
            rows.setdefault(row["party"], row)
    return deal.csv_text(list(next(iter(rows.values()))), rows.values())
