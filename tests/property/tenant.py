# SPDX-License-Identifier: GPL-3.0-or-later
"""The relay, as the properties see it: tenants with sites, goods and agents, through shim_agents.h."""

import ctypes
import os
import pathlib
import shutil
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
DAY_MS = 86_400_000
IST_MS = 19_800_000
DAY = 20_800  # 2026-12-13
NO_DAY = -(2**31)
NOON = DAY * DAY_MS - IST_MS + 12 * 3_600_000

SITES = {  # site: (territory, GSTIN, state, PIN)
    "PUNE": ("west", "27AAPFU0939F1ZV", 27, "411001"),
    "NASHIK": ("west", "27AAPFU0939F1ZV", 27, "422001"),
    "DELHI": ("north", "07AAPFU0939F1ZX", 7, "110020"),
    "NOPIN": ("north", "07AAPFU0939F1ZX", 7, ""),
    "NOGSTIN": ("north", "", 7, "110021"),
}
LEAD = {"NASHIK": 1, "DELHI": 5, "NOPIN": 5, "NOGSTIN": 5}
KM = {"NASHIK": 210, "DELHI": 1420, "NOPIN": 1420, "NOGSTIN": 1420}


def load():
    lib = ctypes.CDLL(str(TOP / "build/release/tests/property/libagents_shared.so"))
    for name in ("why", "lines"):
        getattr(lib, "agents_shim_" + name).restype = ctypes.c_char_p
    lib.agents_shim_close.restype = None
    return lib


lib = load()


class Store:
    """A folder of tenants."""

    def __init__(self):
        parent = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.folder = tempfile.mkdtemp(prefix="agents-", dir=parent)
        self.tenants = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for t in self.tenants:
            lib.agents_shim_close(t.handle)
        shutil.rmtree(self.folder)

    def tenant(self, name, skus):
        t = Tenant(self.folder, name, skus)
        self.tenants.append(t)
        return t


class Tenant:
    def __init__(self, folder, name, skus):
        """skus: {sku: HSN code}"""
        self.now = NOON
        self.handle = ctypes.c_void_p()
        self.check(lib.agents_shim_open(folder.encode(), name.encode(), ctypes.c_int64(self.now),
                                       ctypes.byref(self.handle)))
        for site, (territory, gstin, state, pin) in SITES.items():
            self.run(f"INSERT INTO site(site, name, territory, gstin, state, pincode, latitude_e6,"
                     f" longitude_e6, receive_kg) VALUES('{site}', '{site}', '{territory}',"
                     f" '{gstin}', {state}, '{pin}', 0, 0, 0)")
        for site in LEAD:
            self.run(f"INSERT INTO lane(from_site, to_site, km, lead_days, paise_a_kg,"
                     f" paise_a_truck, kg_a_truck, trucks, least_kg, open) VALUES('PUNE', '{site}',"
                     f" {KM[site]}, {LEAD[site]}, 0, 0, 2500, 1, 0, 1)")
        body = "sku,name,category,hsn,unit,shelf_life_days,outlet_days,cost,price,mrp\n" + "".join(
            f"{sku},{sku},goods,{hsn},piece,180,30,8,9,10\n" for sku, hsn in skus.items())
        self.run("INSERT INTO document(scope, type, version, sha256, made_ms, made_by, bytes, body)"
                 f" VALUES('*', 'catalogue', 1, x'00', 0, 'user:x', 0, x'{body.encode().hex()}')")

    def check(self, err):
        if err < 0:
            raise AssertionError(f"{os.strerror(-err)}: {self.why()}")
        return err

    def why(self):
        return lib.agents_shim_why(self.handle).decode()

    def run(self, text):
        self.check(lib.agents_shim_run(self.handle, text.encode()))

    def lines(self, text):
        return lib.agents_shim_lines(self.handle, text.encode()).decode().splitlines()

    def stock(self, sku, batch, expiry, status, units, unit_paise):
        if units == 0:
            return
        self.run(f"INSERT INTO stock(site, sku, batch, expiry_day, mrp_paise, status, bin, device,"
                 f" qty) VALUES('PUNE', '{sku}', '{batch}', {expiry}, 0, {status}, 'A1', 'wh-p',"
                 f" {units})")
        self.run(f"INSERT INTO lot(site, sku, batch, expiry_day, mrp_paise, expiry_kind, made_day,"
                 f" received_day, in_units, in_paise, last_moved_day, brought) VALUES('PUNE',"
                 f" '{sku}', '{batch}', {expiry}, 0, 1, {NO_DAY}, {DAY - 30}, {units},"
                 f" {units * unit_paise}, {DAY - 30}, 1)")

    def set(self, name, value, scope=""):
        return self.check(lib.agents_shim_set(self.handle, name.encode(), scope.encode(),
                                             value.encode(), ctypes.c_int64(self.now)))

    def propose(self, sku, batch, expiry, to, units, landed):
        name = ctypes.create_string_buffer(25)
        self.check(lib.agents_shim_propose(
            self.handle, sku.encode(), batch.encode(), ctypes.c_int32(expiry), b"PUNE",
            to.encode(), ctypes.c_int64(units), ctypes.c_int64(landed), ctypes.c_int64(self.now),
            name))
        return name.value.decode()

    def approve(self, proposal, by):
        return lib.agents_shim_approve(self.handle, proposal.encode(), by.encode(),
                                      ctypes.c_int64(self.now))

    def settle(self):
        self.check(lib.agents_shim_settle(self.handle, ctypes.c_int64(self.now)))
        assert not self.lines("SELECT reason FROM dead_letter")
        assert not self.lines("SELECT last_error FROM agent WHERE failures > 0")

    def events(self, subject):
        """(number, type, actor) of what was said of a subject, in its order."""
        rows = self.lines("SELECT CAST(seq AS TEXT) || ' ' || type || ' ' || actor || ' ' || subject"
                          " FROM event ORDER BY seq")
        split = [r.split(" ", 3) for r in rows]
        return [(int(n), kind, actor) for n, kind, actor, of in split if of == subject]
