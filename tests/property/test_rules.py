# SPDX-License-Identifier: Apache-2.0
"""Properties of the ground that the sixteen stand on: barcodes read what labels say, packs lose
nothing, FEFO takes the first to expire. They carry no number of the mission's."""

import ctypes
from collections import Counter

from hypothesis import assume, given
from hypothesis import strategies as st

from product import DAY0, NO_DAY, lib, numbers

# GS1 General Specifications, figure 7.11-1: what batch and serial may hold.
CODE82 = ("!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
          "abcdefghijklmnopqrstuvwxyz")
CODES = st.text(alphabet=CODE82, min_size=1, max_size=20)


def gtin14(body):
    digits = [int(d) for d in f"{body:013d}"]
    total = sum(d * (3 if i % 2 == 0 else 1) for i, d in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


DATES = st.builds("{:02d}{:02d}{:02d}".format, st.integers(20, 40), st.integers(1, 12),
                  st.integers(1, 28))


@st.composite
def labels(draw):
    facts = {"gtin14": gtin14(draw(st.integers(1, 9_999_999_999_999)))}
    for name, values in {"batch": CODES, "serial": CODES, "made": DATES, "packed": DATES,
                         "best_before": DATES, "sell_by": DATES, "use_by": DATES,
                         "weight_g": st.integers(0, 999_999)}.items():
        if draw(st.booleans()):
            facts[name] = draw(values)
    return facts


def test_a_label_reads_as_what_it_was_written_from():
    """What barcode_facts_compose() writes, barcode_read() reads back to the same facts, whatever
    the batch holds and in whichever symbology it is printed."""
    reach = Counter()

    @given(labels(), st.sampled_from([b"]C1", b"]d2", b"]Q3", b"]e0"]))
    def run(facts, symbology):
        # AI 3100 needs a trade item of variable measure, whose GTIN begins with 9.
        assume("weight_g" not in facts or facts["gtin14"][0] == "9")
        told = "\n".join(f"{k}={v}" for k, v in facts.items())
        buf = ctypes.create_string_buffer(512)
        n = lib.shim_compose(told.encode(), 0, buf, len(buf))
        assert n > 0, told
        back = ctypes.create_string_buffer(4096)
        scan = symbology + buf.raw[:n]
        assert lib.shim_read(scan, len(scan), DAY0, back, len(back)) == 0
        got = dict(line.split("=", 1) for line in back.value.decode().splitlines())
        got = {k: v for k, v in got.items() if v}
        assert got == {k: str(v) for k, v in facts.items()}
        reach["two texts"] += "batch" in facts and "serial" in facts

    run()
    print(dict(reach))
    assert reach["two texts"] >= 20


@st.composite
def packs(draw):
    """A case of inners of pieces: each size holds whole ones of the next, or not."""
    sizes = sorted(draw(st.sets(st.integers(2, 10**6), max_size=3)), reverse=True)
    return sizes + [1]


@given(packs(), st.data())
def test_packs_add_up_and_come_apart_without_loss(sizes, data):
    """Units of packs are the sum of their packs; taken apart again they are as many units in as few
    packs as a greedy worker would take, and no pack is left that a larger one could hold."""
    assert lib.shim_pack_check(numbers(sizes), len(sizes)) == 0
    counts = [data.draw(st.integers(0, 10**6)) for _ in sizes]
    total = ctypes.c_int64()
    assert lib.shim_pack_total(numbers(sizes), len(sizes), numbers(counts),
                               ctypes.byref(total)) == 0
    assert total.value == sum(n * size for n, size in zip(counts, sizes))
    split = numbers([0] * len(sizes))
    lib.shim_pack_split(numbers(sizes), len(sizes), total, split)
    rest = total.value
    for n, size in zip(split, sizes):
        assert n == rest // size
        rest -= n * size
    assert rest == 0


LOTS = st.lists(st.tuples(st.one_of(st.just(NO_DAY), st.integers(DAY0 - 2, DAY0 + 60)),
                          st.integers(DAY0 - 100, DAY0), st.sampled_from([0, 0, 0, 0, 0, 1, 2, 3]),
                          st.integers(-2, 40)), min_size=4, max_size=12)


def test_fefo_takes_the_first_to_expire_and_no_more():
    """What FEFO proposes is there, is sellable and lives long enough; nothing that expires sooner
    and could go is left behind; wanted, allocated and short add up."""
    reach = Counter()

    @given(LOTS, st.integers(0, 120), st.integers(0, 3), st.integers(0, 8), st.booleans())
    def run(lots, wanted, delivery, least_days, fewest):
        flat = [v for lot in lots for v in lot]
        at, units, ret = numbers([0] * 64), numbers([0] * 64), numbers([0] * 5)
        assert lib.shim_fefo(numbers(flat), len(lots),
                             numbers([wanted, DAY0, DAY0 + delivery, least_days, fewest]), at,
                             units, ret) == 0
        n, allocated, short, _, _ = ret
        taken = dict(zip(at[:n], units[:n]))
        assert len(taken) == n and all(u > 0 for u in taken.values())
        assert sum(taken.values()) == allocated and allocated + short == wanted

        def may_go(lot):
            expiry, _, status, free = lot
            return (status == 0 and free > 0 and
                    (expiry == NO_DAY or (expiry >= DAY0
                                          and expiry - (DAY0 + delivery) >= least_days)))

        good = [i for i, lot in enumerate(lots) if may_go(lot)]
        assert set(taken) <= set(good)
        assert all(taken[i] <= lots[i][3] for i in taken)
        assert allocated == min(wanted, sum(lots[i][3] for i in good))
        if not fewest:
            days = [10**9 if lot[0] == NO_DAY else lot[0] for lot in lots]
            latest = max((days[i] for i in taken), default=-10**9)
            assert all(taken.get(i, 0) == lots[i][3] for i in good if days[i] < latest)
        reach["several lots"] += n > 1
        reach["left behind"] += len(good) > n > 0

    run()
    print(dict(reach))
    assert reach["several lots"] >= 40 and reach["left behind"] >= 20
