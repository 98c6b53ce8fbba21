#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Deals real demand to three warehouses and plans their days. Same seed, same plan, on every machine.

The rule:

1. Series. Products 1 to 50 take the pasta series in the order of their names, the others the
   wholesaler's products in the order of their codes. Loose goods sell 100 g for each unit of theirs.
2. Days. Simulated day k of D takes the k-th of the last D days of its series that had business
   (the shop and the wholesaler have different holidays, a site here is open every day but Sunday).
   Business of the series' earlier days is the sites' sales history before the run.
3. Sites. A wholesale invoice goes whole to site SHA-256(seed, territory, customer) mod 3, so that a
   site has customers of its own; those whom the data does not name are its walk-in trade. A day's
   packs of a pasta product are dealt one by one, with chances 5:3:2 over the sites in an order drawn
   for each brand, and fall to 12 shops a site.
4. Supply. Every product is reviewed once a week, on a weekday drawn for its brand, and filled up, in
   whole cases, to its last four weeks' sales times 30 / 28 (lead time 2 days). In the last
   week of a month the company pushes: with a chance of 1 in 4 a product gets three times as much.
   A site by itself buys against a book of its own; in a network (--alone leaves it) against what
   truly lies there and is on its way, so that goods from another site are goods not bought.
   What the warehouse opens with covers 15 to 60 days of sales, drawn for each product.
5. Batches. Goods arrive with 5 to 35 % of their shelf life gone. Opening stock lies in up to 3
   batches whose remaining lives are drawn between 8 days and 70 % of shelf life. Every tenth batch
   carries an MRP that is 5 % higher.
6. Returns. The wholesaler's own returns come back on their day; one pasta pack in 300 comes back
   within 10 days, damaged.
7. Transfers. Sites by themselves: each Friday a site sends a case of its best covered product to
   the next site. In a network the relay alone says what is moved.

