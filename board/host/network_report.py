# SPDX-License-Identifier: Apache-2.0
"""What the network demo prints at its end, for a distributor: what was found, what was done about
it, what it brought, and whether every figure holds. All of it is read out of the databases at both
ends, and of what truly happened (money.py)."""

import collections
import math
import statistics

import both_ends
import offers_report
import report

FOUND = {"expiry": "will not sell before its date", "dead": "does not sell at all any more",
         "slow": "sells too slowly"}
ACTIONS = {"transfer": "send to another warehouse", "campaign": "offer to shops at a lower price",
           "supplier_return": "return to the supplier", "write_off": "destroy", "hold": "keep"}
STATES = {"done": "carried out", "partial": "carried out in part", "executing": "under way",
          "approved": "approved", "proposed": "waiting for a word", "expired": "nobody decided in time",
          "rejected": "rejected", "failed": "called off"}
WORTH = {"sold": "goods sold", "returned": "goods taken back", "bought": "goods bought",
         "freight": "freight between warehouses", "destroying": "destroying expired goods",
         "owed": "sales that shops forgo after the end",
         "left": "goods left that will still sell"}
LATE_DAYS = 2
# Two-sided 95 % of Student's t by degrees of freedom; beyond the table the normal's 1.960 is near.
STUDENT_95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179,
              2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
              2.060, 2.056, 2.052, 2.048, 2.045, 2.042]


class Tally:
    """A number of things, and goods the way people speak of them."""

    def __init__(self):
        self.count = 0
        self.pieces = 0
        self.grams = 0
        self.paise = 0

    def add(self, product, count, units, paise):
        self.count += count
        self.paise += paise
        if product.unit == "gram":
            self.grams += units
        else:
            self.pieces += units

    def row(self, name):
        return (f"  {name:<40}{self.count:>9}{report.grouped(self.pieces):>11}"
                f"{self.grams / 1000:>10,.1f}{report.rupees(self.paise):>14}")


def heading(name, count):
    return f"  {name:<40}{count:>9}{'pieces':>11}{'loose kg':>10}{'at cost':>14}"


def tallies(rows, goods):
    """rows: (name, sku, count, units, paise) -> name -> Tally"""
    sums = collections.defaultdict(Tally)
    for name, sku, *figures in rows:
        sums[name].add(goods[sku], *figures)
    return sums


def summed(rows, goods):
    """rows: (sku, count, units, paise) -> Tally"""
    return tallies([("all", *row) for row in rows], goods)["all"]


def risk(store, goods):
    """What was found at risk, what was proposed, and what scans say came of it."""
    cases = store.cases()
    yield heading("found at risk, as it was when found", "batches")
    yield summed([row[1:] for row in cases], goods).row("in all")
    by_kind = tallies(cases, goods)
    for kind, words in FOUND.items():
        yield by_kind[kind].row(f"  {words}")
    yield ""
    yield heading("proposed by the relay", "times")
    proposals = store.proposals()
    for action, words in ACTIONS.items():
        mine = [row[1:] for row in proposals if row[0] == action]
        if not mine:
            continue
        yield summed([row[1:] for row in mine], goods).row(words)
        by_state = tallies(mine, goods)
        for state, said in STATES.items():
            if state in by_state:
                yield by_state[state].row(f"  {said}")
    yield ""
    yield heading("what came of it, by scans", "batches")
    for column, words in enumerate(("sent, and arrived whole", "cleared by offers",
                                    "returned to the supplier", "written off")):
        done = [(row[0], 1, row[2 + column], cost(goods[row[0]], row[2 + column]))
                for row in store.booked_cases() if row[2 + column]]
        yield summed(done, goods).row(words)
    recovered = sum(row[-1] for row in store.booked_cases())
    yield f"  {'recovered, by the relay’s own books':<70}{report.rupees(recovered):>14}"


def cost(product, units):
    return round(units * product.cost_paise / product.piece_units)


def work(run):
    """What was scanned, journalled and sent."""
    stores = run.stores()
    yield (f"  {'warehouse':<22}{'scans':>9}{'entries':>9}{'at relay':>10}{'batches':>9}"
           f"{'bytes an entry':>16}{'on the line':>13}")
    for site in run.sites:
        scans = sum(len(post.latencies) for post in site.posts.values())
        head, _ = both_ends.journal_at(site.folder / "journal.db", 0)
        stored, wire, batches = stores[site.tenant].sent_by(site.name)
        line_kb = (site.link.bytes_up + site.link.bytes_down) / 1024
        yield (f"  {site.tenant + ' ' + site.name:<22}{report.grouped(scans):>9}"
               f"{report.grouped(head):>9}{report.grouped(stored):>10}{report.grouped(batches):>9}"
               f"{wire / max(1, stored):>16.1f}{line_kb:>10,.0f} kB")
    yield ("  (an entry is one thing that happened; bytes as packed; on the line: all of it, both "
           "ways, encrypted)")


