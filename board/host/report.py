# SPDX-License-Identifier: Apache-2.0
"""The demo's report, for a distributor: rupees first. Every figure comes from the journals' entries,
from what truly happened (world.py), or from the people's own watches."""

import collections
import datetime
import statistics

import ledger

EQUATION = [("opened", "+"), ("received", "+"), ("returned", "+"), ("arrived", "+"),
            ("counted", "±"), ("undone", "±"), ("corrected", "±"), ("sold", "-"),
            ("dispatched", "-"), ("sent back", "-"), ("disposed", "-")]


def grouped(n):
    """Digits as India writes them: 12,34,567."""
    text = str(abs(n))
    head, tail = text[:-3], text[-3:]
    while head:
        head, tail = head[:-2], f"{head[-2:]},{tail}"
    return ("-" if n < 0 else "") + tail


def rupees(paise):
    return "₹" + grouped(round(paise / 100))


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class Goods:
    """Sums units the way people speak of them: pieces, kilograms of loose goods, rupees at cost."""

    def __init__(self, products):
        self.products = products

    def paise(self, key, units):
        p = self.products[key[0]]
        return units * p.cost_paise / p.piece_units

    def sums(self, lots):
        """lots: [(key, units)] -> (batches, pieces, kg, paise)."""
        pieces = sum(n for key, n in lots if self.products[key[0]].unit != "gram")
        grams = sum(n for key, n in lots if self.products[key[0]].unit == "gram")
        return len(lots), pieces, grams / 1000, sum(self.paise(key, n) for key, n in lots)

    def row(self, name, lots, more=""):
        batches, pieces, kg, paise = self.sums(lots)
        return (f"  {name:<34}{rupees(paise):>13}{batches:>9}{grouped(pieces):>10}{kg:>10,.1f}"
                + (f"   {more}" if more else ""))


