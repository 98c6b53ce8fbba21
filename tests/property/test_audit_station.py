# SPDX-License-Identifier: Apache-2.0
"""Property 15 over the station: two workers scan, press and weigh at random, and whatever changes
on the shelves stands in the trail, by the worker who did it, at the time and by the device."""

from collections import Counter

from hypothesis import event, given
from hypothesis import strategies as st

import fold
from product import DAY0, Site, tagged
from test_audit import sound

DOCUMENTS = {
    "catalogue": "sku,name,unit,expiry_kind,shelf_life_days,receipt_permille,outlet_days,needs,"
                 "cost,mrp,volume_ml,piece_gtin,case_units,case_gtin\n"
                 "BISC,Biscuit,piece,best_before,180,0,10,batch+expiry,8,10,200,8901234000014,24,"
                 "18901234000011\n"
                 "TEA,Tea,piece,best_before,365,0,10,batch+expiry,90,120,500,8901234000021,12,"
                 "18901234000028\n"
                 "SOAP,Soap,piece,use_by,0,0,0,,20,25,150,8901234000038,,\n",
    "parties": "party,kind,name\nOUT1,outlet,Shop\nSUP1,supplier,Maker\nSITE2,site,Nashik\n",
    "bins": "bin,kind,volume_ml,walk\nDOCK,dock,,0\nQUAR,quarantine,,0\nSCRAP,scrap,,0\n"
            "A1,rack,,1\nB1,rack,,2\n",
    "workers": "worker,name,role,language\nMEENA,Meena,supervisor,en\nANIL,Anil,staff,hi\n",
    "orders": "document,kind,line,party,sku,qty,batch,expiry\n"
              "SO1,sale,1,OUT1,BISC,24,,\nSO1,sale,2,OUT1,TEA,12,,\nSO2,sale,1,OUT1,SOAP,5,,\n"
              "PO1,purchase,1,SUP1,BISC,48,,\nTO1,transfer_out,1,SITE2,BISC,10,,\n"
              "TI1,transfer_in,1,SITE2,TEA,12,X2,2027-01-31\n",
}
OPENING = [("BISC", "B1", DAY0 + 57, "A1", 60), ("BISC", "B2", DAY0 + 118, "B1", 48),
           ("TEA", "T1", DAY0 + 200, "B1", 24), ("SOAP", "", None, "A1", 50)]

FLOWS = ["receive", "put_away", "pick", "count", "weigh", "dispatch", "arrive", "dispose", "return",
         "look", "bind", "correct"]
GOODS = ["]C101089012340000141526103110B1", "]C101089012340000141526123110B2",
         "]C101189012340000111526123110N1", "]C101089012340000211527032310T1",
         "]E08901234000014", "]E08901234000038", "]I118901234000028", "]E04006381333931"]
REASONS = ["damaged", "expired", "not_found", "blocked", "not_sold", "found", "other",
           "wrong_batch", "recall"]

# What a worker means to do, as far as it goes right; "target" and "wanted" are what the screen asks
# for: its bin, and a label of its goods.
JOBS = [
    [("command", "flow:receive"), ("scan", GOODS[2]), ("command", "mrp:10"), ("command", "ok")],
    [("command", "document:PO1"), ("scan", GOODS[0]), ("command", "mrp:12.50"),
     ("command", "qty:24"), ("command", "ok")],
    [("command", "flow:receive"), ("scan", GOODS[3]), ("command", "ok"), ("command", "undo")],
    [("command", "document:SO1"), ("target", 0), ("wanted", 0), ("command", "qty:24"),
     ("command", "ok"), ("target", 0), ("wanted", 0), ("command", "ok")],
    [("command", "document:SO2"), ("wanted", 0), ("command", "qty:5"), ("command", "ok"),
     ("command", "undo")],
    [("command", "document:TO1"), ("wanted", 0), ("command", "qty:10"), ("command", "ok")],
    [("command", "document:TI1"), ("wanted", 0), ("command", "qty:12"), ("command", "ok")],
    [("command", "flow:put_away"), ("scan", "VB*A1"), ("scan", GOODS[0]), ("command", "qty:5"),
     ("scan", "VB*B1")],
    [("command", "flow:count"), ("scan", "VB*A1"), ("scan", GOODS[0]), ("command", "qty:55"),
     ("command", "ok"), ("command", "ok"), ("command", "ok")],
    [("command", "flow:dispose"), ("scan", "VB*A1"), ("scan", GOODS[0]), ("command", "qty:2"),
     ("command", "ok"), ("command", "reason:damaged"), ("command", "note:crushed"),
     ("command", "witness:ANIL"), ("command", "ok")],
    [("command", "flow:return"), ("command", "document:SO1"), ("scan", GOODS[0]),
     ("command", "mrp:10"), ("command", "qty:2"), ("command", "ok"), ("command", "reason:damaged"),
     ("command", "ok")],
    [("command", "flow:correct"), ("scan", GOODS[0]), ("command", "batch:B9"),
     ("command", "mrp:11"), ("command", "ok"), ("command", "ok")],
    [("command", "flow:look"), ("scan", GOODS[0]), ("command", "status:hold"),
     ("command", "reason:recall"), ("command", "ok")],
]
NOISE = st.one_of(
    st.tuples(st.just("asked"), st.integers(0, 50)),
    st.tuples(st.just("scan"), st.sampled_from(GOODS + ["VB*A1", "VB*B1", "VB*DOCK", "VB*SCRAP"])),
    st.tuples(st.just("command"), st.sampled_from(
        [f"flow:{f}" for f in FLOWS] + [f"reason:{r}" for r in REASONS]
        + ["ok", "ok", "cancel", "undo", "skip", "short", "batch:N1", "mrp:10", "expiry:2026-12-31",
           "expiry:12/26", "damaged:1", "status:hold", "witness:ANIL", "note:fell", "sign_out",
           "worker:MEENA", "pick_batch:1", "line:1", "packs:1"])),
    st.tuples(st.just("command"), st.integers(0, 60).map("qty:{}".format)),
    st.tuples(st.just("weight"), st.integers(-10, 30_000).map(str)))


