# SPDX-License-Identifier: Apache-2.0
"""Sets what the relay's store holds against the appliances' journals: nothing lost, nothing double,
every chain equal at both ends, stock conserved over the network, no tenant in another's store. Reads
the databases themselves, not what a program says of them."""

import collections
import sqlite3

NO_DAY = -2147483648
ACCOUNTS = ["none", "opening", "received", "sold", "returned", "dispatched", "arrived", "sent_back",
            "disposed", "adjusted", "internal"]


def open_readonly(path):
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


class Store:
    """One tenant's store at the relay."""

    def __init__(self, folder, tenant):
        self.tenant = tenant
        self.db = open_readonly(folder / f"{tenant}.db")

    def rows(self, query, *values):
        return self.db.execute(query, values).fetchall()

    def watermarks(self):
        """device -> (epoch, wm, head hash)"""
        return {device: (epoch, wm, head) for device, epoch, wm, head in self.rows(
            "SELECT device, epoch, wm, head_hash FROM watermark ORDER BY device, epoch")}

    def sent_by(self, device):
        """(entries, bytes of batches, batches) of an appliance"""
        return self.rows("SELECT coalesce(sum(wm), 0), coalesce(sum(wire_bytes), 0),"
                         " coalesce(sum(batches), 0) FROM watermark WHERE device = ?", device)[0]

    def tenants_inside(self):
        """All tenants that any row of the store names."""
        names = set()
        for (table,) in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'"):
            columns = {row[1] for row in self.rows(f"PRAGMA table_info({table})")}
            if "tenant" in columns:
                names |= {name for (name,) in self.rows(f"SELECT DISTINCT tenant FROM {table}")}
        return names

    def stock(self):
        """(site, sku, batch, expiry, mrp) -> units"""
        return {tuple(row[:5]): row[5] for row in self.rows(
            "SELECT site, sku, batch, expiry_day, mrp_paise, sum(qty) FROM stock"
            " GROUP BY 1, 2, 3, 4, 5 HAVING sum(qty) <> 0")}

    def accounts(self):
        """(sku, batch, expiry, mrp) -> account -> units, over all sites"""
        sums = collections.defaultdict(collections.Counter)
        for sku, batch, expiry, mrp, account, qty in self.rows(
                "SELECT sku, batch, expiry_day, mrp_paise, account, sum(qty) FROM account"
                " GROUP BY 1, 2, 3, 4, 5"):
            sums[sku, batch, expiry, mrp][ACCOUNTS[account]] += qty
        return sums

    def cases(self):
        """[(kind, sku, cases, units at risk, paise at risk)], as they were found"""
        return self.rows("SELECT kind, sku, count(*), sum(risk_units), sum(risk_paise)"
                         " FROM recovery_case GROUP BY kind, sku")

    def proposals(self):
        """[(action, state, sku, proposals, units, landed paise)]"""
        return self.rows("SELECT action, state, sku, count(*), sum(units), sum(landed_paise)"
                         " FROM proposal GROUP BY action, state, sku")

    def booked_cases(self):
        """[(sku, batches, moved, cleared, returned, written off, recovered paise)] by scans, of what
        a case was opened for"""
        return self.rows("SELECT sku, count(*), sum(moved_units), sum(cleared_units),"
                         " sum(returned_units), sum(written_off_units), sum(recovered_paise)"
                         " FROM recovery_case GROUP BY sku")

    def freight_paise(self):
        """Of transfers whose goods have left: as booked, or as agreed while they are under way."""
        return self.rows("SELECT coalesce(sum(CASE WHEN state = 'executing' THEN cost_paise"
                         " ELSE actual_cost_paise END), 0) FROM proposal WHERE action = 'transfer'"
                         " AND document IN (SELECT document FROM transit WHERE sent > 0)")[0][0]

    def transit(self):
        """(sku, batch, expiry, mrp) -> (sent, arrived, lost)"""
        return {tuple(row[:4]): row[4:] for row in self.rows(
            "SELECT sku, batch, expiry_day, mrp_paise, sum(sent), sum(arrived), sum(lost)"
            " FROM transit GROUP BY 1, 2, 3, 4")}


def journal_at(path, seq):
    """(head, hash after seq) of an appliance's journal."""
    db = open_readonly(path)
    try:
        head = db.execute("SELECT coalesce(max(seq), 0) FROM entry").fetchone()[0]
        row = db.execute("SELECT hash FROM entry WHERE seq = ?", (seq,)).fetchone()
        return head, row[0] if row else None
    finally:
        db.close()


def journal_bodies(path):
    db = open_readonly(path)
    try:
        yield from db.execute("SELECT seq, body FROM entry ORDER BY seq")
    finally:
        db.close()


def invariants(store, sites):
    """[(what must hold, whether it does, what speaks against it)] for one tenant."""
    marks = store.watermarks()
    lost, chains, doubled = [], [], []
    for site in sites:
        journal = site.folder / "journal.db"
        epoch, wm, head_hash = marks.get(site.name, (0, 0, b""))
        head, hash_there = journal_at(journal, wm)
        if wm != head:
            lost.append(f"{site.name}: {wm} of {head} entries are at the relay")
        if hash_there != head_hash:
            chains.append(f"{site.name}: the chains differ at {wm}")
        rows = store.rows("SELECT seq, body FROM entry WHERE device = ? AND epoch = ? ORDER BY seq",
                          site.name, epoch)
        if [seq for seq, _ in rows] != list(range(1, wm + 1)):
            doubled.append(f"{site.name}: {len(rows)} rows for {wm} entries")
        elif any(a != b for a, b in zip(rows, journal_bodies(journal))):
            chains.append(f"{site.name}: an entry has other bytes at the relay")
    return [
        ("every entry of every journal is at the relay", not lost, lost),
        ("no entry is there twice or out of its place", not doubled, doubled),
        ("every chain is equal at both ends, and every byte under it", not chains, chains),
        *conserved(store),
        ("no row of another distributor is in its store",
         store.tenants_inside() <= {store.tenant}, sorted(store.tenants_inside())),
    ]


def conserved(store):
    """opened + received + returned + adjusted = sold + sent back + disposed + on hand + in transit
    + lost on the way, for each SKU and batch over the network."""
    held = collections.Counter()
    for (_, sku, batch, expiry, mrp), units in store.stock().items():
        held[sku, batch, expiry, mrp] += units
    accounts = store.accounts()
    transit = store.transit()
    wrong = []
    for key in accounts.keys() | held.keys() | transit.keys():
        a = accounts[key]
        sent, arrived, lost = transit.get(key, (0, 0, 0))
        on_the_way = sent - arrived - lost
        come = sum(a[name] for name in ("opening", "received", "returned", "adjusted", "internal"))
        gone = -sum(a[name] for name in ("sold", "sent_back", "disposed"))
        if come != gone + held[key] + on_the_way + lost:
            wrong.append(f"{key}: came {come}, gone {gone}, held {held[key]}, on the way "
                         f"{on_the_way}, lost {lost}")
        if a["dispatched"] != -sent or a["arrived"] != arrived:
            wrong.append(f"{key}: dispatched {-a['dispatched']} of {sent}, arrived {a['arrived']} "
                         f"of {arrived}")
    return [("stock is conserved by SKU and batch over the network", not wrong, wrong[:3])]