Writes DIR/<site>/ with the master documents and plan.json.
"""

import argparse
import collections
import csv
import datetime
import gzip
import hashlib
import io
import json
import math
import pathlib
import random

import products as product_list

HERE = pathlib.Path(__file__).resolve().parent
SITES = ["bhiwandi", "pune", "belagavi"]
SITE_FACTS = {  # name, GSTIN (check characters are right, the PAN is made up), territory
    "bhiwandi": ("Bhiwandi godown", "27AAPFU0939F1ZV", "maharashtra-west"),
    "pune": ("Pune godown", "27AAPFU0939F1ZV", "maharashtra-south"),
    "belagavi": ("Belagavi godown", "29AAPFU0939F1ZR", "karnataka-north"),
}
PASTA_SHOPS = 12
DAYS_MAX = 300
SUPPLIER = "SUP-01"
LEAD_DAYS = 2  # from a purchase order to the dock
# PIN 2580 for the demo's staff, hashed by yescrypt.
PIN_HASH = "$y$j9T$vyapardemosalt1$cxrSjX.PLcZPE4A3QgAm6hldxpZGQZ0DiWPaHzjqj16"


def draw(seed, *names):
    """A generator of its own for each purpose: adding one changes no other."""
    text = ":".join(str(n) for n in (seed, *names))
    return random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))


def rows(name):
    with gzip.open(HERE / "data" / name, "rt", newline="") as f:
        yield from csv.DictReader(f)


class Demand:
    """The two data sets, by day of business: units by product and, where known, customer."""

    def __init__(self):
        self.pasta = collections.defaultdict(dict)  # date -> series -> units
        for r in rows("pasta_daily.csv.gz"):
            if int(r["qty"]):
                self.pasta[r["date"]][r["id"]] = int(r["qty"])
        self.pasta_series = sorted({s for day in self.pasta.values() for s in day},
                                   key=lambda s: (s.split("_")[0], int(s.split("_")[1])))
        self.lines = collections.defaultdict(list)  # date -> [(series, customer, territory, units)]
        series = set()
        for r in rows("online_retail_lines.csv.gz"):
            series.add(r["id"])
            qty = int(r["qty"])
            if qty < 0 and not r["invoice"].startswith("C"):
                continue  # a stock adjustment, not business
            self.lines[r["ts"][:10]].append((r["id"], r["customer"] or "0", r["territory"], qty))
        self.other_series = sorted(series)

    def days(self):
        return sorted(self.pasta), sorted(self.lines)


class Site:
    def __init__(self, name, seed, catalogue):
        self.name = name
        self.mark = name[:3].upper()  # in the codes of what belongs to it alone
        self.seed = seed
        self.catalogue = catalogue
        self.by_series = {p.series: p for p in catalogue}
        self.sales = collections.defaultdict(lambda: collections.defaultdict(int))  # day -> sku
        self.orders = collections.defaultdict(lambda: collections.defaultdict(
            lambda: collections.defaultdict(int)))  # day -> party -> sku -> units
        self.returns = collections.defaultdict(list)  # day -> [(party, sku, units)]
        self.parties = {SUPPLIER: "supplier"}

    def sell(self, day, party, series, units):
        p = self.by_series[series]
        if p.unit == "gram":
            units *= 100
        self.parties[party] = "outlet"
        self.sales[day][p.sku] += units
        self.orders[day][party][p.sku] += units

    def take_back(self, day, party, series, units):
        p = self.by_series[series]
        self.parties[party] = "outlet"
        self.returns[day].append((party, p.sku, units * (100 if p.unit == "gram" else 1)))


def deal(demand, catalogue, seed, days):
    """Fills the three sites with orders and returns by simulated day; history has negative days."""
    sites = [Site(name, seed, catalogue) for name in SITES]
    pasta_days, line_days = demand.days()
    order_of_sites = {}
    for brand in {s.split("_")[0] for s in demand.pasta_series}:
        order_of_sites[brand] = draw(seed, "brand", brand).sample(range(3), 3)

    for k, date in enumerate(pasta_days[::-1]):
        day = days - 1 - k
        for series in demand.pasta_series:
            packs = demand.pasta[date].get(series, 0)
            chance = draw(seed, "pasta", date, series)
            order = order_of_sites[series.split("_")[0]]
            for _ in range(packs):
                site = sites[order[chance.choices((0, 1, 2), (5, 3, 2))[0]]]
                shop = f"SHOP-{site.mark}-{chance.randrange(PASTA_SHOPS) + 1:02d}"
                site.sell(day, shop, series, 1)
                if chance.random() < 1 / 300:
                    site.take_back(day + 1 + chance.randrange(10), shop, series, 1)

    for k, date in enumerate(line_days[::-1]):
        day = days - 1 - k
        for series, customer, territory, units in demand.lines[date]:
            key = f"{seed}:{territory}:{customer}"
            site = sites[hashlib.sha256(key.encode()).digest()[0] % 3]
            party = f"OUT-{customer}" if customer != "0" else f"WALKIN-{site.mark}"
            if units > 0:
                site.sell(day, party, series, units)
            else:
                site.take_back(day, party, series, -units)
    return sites


def case_units(p):
    return (p.case or p.inner or 1) * p.piece_units


class Supply:
    """Plans opening stock and receipts of one site against its own dealt sales."""

    def __init__(self, site, first, days):
        self.site = site
        self.first = first  # date of simulated day 0
        self.days = days
        self.book = collections.defaultdict(int)  # what the planner believes to be on hand
        self.batches = 0

    def rate(self, p, day):
        """Units a day over the four weeks before a day."""
        return sum(self.site.sales[d].get(p.sku, 0) for d in range(day - 28, day)) / 28

    def batch(self, p, day, life_left, chance):
        self.batches += 1
        expiry = self.first + datetime.timedelta(days=day + life_left)
        made = expiry - datetime.timedelta(days=p.shelf_life_days)
        mrp = p.mrp_paise
        if self.batches % 10 == 0:
            mrp = round(mrp * 1.05 / 100) * 100
        letter = "ABCDEFGHJKLM"[made.month - 1]
        return {"batch": f"{letter}{made:%y%d}{chance.randrange(100):02d}",
                "made": made.isoformat(), "expiry": expiry.isoformat(), "mrp_paise": mrp}

    def opening(self):
        lots = []
        for p in self.site.catalogue:
            chance = draw(self.site.seed, self.site.name, "opening", p.sku)
            cover = chance.randint(15, 60)
            units = max(case_units(p), round(self.rate(p, 0) * cover))
            packs = -(-units // p.piece_units)
            parts = min(chance.randint(1, 3), packs)
            cuts = sorted(chance.sample(range(1, packs), parts - 1)) if parts > 1 else []
            for a, b in zip([0] + cuts, cuts + [packs]):
                top = max(9, int(p.shelf_life_days * 0.7))
                lot = {"sku": p.sku, "qty": (b - a) * p.piece_units}
                lot.update(self.batch(p, 0, chance.randint(8, top), chance))
                lots.append(lot)
            self.book[p.sku] += packs * p.piece_units
        return lots

    def buy(self, day, held):
        """Lots that are ordered on a day and come LEAD_DAYS later; held(p): units that count."""
        lots = []
        date = self.first + datetime.timedelta(days=day)
        for p in self.site.catalogue:
            weekday = draw(self.site.seed, "review", p.brand).randrange(6)
            if date.weekday() != weekday or day + LEAD_DAYS >= self.days:
                continue
            chance = draw(self.site.seed, self.site.name, "supply", p.sku, day)
            want = self.rate(p, day) * 30
            push = date.day >= 24 and chance.random() < 0.25
            gap = want * (3 if push else 1) - held(p)
            if gap <= 0:
                continue
            units = math.ceil(gap / case_units(p)) * case_units(p)
            gone = chance.uniform(0.05, 0.35)
            lot = {"sku": p.sku, "qty": units}
            lot.update(self.batch(p, day + LEAD_DAYS, int(p.shelf_life_days * (1 - gone)), chance))
            lots.append(lot)
        return lots

    def receipts(self):
        planned = collections.defaultdict(list)
        for day in range(self.days):
            for p in self.site.catalogue:
                self.book[p.sku] = max(0, self.book[p.sku] - self.site.sales[day].get(p.sku, 0))
            for lot in self.buy(day, lambda p: self.book[p.sku]):
                planned[day + LEAD_DAYS].append(lot)
                self.book[lot["sku"]] += lot["qty"]
        return planned


def plan_transfers(sites, first, days):
    """Friday's transfers: (day, from, to, sku, units, document); they arrive two days later."""
    moves = []
    for day in range(days - 3):
        if (first + datetime.timedelta(days=day)).weekday() != 4:
            continue
        for i, site in enumerate(sites):
            supply = Supply(site, first, days)
            rated = [(supply.rate(p, day), p) for p in site.catalogue if p.unit == "piece"]
            rate, p = max(rated, key=lambda r: (r[0], r[1].sku))
            if rate > 0:
                to = sites[(i + 1) % len(sites)]
                moves.append((day, site.name, to.name, p, case_units(p),
                              f"TR-{site.mark}-{day:03d}"))
    return moves


