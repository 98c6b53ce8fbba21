# SPDX-License-Identifier: Apache-2.0
"""A site that belongs to a network: it buys by what truly lies there, its lorries travel, and, where
there is a relay, it does what comes down. Without one it is the same site left to itself: the other
half of the comparison."""

import datetime
import time

import appliance
import deal
import ledger
import link
import warehouse

LORRY_DAYS = {  # between the demo's sites; as the relay's lanes have it
    frozenset(("bhiwandi", "pune")): 1,
    frozenset(("pune", "belagavi")): 2,
    frozenset(("bhiwandi", "belagavi")): 3,
}
USABLE_DAYS = 15  # goods with less life are not counted on when goods are bought


MASTER = ("catalogue", "parties", "bins", "workers", "history")
MASTER_SECONDS = 120


class NetworkSite(warehouse.Site):
    def __init__(self, name, given, road, build, folder, seed, relay=None, tenant="demo"):
        """relay: a relay.Relay, of which this appliance is one; None: documents come as files."""
        super().__init__(name, given.plans[name], given.catalogue, road, build, folder, seed)
        self.given = given
        self.supply = given.supplies[name]
        self.relay = relay
        self.tenant = tenant
        self.offers = None  # an offers.Offers, where the distributor makes any
        self.syncd = None
        self.link = link.Link(relay.broker.port) if relay else None
        self.status = 0  # that stationd ended with
        self.days_opened = 0
        self.own = set()  # documents of the site's own business
        self.expected = {}  # SKU -> units that are bought and not here yet, by day of arrival

    # --- documents

    def bring_up(self, source):
        if self.relay is None:
            super().bring_up(source)
            return
        self.stationd.start()
        self.syncd = appliance.Syncd(self.build, self.folder, self.relay.enrol(self))
        self.syncd.start()
        self.relay.publish(self)
        self.wait_master()
        self.wait_applied(self.lay_opening())

    def wait_master(self):
        """Until all that the relay has for this site came down and is in force."""
        until = time.monotonic() + MASTER_SECONDS
        while True:
            applied = {e["document"] for e in ledger.entries_of(
                self.build, self.folder / "journal.db") if e["kind"] == "applied"}
            if applied >= set(MASTER):
                return
            if time.monotonic() > until:
                raise RuntimeError(f"{self.name}: {set(MASTER) - applied} did not come down: see "
                                   f"{self.syncd.log}")
            time.sleep(0.1)

    def close_shop(self):
        """Nothing is journalled any more; the courier goes on with what there is."""
        self.send_home()
        self.status = super().take_down()

    def take_down(self):
        status = super().take_down() if self.stationd and self.stationd.process else self.status
        if self.syncd:
            self.syncd.stop()
        if self.link:
            self.link.close()
        return status

    def publish_orders(self, day):
        plan = self.plan["days"][day]
        if self.offers:
            self.offers.morning(day)
        self.buy(day)
        self.own.update(order["document"] for kind in ("orders", "receipts")
                        for order in plan[kind])
        super().publish_orders(day)
        self.days_opened = day + 1

    def buy(self, day):
        lots = self.supply.buy(day, self.held)
        if not lots:
            return
        arrival = day + deal.LEAD_DAYS
        self.plan["days"][arrival]["receipts"].append(
            {"document": f"PO-{arrival:03d}", "party": deal.SUPPLIER, "lines": lots})
        for lot in lots:
            self.expected.setdefault(lot["sku"], []).append((arrival, lot["qty"]))

    def held(self, p):
        """Units of a product that are here to be sold, or on their way."""
        least = (self.calendar.date() + datetime.timedelta(days=USABLE_DAYS)).isoformat()
        here = sum(units for key, place, units in self.world.everywhere()
                   if key[0] == p.sku and place != "QUAR" and (not key[2] or key[2] >= least))
        coming = sum(units for arrival, units in self.expected.get(p.sku, [])
                     if arrival > self.calendar.day())
        return here + coming + self.road.units_to(self.name, p.sku)

    # --- what the relay wants done

    def waiting(self, post, flow):
        if self.relay is None:
            return []
        return [row for row in post.read("/api/v1/tasks")
                if row["flow"] == flow and row["document"] and row["document"] not in self.own]

    def tasks(self, post, flow):
        return self.waiting(post, flow)

    def at_gate(self, post):
        """Lorries that stand at the gate and whose papers are here: others must wait."""
        known = {row["document"] for row in self.waiting(post, "arrive")}
        return [transfer for transfer in self.road.at_gate(self.name, self.calendar.day())
                if transfer in known]

    def send_off(self, task):
        """The lorry with what was loaded for a transfer leaves for the site that the screen names."""
        to = next((name for name in self.road.sites
                   if deal.SITE_FACTS[name][0] == task["party"]), None)
        if to:
            days = LORRY_DAYS[frozenset((self.name, to))]
            self.road.leave(task["document"], self.name, to, self.calendar.day() + days)
