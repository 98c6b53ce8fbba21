# SPDX-License-Identifier: Apache-2.0
"""Documents that are laid into the folder: taken whole, refused with a reason, never in between."""

import random
import threading
import time

from site_under_test import MASTER, MILK_GTIN, milk, opening, orders, wait_for

SEED = 7
STARTS = 16


def catalogue(**change):
    """The catalogue's text with a cell of the milk's row changed."""
    header, *rows = (MASTER / "catalogue.csv").read_text().splitlines()
    columns = header.split(",")
    for i, row in enumerate(rows):
        if row.startswith("UHT-1L,"):
            cells = row.split(",")
            for name, value in change.items():
                cells[columns.index(name)] = value
            rows[i] = ",".join(cells)
    return "\n".join([header, *rows]) + "\n"


def name_of(dock):
    dock.scan("]E0" + MILK_GTIN)
    name = dock.view["item"]["name"]
    dock.key("cancel")
    return name


def test_a_good_document_is_in_force_at_once_and_a_bad_one_leaves_the_old(site):
    one = site().open("dock")
    dock = one.worker().sign_in().work("receive")
    assert one.give("catalogue-2.csv", catalogue(name="Milk two")) == ""
    assert name_of(dock) == "Milk two"
    why = one.give("catalogue-3.csv", catalogue(name="Milk three", shelf_life_days="soon"))
    assert why.startswith("catalogue-3.csv line 4: ") and "shelf_life_days" in why, why
    assert "soon" in why
    assert name_of(dock) == "Milk two"
    assert one.give("catalogue-3.csv", catalogue(name="Milk three")) == ""
    assert [p.name for p in one.documents.iterdir()] == []  # the refusal is settled
    assert name_of(dock) == "Milk three"


def test_the_same_document_again_and_a_foreign_file_change_nothing(site):
    one = site().open("dock")
    dock = one.worker().sign_in().work("receive")
    assert one.give("catalogue-5.csv", catalogue(name="Milk five")) == ""
    head = len(one.entries())
    assert one.give("catalogue-5.csv", catalogue(name="Milk five")) == ""
    assert len(one.entries()) == head
    assert name_of(dock) == "Milk five"
    note = one.lay("README.txt", "hello")
    one.give("catalogue-6.csv", catalogue(name="Milk six"))
    assert note.read_text() == "hello"


def test_an_older_version_that_turns_up_later_is_refused(site):
    one = site().open("dock")
    dock = one.worker().sign_in().work("receive")
    assert one.give("catalogue-5.csv", catalogue(name="Milk five")) == ""
    why = one.give("catalogue-4.csv", catalogue(name="Milk four"))
    assert "version 4 is older than 5, which is in force" in why
    assert name_of(dock) == "Milk five"


def test_a_document_that_contradicts_itself_is_refused_with_line_and_column(site):
    one = site().open("dock")
    for name, text, words in [
        ("bins-2.csv", "bin,kind,volume_ml,walk\nDOCK,dock,0,0\nDOCK,dock,0,1\n", ["line 3", "DOCK"]),
        ("workers-2.csv", "worker,name,pin_hash,role,language\nw,W,,king,en\n", ["line 2", "role"]),
        ("orders-1.csv", orders(("SO-1", "sale", 1, "OUT-002", "UHT-1L", -3)), ["line 2", "qty"]),
        ("parties-2.csv", "party,kind\nx\n", ["line"]),
        ("opening.csv", opening(("NOWHERE", "L1", "2027-01-01", 5)), ["line 2", "bin", "NOWHERE"]),
    ]:
        why = one.give(name, text)
        assert all(word in why for word in words), (name, why)
    assert one.entries("opening") == []


def test_opening_stock_is_taken_once(site):
    one = site(documents={"opening.csv": opening(("A-01", "L1", "2027-01-01", 5))}).open("dock")
    assert [(e["batch"], e["qty"]) for e in one.entries("opening")] == [("L1", 5)]
    one.give("opening.csv", opening(("A-01", "L1", "2027-01-01", 5)))
    one.give("opening.csv", opening(("A-02", "L2", "2027-01-01", 7)))
    assert [(e["batch"], e["qty"]) for e in one.entries("opening")] == [("L1", 5)]


def test_opening_stock_with_one_bad_row_brings_none_of_it(site):
    one = site().open("dock")
    rows = [("A-01", f"L{k}", "2027-01-01", 5) for k in range(50)] + [("A-01", "X", "soon", 1)]
    why = one.give("opening.csv", opening(*rows))
    assert "line 52" in why and "expiry" in why
    assert one.entries("opening") == []
    assert one.give("opening.csv", opening(*rows[:-1])) == ""
    assert len(one.entries("opening")) == 50


def test_a_document_that_is_laid_while_the_appliance_starts_is_taken(site):
    """Whenever: before the folder is read for the first time, or between that and the first wait."""
    one = site().open("dock")
    for version in range(1, STARTS + 1):
        one.kill()
        said = one.stationd.log.stat().st_size
        starting = threading.Thread(target=one.restart)
        starting.start()
        wait_for(lambda: b"journal: opened" in one.stationd.log.read_bytes()[said:])
        time.sleep(version % 8 / 1000)  # somewhere in what follows
        laid = one.lay(f"orders-{version}.csv", orders((f"S-{version}", "sale", 1, "OUT-002",
                                                        "UHT-1L", 1)))
        starting.join()
        wait_for(lambda: not laid.exists())


def test_a_power_cut_while_a_document_is_applied_leaves_the_old_or_the_new(site):
    chance = random.Random(SEED)
    one = site().open("dock")
    lines = 2000
    before = 0
    for version in range(1, 9):
        one.lay(f"orders-{version}.csv",
                orders(*[(f"V{version}-{k}", "sale", 1, "OUT-002", "UHT-1L", version)
                         for k in range(lines)]))
        for _ in range(chance.randrange(4)):
            one.request("GET", "/api/v1/health")  # it may have begun, be in the middle, or done
        one.kill()
        seen = one.ctl("journal", "verify", one.journal)
        assert seen.returncode == 0, seen.stderr
        one.restart()
        dock = one.worker().sign_in()
        tasks = one.request("GET", "/api/v1/tasks", cookie=dock.cookie)[2]
        tasks = tasks["items"] if isinstance(tasks, dict) and "items" in tasks else tasks
        text = str(tasks)
        there = [v for v in range(1, 9) if f"'V{v}-" in text]
        assert there in ([version], [before]), there
        before = there[0]
        for k in (0, lines // 2, lines - 1):  # first, middle and last line of the same version
            assert dock.scan(f"VD*V{before}-{k}") == "document_open"
            dock.key("flow:home")
        dock.screen.close()