def worth(runs):
    """The days in rupees, one column a run."""
    columns = [run.worth() for run in runs.values()]
    two = len(columns) == 2
    yield (f"  {'what the days were worth':<34}" + "".join(f"{name:>21}" for name in runs)
           + (f"{'difference':>15}" if two else ""))
    for part, words in [*WORTH.items(), *[(name, name) for column in columns
                                          for name in column.parts if name not in WORTH]]:
        yield money_row(words, [column.parts[part] for column in columns])
    yield money_row("in all", [column.total() for column in columns])


def money_row(words, figures):
    difference = (f"{signed(figures[0] - figures[1]):>15}" if len(figures) == 2 else "")
    return f"  {words:<34}" + "".join(f"{report.rupees(n):>21}" for n in figures) + difference


def signed(paise):
    return ("+" if paise > 0 else "") + report.rupees(paise)


def invariants(checks):
    """checks: [(where, what, holds, against)]; one line for each kind, and every one that broke."""
    kinds = collections.defaultdict(list)
    for where, what, holds, against in checks:
        kinds[what].append((where, holds, against))
    for what, found in kinds.items():
        broken = [row for row in found if not row[1]]
        yield (f"  {'BROKEN' if broken else 'holds '}  {what}"
               + (f" ({len(found)} times)" if len(found) > 1 else ""))
        for where, _, against in broken:
            yield f"          {where}: {'; '.join(map(str, against[:3]))}"
    held = sum(holds for _, _, holds, _ in checks)
    yield f"{held} of {len(checks)} invariants hold"


def print_all(runs):
    """Prints the report; whether every invariant holds."""
    for name, run in runs.items():
        print(f"\n{name}: {run.days} days in {run.seconds:.0f} s")
        if not run.relay:
            continue
        goods = run.sites[0].goods
        store = run.stores()["demo"]
        for line in (*risk(store, goods), "", *offers_report.lines(run.offers, store), "",
                     *work(run)):
            print(line)
        for trouble in run.troubles:
            print()
            for line in trouble.lines():
                print("  " + line)
    print()
    for line in worth(runs):
        print(line)
    if len(runs) == 2:
        with_relay, alone = (run.worth().total() for run in runs.values())
        print(f"\nThe relay brought {signed(with_relay - alone)} against the same days without it. "
              "One seed is one draw of luck: --seeds N gives the mean of N.")
    for line in too_fast(runs):
        print(line)
    checks = [check for run in runs.values() for check in run.invariants()]
    print()
    for line in invariants(checks):
        print(line)
    return all(holds for _, _, holds, _ in checks)


def too_fast(runs):
    """Goods age by the calendar and sell by people: both runs must have had the same of either."""
    late = {name: run.late_days for name, run in runs.items() if run.late_days > LATE_DAYS}
    if late:
        yield ("Take the rupees with care: this machine was too busy for the calendar's pace, and "
               "people ended " + ", ".join(f"{days} days late {name}" for name, days in late.items())
               + "; --speed with more seconds a day gives them time.")


def interval(differences):
    """(mean, half the width of its 95 % interval) of paired differences; at least two."""
    n = len(differences)
    student = STUDENT_95[n - 2] if n - 2 < len(STUDENT_95) else 1.960
    return statistics.mean(differences), student * statistics.stdev(differences) / math.sqrt(n)


class Seeds:
    """One line a seed, and at the end what they say together."""

    def __init__(self):
        self.differences = []  # of those whose invariants hold: figures of others are worth nothing
        self.broken = []

    def heading(self):
        return (f"  {'seed':<8}{'with the relay':>17}{'left to themselves':>21}{'difference':>15}"
                f"{'moved, pieces':>16}{'invariants':>13}")

    def row(self, seed, runs):
        with_relay, alone = runs.values()
        figures = [run.worth().total() for run in (with_relay, alone)]
        moved = sum(row[2] for row in with_relay.stores()["demo"].booked_cases())
        checks = [check for run in runs.values() for check in run.invariants()]
        held = sum(holds for _, _, holds, _ in checks)
        if held == len(checks):
            self.differences.append(figures[0] - figures[1])
        else:
            self.broken.append(seed)
        broken = "".join(f"\n    BROKEN  {where}: {what}: {'; '.join(map(str, against[:3]))}"
                         for where, what, holds, against in checks if not holds)
        return (f"  {seed:<8}{report.rupees(figures[0]):>17}{report.rupees(figures[1]):>21}"
                f"{signed(figures[0] - figures[1]):>15}{report.grouped(moved):>16}"
                f"{f'{held} of {len(checks)}':>13}{broken}"
                + "".join(f"\n    {line}" for line in too_fast(runs)))

    def verdict(self):
        left_out = (f"; left out, since an invariant broke: {', '.join(map(str, self.broken))}"
                    if self.broken else "")
        if len(self.differences) < 2:
            return f"  an interval needs two seeds and more{left_out}"
        mean, half = interval(self.differences)
        return (f"  on average the relay brought {signed(mean)}; with 95 % certainty between "
                f"{signed(mean - half)} and {signed(mean + half)} (Student's t, "
                f"{len(self.differences)} paired seeds){left_out}")