class SiteReport:
    def __init__(self, site, build):
        self.site = site
        self.journal = site.folder / "journal.db"
        self.build = build
        self.ledger = ledger.Ledger(ledger.entries_of(build, self.journal))
        self.goods = Goods(site.goods)
        self.latencies = [x for post in site.posts.values() for x in post.latencies]
        self.today = site.calendar.date()
        flags = self.ledger.flags
        self.found = [(key, flag.units) for key, flag in flags.items()]
        self.expired = [(key, n) for key, n in site.world.expired.items() if n > 0]
        self.known = [(key, n) for key, n in self.expired if self.found_in_time(key)]
        self.unknown = [(key, n) for key, n in self.expired if not self.found_in_time(key)]
        self.sold_out = [(key, flag.units) for key, flag in flags.items()
                         if key[2] and key[2] < self.today.isoformat()
                         and not site.world.expired.get(key)]

    def found_in_time(self, key):
        flag = self.ledger.flags.get(key)
        return flag is not None and ledger.days_before(flag, key) >= 0

    # --- what it prints

    def lines(self, days, seconds):
        yield ""
        yield f"{self.site.name}: {days} days in {seconds:.0f} s"
        yield from self.risk()
        yield from self.weeks()
        yield from self.equation()
        yield from self.floor()

    def risk(self):
        goods = self.goods
        yield f"  {'at landed cost':<34}{'rupees':>13}{'batches':>9}{'pieces':>10}{'loose kg':>10}"
        impact = sum(flag.impact_paise for flag in self.ledger.flags.values())
        yield goods.row("found at risk, when first found", self.found,
                        f"{rupees(impact)} with carrying, disposal and tax credit" if impact else "")
        yield goods.row("truly expired on the shelf", self.expired)
        yield goods.row("  of these found before", self.known, self.ahead())
        yield goods.row("  never flagged, but expired", self.unknown)
        yield goods.row("flagged, but sold out in time", self.sold_out)
        yield f"  SKUs called dead: {len(self.ledger.dead)}"

    def ahead(self):
        total = self.goods.sums(self.expired)[3]
        if not self.known or not total:
            return ""
        lead = sorted(ledger.days_before(self.ledger.flags[key], key) for key, _ in self.known)
        share = 100 * self.goods.sums(self.known)[3] / total
        return (f"{share:.0f} % of the rupees; {statistics.median(lead):.0f} days ahead "
                f"({lead[0]} to {lead[-1]})")

    def weeks(self):
        first = datetime.date.fromisoformat(self.site.plan["first_day"])
        found = collections.defaultdict(list)
        for key, flag in self.ledger.flags.items():
            week = max(0, (flag.date - first).days // 7)  # the appliance starts a little earlier
            found[week].append((key, flag.units))
        gone = collections.defaultdict(list)
        for key, units in self.expired:
            day_after = datetime.date.fromisoformat(key[2]) + datetime.timedelta(days=1)
            gone[(day_after - first).days // 7].append((key, units))
        yield f"  {'week of':<12}{'found at risk':>20}{'expired':>24}"
        for week in sorted(found.keys() | gone.keys()):
            of = first + datetime.timedelta(days=7 * week)
            yield (f"  {of.isoformat():<12}{len(found[week]):>4} batches "
                   f"{rupees(self.goods.sums(found[week])[3]):>10}{len(gone[week]):>6} batches "
                   f"{rupees(self.goods.sums(gone[week])[3]):>10}")

    def equation(self):
        yield f"  {'stock, from the entries':<34}{'rupees':>13}{'':>9}{'pieces':>10}{'loose kg':>10}"
        for account, sign in EQUATION:
            lots = [(key, accounts[account]) for key, accounts in self.ledger.accounts.items()
                    if accounts[account]]
            if not lots:
                continue
            _, pieces, kg, paise = self.goods.sums(lots)
            if sign == "-":
                pieces, kg, paise = -pieces, 0.0 - kg, -paise
            yield (f"  {sign} {account:<32}{rupees(paise):>13}{'':>9}{grouped(pieces):>10}"
                   f"{kg:>10,.1f}")
        yield self.goods.row("= on hand",
                             [(key, n) for key, n in self.ledger.on_hand().items() if n])

    def floor(self):
        posts = self.site.posts.values()
        busy = sum((post.seconds for post in posts), collections.Counter())
        kinds = self.ledger.kinds
        yield (f"  scans {sum(busy.values())}, {max(busy.values(), default=0)} in the busiest "
               f"second; keyed in {sum(p.typed for p in posts)}; weighings "
               f"{self.site.weighing.weighed}; labels {self.ledger.labels}; entries "
               f"{sum(kinds.values())}")
        yield (f"  other batch than proposed {self.ledger.overrides}, undone {self.ledger.undone}, "
               f"corrected {kinds['corrected_in']}, unknown codes {kinds['captured']} of which "
               f"bound {kinds['bound']}")
        yield (f"  scan to answer on the screen, durable commit included: median "
               f"{1000 * percentile(self.latencies, 0.5):.1f} ms, p99 "
               f"{1000 * percentile(self.latencies, 0.99):.1f} ms")
        refused = sum((post.refused for post in posts), collections.Counter())
        if refused:
            yield "  refused: " + ", ".join(f"{code} {n}" for code, n in refused.most_common(10))

    # --- what must hold

    def invariants(self):
        """[(what must hold, whether it does, what speaks against it)]"""
        verified = ledger.ctl(self.build, "journal", "verify", self.journal)
        said = (verified.stdout + verified.stderr).strip().splitlines()
        sold = self.ledger.sold_expired
        return [
            ("hash chain verified", verified.returncode == 0, said[-1:] or ["nothing was said"]),
            ("stock of the appliance is the sum of its entries, by SKU and batch",
             *compared(self.ledger.on_hand(), ledger.held(self.build, self.journal))),
            ("books and shelves agree, by SKU and batch",
             *compared(self.ledger.on_hand(), self.shelves())),
            ("nothing was sold after its day", not sold, sold[:3]),
        ]

    def shelves(self):
        """What lies there, and what went missing before a count could tell."""
        stock = collections.Counter()
        for key, _, units in self.site.world.everywhere():
            stock[key] += units
        for (key, _), units in self.site.world.vanished.items():
            stock[key] += units
        return stock


def compared(one, other):
    differ = [f"{key}: {one.get(key, 0)}, {other.get(key, 0)}"
              for key in sorted(one.keys() | other.keys()) if one.get(key, 0) != other.get(key, 0)]
    return not differ, differ[:3]


def on_the_road(reports):
    """Transfers between sites of the run: nothing may come in that was not sent.
    Returns ([(key, units)] still under way, whether that holds, what speaks against it)."""
    open_units = collections.Counter()
    for r in reports:
        open_units.update(r.ledger.sent)
    sent = set(open_units)
    transfers = {document for document, _ in sent}
    for r in reports:
        open_units.subtract({at: n for at, n in r.ledger.taken_in.items() if at[0] in transfers})
    wrong = [f"{at}: {n}" for at, n in open_units.items() if n < 0]
    return [(at[1], n) for at, n in open_units.items() if n > 0], not wrong, wrong[:3]


def total(reports):
    """One table over all sites."""
    goods = reports[0].goods
    yield ""
    yield (f"  {'all sites, at landed cost':<34}{'rupees':>13}{'batches':>9}{'pieces':>10}"
           f"{'loose kg':>10}")
    for name, lots in (("found at risk, when first found", "found"),
                       ("truly expired on the shelf", "expired"),
                       ("  of these found before", "known")):
        yield goods.row(name, [lot for r in reports for lot in getattr(r, lots)])
    yield goods.row("on the road between sites", on_the_road(reports)[0])


def print_all(sites, build, days, seconds, problems):
    """Prints the report; returns whether all invariants hold."""
    reports = [SiteReport(site, build) for site in sites]
    checks = [("every appliance and its floor ended well", not problems, problems)]
    for r in reports:
        print("\n".join(r.lines(days, seconds)))
        checks += [(f"{r.site.name}: {what}", holds, why) for what, holds, why in r.invariants()]
    if len(reports) > 1:
        print("\n".join(total(reports)))
        _, holds, why = on_the_road(reports)
        checks.append(("no transfer brought in what was not sent", holds, why))
    print()
    for what, holds, why in checks:
        print(f"  {'holds ' if holds else 'BROKEN'}  {what}"
              + ("" if holds else ": " + "; ".join(map(str, why))))
    broken = sum(not holds for _, holds, _ in checks)
    print(f"all {len(checks)} invariants hold" if not broken
          else f"{broken} of {len(checks)} invariants BROKEN", flush=True)
    return not broken