@st.composite
def shifts(draw):
    """Jobs at two posts, now and then something else in between, or a step left out; several inputs
    may share a commit, and the power may fail."""
    inputs = []
    for job in draw(st.lists(st.sampled_from(JOBS), min_size=3, max_size=8)):
        post = draw(st.sampled_from(["P1", "P1", "P2"]))
        for one in job:
            chance = draw(st.integers(0, 11))
            if chance == 0:
                continue
            if chance == 1:
                inputs.append((draw(st.sampled_from(["P1", "P2"])), draw(NOISE), "commit"))
            if chance == 2:
                one = draw(NOISE)
            then = {3: "hold", 4: "hold", 5: "cut"}.get(chance, "commit")
            if then == "cut" and draw(st.booleans()):
                then = "commit"
            inputs.append((post, one, then))
    return inputs


def set_up(site):
    for name, body in DOCUMENTS.items():
        site.apply(name, 1, body)
    for sku, batch, expiry, place, qty in OPENING:
        fields = {"sku": sku, "batch": batch, "bin": place, "qty": qty, "value_paise": qty * 100}
        site.append(("opening", fields if expiry is None else fields | {"expiry_day": expiry}))
    site.commit()
    start(site)


def start(site):
    site.station_open()
    for post, worker in [("P1", "MEENA"), ("P2", "ANIL")]:
        site.give(post, "command", f"worker:{worker}")
    assert [a[2] for a in site.answers()] == ["signed_in", "signed_in"]


LABELS = {("BISC", "B1"): GOODS[0], ("BISC", "B2"): GOODS[1], ("TEA", "T1"): GOODS[3],
          ("TEA", "X2"): "]C101089012340000211527013110X2", ("SOAP", ""): GOODS[5]}


def step(site, post, what, value):
    """(kind, text) of the input that the step comes to at this post."""
    view = site.view(post)
    if what == "target":
        return "scan", f"VB*{view.bin or 'A1'}"
    if what == "wanted":
        return "scan", LABELS.get((view.sku, view.batch), GOODS[value])
    if what != "asked":
        return what, value
    if view.choices:
        return "command", view.choices[value % len(view.choices)]
    typed = {"qty:": str(value), "expiry:": "2026-12-31", "mrp:": "10", "batch:": "N1"}
    return "command", view.keypad + typed.get(view.keypad, "1") if view.keypad else "ok"


@tagged
def test_every_change_on_the_floor_is_in_the_audit_trail():
    """Feature: vyapar-sahayak-distributor, Property 15: Every stock, price and promotion change is
    in the audit trail with all details.

    Whatever two posts do between two commits, the difference on the shelves is what the new lines
    of the journal say, each of them by the worker of an input of that group, at its time. What was
    answered by a refusal changed nothing, and what a power cut took had never been answered.
    """
    reach = Counter()

    @given(shifts())
    def run(inputs):
        with Site() as site:
            site.at(DAY0, 36_000_000)
            set_up(site)
            group = {}  # wall_ms -> worker, of the inputs since the last commit
            before, head = site.lots(), site.head()
            for post, (what, value), then in inputs:
                kind, text = step(site, post, what, value)
                worker = site.view(post).worker
                site.give(post, kind, text)
                group[site.now] = {worker, site.view(post).worker}
                if then == "cut":
                    site.reopen()
                    assert site.lots() == before and site.head() == head
                    start(site)
                    reach["power cuts"] += 1
                elif then == "commit":
                    check_group(site, group, before, head)
                if then != "hold":
                    group, before, head = {}, site.lots(), site.head()
            check_group(site, group, before, head)
            sound(site)
            event(f"entries {site.head() // 20 * 20}")

    def check_group(site, group, before, head):
        answers = site.answers()
        trail = {e["seq"]: e for e in site.entries(head + 1)}
        now = site.lots()
        changed = {lot: now.get(lot, 0) - before.get(lot, 0) for lot in set(now) | set(before)}
        explained = Counter()
        for e in trail.values():
            for lot, units in fold.changes(e):
                explained[lot] += units
                assert e["worker"] and e["worker"] in group[e["wall_ms"]], e
                reach[e["kind"]] += 1
        assert ({lot: n for lot, n in changed.items() if n}
                == {lot: n for lot, n in explained.items() if n})
        answered = set()
        for _, tone, _, first, count in answers:
            own = range(first, first + count) if count else ()
            assert set(own) <= set(trail) and not answered & set(own)
            answered |= set(own)
            if tone == "reject":
                assert not any(fold.changes(trail[seq]) for seq in own)
                reach["refusals"] += 1
        assert answered == set(trail)
        reach["changing groups"] += any(changed.values())

    run()
    print(dict(reach))
    assert reach["changing groups"] >= 100 and reach["refusals"] >= 300
    assert reach["received"] >= 60 and reach["picked"] >= 30 and reach["power cuts"] >= 50
    assert all(reach[kind] >= 3 for kind in ["moved", "counted", "returned", "dispatched",
                                             "arrived", "disposed", "corrected_in", "restated"])
