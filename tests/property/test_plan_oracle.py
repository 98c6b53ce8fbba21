# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans of small networks against HiGHS, as it comes in SciPy, and against their own text: the value
is recomputed here from cases and trucks, and the optimum lies between value and bound."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product import lib, numbers

numpy = pytest.importorskip("numpy")
optimize = pytest.importorskip("scipy.optimize")


class World:
    """A problem in the form of rnet: two to five sites, up to three SKUs with a lot at each of two
    sites, segments of falling worth wherever it is sold."""

    def __init__(self, seed):
        rng = random.Random(seed)
        self.sites = rng.randint(2, 5)
        self.rooms = [rng.choice([1000, rng.randint(0, 60)]) for _ in range(self.sites)]
        pairs = [(i, j) for i in range(self.sites) for j in range(self.sites) if i != j]
        self.lanes = [(i, j, rng.randint(1, 2), rng.randint(20, 60), rng.randint(0, 9000),
                       rng.choice([0, rng.randint(1, 20)]))
                      for i, j in rng.sample(pairs, min(len(pairs), rng.randint(1, 6)))]
        self.skus = [self.network(rng) for _ in range(rng.randint(1, 3))]

    def network(self, rng):
        lots = [(rng.randrange(self.sites), rng.randint(1, 12)) for _ in range(2)]
        sink = 2 + self.sites
        arcs = []
        for v, (site, cases) in enumerate(lots):
            arcs.append((v, 2 + site, cases, rng.randint(0, 50), -1))
            arcs += [(v, 2 + lane[1], cases, rng.randint(0, 600), l)
                     for l, lane in enumerate(self.lanes) if lane[0] == site]
            arcs.append((v, sink, cases, rng.randint(0, 900), -1))
            arcs.append((v, sink, rng.randint(0, cases), -rng.randint(0, 3000), -1))
        for site in range(self.sites):
            worth = rng.randint(0, 9000)
            for _ in range(rng.randint(0, 4)):
                arcs.append((2 + site, sink, rng.randint(1, 4), -worth, -1))
                worth = worth * rng.randint(30, 95) // 100
        return rng.randint(1, 8), [cases for _, cases in lots], sink + 1, arcs

    def text(self):
        lines = [f"p rnet {self.sites} {len(self.lanes)} {len(self.skus)}"]
        lines += [f"d {j} {room}" for j, room in enumerate(self.rooms)]
        lines += [f"l {l} {i} {j} {n} {u} {f} {m}"
                  for l, (i, j, n, u, f, m) in enumerate(self.lanes)]
        for k, (kg, lots, nodes, arcs) in enumerate(self.skus):
            lines.append(f"s {k} {kg} {nodes} {len(arcs)}")
            lines += [f"n {v} {cases}" for v, cases in enumerate(lots)]
            lines.append(f"n {nodes - 1} {-sum(lots)}")
            lines += [" ".join(map(str, ("a",) + arc)) for arc in arcs]
        return "\n".join(lines) + "\n"

    def arcs(self):
        return [(k, kg) + arc for k, (kg, _, _, arcs) in enumerate(self.skus) for arc in arcs]

    def optimum(self):
        """The same in HiGHS: every case and truck whole; no SKU both ways between two sites."""
        arcs = self.arcs()
        wide = len(arcs) + len(self.lanes)
        rows, low, high = [], [], []

        def add(entries, least, most):
            row = numpy.zeros(wide)
            for column, value in entries:
                row[column] += value
            rows.append(row)
            low.append(least)
            high.append(most)

        for k, (_, lots, nodes, _) in enumerate(self.skus):
            for v in range(nodes - 1):
                supply = lots[v] if v < len(lots) else 0
                add([(n, (a[2] == v) - (a[3] == v)) for n, a in enumerate(arcs) if a[0] == k],
                    supply, supply)
        for l, (_, _, _, most, _, least) in enumerate(self.lanes):
            on = [(n, a[1]) for n, a in enumerate(arcs) if a[6] == l]
            add(on + [(len(arcs) + l, -most)], -numpy.inf, 0)
            add(on + [(len(arcs) + l, -least)], 0, numpy.inf)
        for j, room in enumerate(self.rooms):
            add([(n, a[1]) for n, a in enumerate(arcs) if a[6] >= 0 and self.lanes[a[6]][1] == j],
                -numpy.inf, room)
        cost = [a[5] for a in arcs] + [lane[4] for lane in self.lanes]
        most = [a[4] for a in arcs] + [lane[2] for lane in self.lanes]
        answer = optimize.milp(cost, constraints=optimize.LinearConstraint(rows, low, high),
                               bounds=optimize.Bounds(0, most), integrality=numpy.ones(wide),
                               options={"mip_rel_gap": 0})
        assert answer.status == 0
        return -round(answer.fun), numpy.round(answer.x).astype(int)

    def both_ways(self, cases):
        used = {(a[0],) + self.lanes[a[6]][:2] for n, a in enumerate(self.arcs())
                if a[6] >= 0 and cases[n] > 0}
        return any((k, j, i) in used for k, i, j in used)

    def check(self, cases, trucks, value):
        """Everything that section 4 of the model says, from the numbers alone."""
        arcs = self.arcs()
        for k, (_, lots, nodes, _) in enumerate(self.skus):
            for v in range(nodes - 1):
                net = sum(cases[n] * ((a[2] == v) - (a[3] == v)) for n, a in enumerate(arcs)
                          if a[0] == k)
                assert net == (lots[v] if v < len(lots) else 0)
        for n, a in enumerate(arcs):
            assert 0 <= cases[n] <= a[4]
        for l, (_, _, n_max, most, _, least) in enumerate(self.lanes):
            load = sum(a[1] * cases[n] for n, a in enumerate(arcs) if a[6] == l)
            assert 0 <= trucks[l] <= n_max and least * trucks[l] <= load <= most * trucks[l]
        for j, room in enumerate(self.rooms):
            assert sum(a[1] * cases[n] for n, a in enumerate(arcs)
                       if a[6] >= 0 and self.lanes[a[6]][1] == j) <= room
        assert not self.both_ways(cases)
        assert value == -sum(a[5] * cases[n] for n, a in enumerate(arcs)) - sum(
            lane[4] * trucks[l] for l, lane in enumerate(self.lanes))


def test_plans_lie_between_nothing_and_the_optimum_of_highs():
    reach = Counter()

    @given(st.integers(0, 2**32))
    def run(seed):
        world = World(seed)
        ret = numbers([0] * 3)
        cases = numbers([0] * len(world.arcs()))
        trucks = numbers([0] * len(world.lanes))
        assert lib.shim_plan(world.text().encode(), numbers([60, 40, 500]), ret, cases, trucks) == 0
        value, alone, bound = ret
        world.check(list(cases), list(trucks), value)
        best, x = world.optimum()
        assert alone <= value <= bound
        if not world.both_ways(x):
            assert value <= best <= bound
        reach["optimal"] += value == best
        reach["moves pay"] += best > alone
        reach["all"] += 1

    run()
    print(dict(reach))
    assert reach["moves pay"] >= 60 and reach["optimal"] * 100 >= 95 * reach["all"]