def csv_text(columns, records):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()


def rupees(paise):
    return f"{paise // 100}.{paise % 100:02d}"


def racks(catalogue):
    """Rack bins in walking order, two products to a bin, and the bin of each product."""
    names = [f"{aisle}-{place:02d}" for aisle in "ABCDE" for place in range(1, 15)]
    names = names[: -(-len(catalogue) // 2)]
    return names, {p.sku: names[i // 2] for i, p in enumerate(catalogue)}


def master(site, sites, catalogue, bins):
    """The documents of one site, by file name."""
    by_level = {level: level + "_gtin" for level in ("piece", "inner", "case")}
    sku_rows = []
    for p in catalogue:
        row = {
            "sku": p.sku, "name": p.name, "name_hi": p.name_hi, "brand": p.brand,
            "category": p.category, "hsn": p.hsn, "unit": "g" if p.unit == "gram" else p.unit, "piece_units": p.piece_units,
            "inner_units": p.inner * p.piece_units or "", "case_units": p.case * p.piece_units or "",
            "expiry_kind": p.expiry_kind, "shelf_life_days": p.shelf_life_days,
            "receipt_permille": 600, "outlet_days": min(15, p.shelf_life_days // 10),
            "needs": "expiry" if p.unit == "gram" else "batch+expiry+mrp",
            "cost": rupees(p.cost_paise), "price": rupees(p.price_paise),
            "mrp": rupees(p.mrp_paise), "volume_ml": p.volume_ml,
            "weight_g": p.weight_g, "instore_item": p.instore_item}
        row.update({by_level[level]: gtin for level, gtin in p.gtins.items()})
        sku_rows.append(row)
    party_rows = [{"party": name, "kind": kind, "name": name.replace("-", " ").title(),
                   "gstin": "", "territory": SITE_FACTS[site.name][2], "min_life_days": 0,
                   "min_life_permille": 0} for name, kind in sorted(site.parties.items())]
    for other in sites:
        name, gstin, territory = SITE_FACTS[other.name]
        party_rows.append({"party": other.name, "kind": "site", "name": name, "gstin": gstin,
                           "territory": territory, "min_life_days": 0, "min_life_permille": 0})
    bin_rows = [{"bin": "DOCK", "kind": "dock", "volume_ml": 0, "walk": 0},
                {"bin": "QUAR", "kind": "quarantine", "volume_ml": 0, "walk": 0},
                {"bin": "SCRAP", "kind": "scrap", "volume_ml": 0, "walk": 0}]
    bin_rows += [{"bin": b, "kind": "rack", "volume_ml": 0, "walk": i + 1}
                 for i, b in enumerate(bins)]
    worker_rows = [
        {"worker": "asha", "name": "Asha", "pin_hash": PIN_HASH, "role": "staff", "language": "hi"},
        {"worker": "imran", "name": "Imran", "pin_hash": PIN_HASH, "role": "staff",
         "language": "en"},
        {"worker": "meera", "name": "Meera", "pin_hash": PIN_HASH, "role": "supervisor",
         "language": "en"}]
    return {
        "catalogue.csv": csv_text(
            ["sku", "name", "name_hi", "brand", "category", "hsn", "unit", "piece_units",
             "piece_gtin", "inner_units", "inner_gtin", "case_units", "case_gtin", "expiry_kind",
             "shelf_life_days", "receipt_permille", "outlet_days", "needs", "cost", "price", "mrp",
             "volume_ml", "weight_g", "instore_item"], sku_rows),
        "parties.csv": csv_text(["party", "kind", "name", "gstin", "territory", "min_life_days",
                                 "min_life_permille"], party_rows),
        "bins.csv": csv_text(["bin", "kind", "volume_ml", "walk"], bin_rows),
        "workers.csv": csv_text(["worker", "name", "pin_hash", "role", "language"], worker_rows),
    }


def plan(site, catalogue, transfers, first, days, supply=None):
    """What happens at a site, day by day, as the floor's workers meet it. With a supply the site
    buys while it runs: nothing of it is planned."""
    planned = supply is None
    supply = supply or Supply(site, first, days)
    opening = supply.opening()
    receipts = supply.receipts() if planned else collections.defaultdict(list)
    bins, home = racks(catalogue)
    for lot in opening:
        lot["bin"] = home[lot["sku"]]
    history = [{"sku": sku, "day": (first + datetime.timedelta(days=d)).isoformat(), "units": n}
               for d in sorted(site.sales) if -365 <= d < 0
               for sku, n in sorted(site.sales[d].items())]
    day_plans = []
    for day in range(days):
        date = first + datetime.timedelta(days=day)
        orders = [{"document": f"SO-{day:03d}-{party}", "party": party,
                   "lines": [{"sku": sku, "qty": units} for sku, units in sorted(skus.items())]}
                  for party, skus in sorted(site.orders[day].items())]
        day_plans.append({
            "date": date.isoformat(),
            "receipts": ([{"document": f"PO-{day:03d}", "party": SUPPLIER,
                           "lines": receipts[day]}] if receipts[day] else []),
            "orders": orders,
            "returns": [{"party": party, "sku": sku, "qty": units}
                        for party, sku, units in site.returns[day]],
            "transfers_out": [{"document": doc, "party": to, "sku": p.sku, "qty": units}
                              for d, frm, to, p, units, doc in transfers
                              if d == day and frm == site.name],
            "transfers_in": [{"document": doc, "party": frm, "sku": p.sku, "qty": units,
                              "lot": supply.batch(p, day, p.shelf_life_days // 2,
                                                  draw(site.seed, doc))}
                             for d, frm, to, p, units, doc in transfers
                             if d + 2 == day and to == site.name],
            "counts": draw(site.seed, site.name, "count", day).sample(bins, 2),
        })
    return {"site": site.name, "first_day": first.isoformat(), "opening": opening,
            "history": history, "home": home, "days": day_plans}


class Deal:
    """What a network's sites are given, in memory: documents, plans, and who buys for them."""

    def __init__(self, days, seed, first_day):
        self.seed = seed
        demand = Demand()
        self.catalogue = product_list.catalogue(demand.pasta_series, demand.other_series)
        sites = deal(demand, self.catalogue, seed, days)
        bins, _ = racks(self.catalogue)
        self.dealt = {site.name: site for site in sites}
        self.supplies = {site.name: Supply(site, first_day, days) for site in sites}
        self.masters = {site.name: master(site, sites, self.catalogue, bins) for site in sites}
        self.plans = {site.name: plan(site, self.catalogue, [], first_day, days,
                                      self.supplies[site.name]) for site in sites}


def write(folder, days, seed, first_day):
    """Deals, and writes what the sites are given to folder/<site>/. Returns the catalogue."""
    demand = Demand()
    catalogue = product_list.catalogue(demand.pasta_series, demand.other_series)
    sites = deal(demand, catalogue, seed, days)
    transfers = plan_transfers(sites, first_day, days)
    bins, _ = racks(catalogue)
    for site in sites:
        to = folder / site.name
        to.mkdir(parents=True, exist_ok=True)
        for name, text in master(site, sites, catalogue, bins).items():
            (to / name).write_text(text)
        (to / "plan.json").write_text(json.dumps(plan(site, catalogue, transfers, first_day, days),
                                                 indent=0))
    return catalogue


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first-day", type=datetime.date.fromisoformat,
                        default=datetime.date(2026, 8, 23))
    options = parser.parse_args()
    if not 1 <= options.days <= DAYS_MAX:
        parser.error(f"--days: 1 to {DAYS_MAX}; the data holds a year, and some of it is history")
    write(options.folder, options.days, options.seed, options.first_day)


if __name__ == "__main__":
    main()
