# SPDX-License-Identifier: Apache-2.0
"""What is true in the demo whatever the books say: the calendar, where goods lie, what is on the
road between sites. The report sets the journals against it."""

import collections
import dataclasses
import datetime
import math
import threading
import time
import typing

IST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
DAY_MS = 86_400_000


def monotonic_ms():
    return time.clock_gettime(time.CLOCK_MONOTONIC) * 1000


def ist_date(utc_ms):
    return datetime.datetime.fromtimestamp(utc_ms / 1000, IST).date()


class Calendar:
    """Simulated time. All processes of the demo are given `spec`, and so share it."""

    def __init__(self, first_day, seconds_a_day, lead_seconds):
        """08:00 of the first day comes in lead_seconds. Until then, while the appliances start up
        and are given their documents, a minute is a minute."""
        opening = datetime.datetime.combine(first_day, datetime.time(8), IST)
        self.opening_ms = int(opening.timestamp() * 1000)
        self.speed_permille = int(DAY_MS / seconds_a_day)
        self.origin_ms = int(monotonic_ms() + lead_seconds * 1000)
        self.spec = f"lapse:{self.opening_ms}:{self.speed_permille}:{self.origin_ms}"

    def now_ms(self):
        since_ms = monotonic_ms() - self.origin_ms
        return self.opening_ms + since_ms * (self.speed_permille / 1000 if since_ms > 0 else 1)

    def date(self):
        return ist_date(self.now_ms())

    def days(self):
        """Days gone since 08:00 of the first; negative before it."""
        return (self.now_ms() - self.opening_ms) / DAY_MS

    def day(self):
        return math.floor(self.days())


@dataclasses.dataclass
class Deed:
    """What one booking means for goods. It is done when the screen says that it is booked; where the
    screen went dark before it answered, when somebody has looked up that it is."""
    moves: list = dataclasses.field(default_factory=list)  # (key, place, signed units)
    notes: list = dataclasses.field(default_factory=list)  # (deed, key, units, document)
    counted: str = ""  # a bin whose count this is
    code: str = ""  # a code that nobody knew and that was kept: it stands in the list of those
    then: typing.Callable = lambda: None  # what follows from it for who does it


class World:
    """One site's goods by what is printed on them. A key is (SKU, batch, expiry, MRP in paise).

    A worker holds `hands` from the scan that books goods until the goods are moved here, so that
    nobody counts a shelf between the two.
    """

    def __init__(self):
        self.lots = {}  # key -> place -> units
        self.expired = {}  # key -> units on the shelves when its last day had ended
        self.vanished = collections.Counter()  # (key, place) -> units gone and not yet missed
        self.deeds = collections.Counter()  # (deed, key, document) -> units: bought, sold, ...
        self.hands = threading.RLock()

    def put(self, key, place, units):
        with self.hands:
            places = self.lots.setdefault(key, {})
            places[place] = places.get(place, 0) + units
            if places[place] < 0:
                raise ValueError(f"{key} at {place}: {places[place]}")
            if not places[place]:
                del places[place]

    def move(self, key, place, place_to, units):
        with self.hands:
            self.put(key, place, -units)
            self.put(key, place_to, units)

    def done(self, deed, key, units, document=""):
        """Notes what was done with goods, for the money of it."""
        with self.hands:
            self.deeds[deed, key, document] += units

    def vanish(self, key, place, units):
        with self.hands:
            self.put(key, place, -units)
            self.vanished[key, place] += units

    def counted(self, place):
        """A count was booked: the books say again what lies there."""
        with self.hands:
            for missed in [at for at in self.vanished if at[1] == place]:
                del self.vanished[missed]

    def do(self, deed):
        """Goods move as a booking says."""
        with self.hands:
            for key, place, units in deed.moves:
                self.put(key, place, units)
            for note in deed.notes:
                self.done(*note)
            if deed.counted:
                self.counted(deed.counted)
            deed.then()

    def touched(self, deed):
        """The cells (key, place) in which the books tell whether a deed is booked."""
        with self.hands:
            missed = [at for at in self.vanished if at[1] == deed.counted]
            return {(key, place) for key, place, _ in deed.moves} | set(missed)

    def booked_units(self, cell, deeds):
        """What the books must say of a cell if exactly these deeds of the open ones are booked."""
        with self.hands:
            units = self.units(*cell) + sum(n for deed in deeds for key, place, n in deed.moves
                                            if (key, place) == cell)
            if all(deed.counted != cell[1] for deed in deeds):
                units += self.vanished[cell]
            return units

    def units(self, key, place):
        with self.hands:
            return self.lots.get(key, {}).get(place, 0)

    def at(self, place):
        """[(key, units)] of a place."""
        with self.hands:
            return [(key, places[place]) for key, places in self.lots.items() if place in places]

    def everywhere(self):
        """[(key, place, units)]"""
        with self.hands:
            return [(key, place, units) for key, places in self.lots.items()
                    for place, units in places.items()]

    def end_days_before(self, today):
        """Notes what lay on the shelves when its last day ended; quarantine is no shelf."""
        with self.hands:
            for key, places in self.lots.items():
                if not key[2] or key[2] >= today.isoformat() or key in self.expired:
                    continue
                self.expired[key] = sum(n for place, n in places.items() if place != "QUAR")


class Road:
    """Goods between the sites of one run: what was loaded, line by line, until it arrives."""

    def __init__(self, sites):
        self.sites = sites  # names; transfers from elsewhere arrive as they were dealt
        self.loads = collections.defaultdict(list)  # transfer -> [(key, units)]
        self.lorries = {}  # transfer -> (from, to, day of arrival)
        self.lock = threading.Lock()

    def load(self, transfer, key, units):
        with self.lock:
            self.loads[transfer].append((key, units))

    def leave(self, transfer, start, end, arrival_day):
        """The lorry is closed and goes, if anything was loaded."""
        with self.lock:
            if self.loads.get(transfer):
                self.lorries[transfer] = (start, end, arrival_day)

    def at_gate(self, end, day):
        """Transfers whose lorry stands at a site's gate."""
        with self.lock:
            return sorted(transfer for transfer, (_, to, arrival) in self.lorries.items()
                          if to == end and arrival <= day)

    def on_the_way_to(self, end):
        """[(key, units)] on lorries that go there."""
        with self.lock:
            return [lot for transfer, (_, to, _) in self.lorries.items() if to == end
                    for lot in self.loads[transfer]]

    def units_to(self, end, sku):
        return sum(units for key, units in self.on_the_way_to(end) if key[0] == sku)

    def unload(self, transfer):
        with self.lock:
            self.lorries.pop(transfer, None)
            return self.loads.pop(transfer, [])
