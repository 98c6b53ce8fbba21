# SPDX-License-Identifier: Apache-2.0
"""The dock: goods come in, are put away, counted, brought back, corrected and destroyed."""

import datetime

import deal
import packs
import products

RECEIVE_QUESTIONS_MAX = 3
LABELS_MAX = 500  # of one print command
LOOK_PAGES_MAX = 24  # lots that the screen turns through
SHORT_LOAD_CHANCE = 0.1  # one piece of a transfer is not on the lorry
DAMAGED_LOAD_CHANCE = 0.05  # one piece of it is broken
VANISH_CHANCE = 0.05  # a piece of a bin went missing before its count
MISTYPED_CHANCE = 0.08  # two characters of a keyed batch number are exchanged
UNDO_CHANCE = 0.03
RETURN_REASONS = ["damaged", "near_expiry", "not_sold"]


def mistyped(number):
    """The last two different neighbours exchanged, as fingers do it."""
    for i in range(len(number) - 1, 0, -1):
        if number[i] != number[i - 1]:
            return number[:i - 1] + number[i] + number[i - 1] + number[i + 1:]
    return number


class Dock:
    def __init__(self, site, post):
        self.site = site
        self.post = post
        self.world = site.world
        self.packs = site.packs
        self.chance = deal.draw(site.seed, site.name, "dock")
        self.captured = []  # units counted of cartons whose code nobody knew
        self.to_correct = []  # (wrong key, right key, units) on the dock
        self.corrected = False

    def begin(self):
        self.post.sign_in("asha")

    def day(self, plan):
        date = datetime.date.fromisoformat(plan["date"])
        for receipt in plan["receipts"]:
            self.receive(receipt)
        for transfer in plan["transfers_in"]:
            self.arrive(transfer["document"], transfer["lots"])
        for document in self.site.at_gate(self.post):
            self.arrive(document, self.site.road.unload(document))
        for back in plan["returns"]:
            self.take_back(back)
        for place in plan["counts"]:
            self.count(place)
        if date.day == 9:
            self.capture(date)
        if date.weekday() == 5:
            self.supervise()

    # --- in

    def receive(self, receipt):
        self.post.card("flow:receive")
        if self.post.scan("VD*" + receipt["document"])[0] != "document_open":
            return
        landed = []
        for lot in receipt["lines"]:
            key = self.receive_lot(lot)
            if key:
                landed.append((key, lot["qty"]))
        self.post.lay_aside()
        if self.to_correct:
            self.as_supervisor(self.correct)
        for key, units in landed:
            right = self.site.renamed.get(key, key)
            self.put_away(right, units)

    def receive_lot(self, lot):
        """Returns the key under which the lot was booked."""
        p = self.packs.goods[lot["sku"]]
        key = right = packs.key_of(p, lot)
        if self.packs.is_bare(key) and (not self.corrected
                                        or self.chance.random() < MISTYPED_CHANCE):
            key = (key[0], mistyped(key[1]), key[2], key[3])
        for _ in range(2):
            if not self.book_receipt(key, lot["qty"]):
                return None
            if self.chance.random() >= UNDO_CHANCE or not self.undo(key, lot["qty"]):
                break
        if key != right:
            self.to_correct.append((key, right, lot["qty"]))
        elif self.packs.is_bare(key):
            self.print_labels(key, lot["qty"])
        return key

    def book_receipt(self, key, units):
        post = self.post
        post.scan(self.packs.bars(key, "case"))
        if not post.tell_batch(key):
            post.lay_aside()
            return False
        post.key(f"qty:{units}")
        with self.world.hands:
            said, tone = post.card("ok")
            for _ in range(RECEIVE_QUESTIONS_MAX):
                if tone != "attention" or said.startswith("received"):
                    break
                # More than ordered, or little life left: people say yes, or hold the goods.
                commands = [c["command"] for c in post.view["choices"]]
                said, tone = post.key("status:hold" if "status:hold" in commands else "ok")
            if not said.startswith("received"):
                post.card("cancel")
                return False
            self.world.put(key, "DOCK", units)
            self.world.done("bought", key, units)
        return True

    def undo(self, key, units):
        with self.world.hands:
            if self.post.card("undo")[0] != "undone":
                return False
            self.world.put(key, "DOCK", -units)
            self.world.done("bought", key, -units)
        return True

    def print_labels(self, key, units):
        """A label for each case: what was keyed once need not be keyed again."""
        cases = -(-units // deal.case_units(self.packs.goods[key[0]]))
        if self.post.card(f"print:labels:{min(cases, LABELS_MAX)}")[0] == "printing":
            self.packs.stick(key)

    def put_away(self, key, units):
        post = self.post
        units = min(units, self.world.units(key, "DOCK"))
        if units == 0:
            return
        post.card("flow:put_away")
        post.scan(self.packs.bars(key, grams=units))
        if not post.tell_batch(key, "DOCK"):
            post.lay_aside()
            return
        home = self.site.plan["home"][key[0]]
        # A picker may have taken some from the dock meanwhile: who keys more than lies there is
        # told so, and must not carry what the screen does not say.
        with self.world.hands:
            units = min(units, self.world.units(key, "DOCK"))
            if (units > 0 and post.key(f"qty:{units}")[1] != "reject"
                    and post.scan("VB*" + home)[1] == "accept"):
                self.world.move(key, "DOCK", home, units)
                return
        post.lay_aside()

    def arrive(self, document, lots):
        """What a lorry brings from another site, line by line."""
        post = self.post
        post.card("flow:arrive")
        if not lots or post.scan("VD*" + document)[0] != "document_open":
            return
        landed = []
        for key, units in lots:
            missing = 1 if units > 1 and self.chance.random() < SHORT_LOAD_CHANCE else 0
            broken = 1 if units > 2 and self.chance.random() < DAMAGED_LOAD_CHANCE else 0
            post.scan(self.packs.bars(key))
            if self.packs.is_bare(key):
                post.key("batch:" + key[1])
            if not post.tell_batch(key):
                post.lay_aside()
                continue
            whole = units - missing - broken
            post.key(f"qty:{whole}")
            with self.world.hands:
                if post.card("ok")[1] == "accept":
                    self.world.put(key, "DOCK", whole)
                    landed.append((key, whole))
            if broken:
                self.set_apart(key)
            if missing:
                self.world.done("lost", key, 1)
                post.key("short")
        post.lay_aside()
        for key, units in landed:
            self.put_away(key, units)

    def set_apart(self, key):
        """A piece of the load is broken."""
        with self.world.hands:
            if self.post.key("damaged:1")[1] == "accept":
                self.world.put(key, "QUAR", 1)

    def take_back(self, back):
        """A shop brings goods back, of whatever batch its shelf held."""
        post = self.post
        p = self.packs.goods[back["sku"]]
        if p.unit == "gram":
            return  # what is sold loose is not taken back
        date = self.site.calendar.date() + datetime.timedelta(days=self.chance.randint(5, 60))
        key = (back["sku"], f"R{date:%y%m%d}", date.isoformat(), p.mrp_paise)
        post.card("flow:return")
        post.scan(self.packs.bars(key))
        if post.tell_batch(key):
            post.key(f"qty:{back['qty']}")
            post.card("ok")
            with self.world.hands:
                if post.key("reason:" + self.chance.choice(RETURN_REASONS))[1] == "accept":
                    self.world.put(key, "QUAR", back["qty"])
                    self.world.done("returned", key, back["qty"])
                    return
        post.lay_aside()

    def capture(self, date):
        """Cartons whose code nobody knows: kept with the count of them until somebody does."""
        post = self.post
        post.card("flow:receive")
        code = f"29{date:%y%m%d}{self.chance.randrange(10000):04d}"
        if post.scan("]E0" + code + products.check_digit(code))[0] == "capture_wanted":
            units = self.chance.randint(2, 9)
            if post.key(f"qty:{units}")[1] == "accept":
                self.captured.append(units)
        post.lay_aside()

    # --- what lies there

    def count(self, place):
        """Counts a bin honestly; sometimes a piece has gone missing before."""
        if self.loose_twins(place):
            return
        lots = [(key, n) for key, n in self.world.at(place) if not self.packs.by_weight(key)]
        if lots and lots[0][1] > 1 and self.chance.random() < VANISH_CHANCE:
            self.world.vanish(lots[0][0], place, 1)
        self.label_twins(place)
        post = self.post
        post.card("flow:count")
        post.scan("VB*" + place)
        for _ in range(3):  # once more when asked, or when goods were moved meanwhile
            with self.world.hands:
                said = self.count_once(place)
                if said == "counted":
                    self.world.counted(place)
            if said not in ("count_again", "count_moved"):
                break
        post.card("cancel")

    def loose_twins(self, place):
        """Two dates of one loose product: a counter scale's label tells neither, and a count would
        add them up. Such a bin waits until one of the two is sold."""
        loose = [key[0] for key, _ in self.world.at(place) if self.packs.by_weight(key)]
        return len(loose) > len(set(loose))

    def label_twins(self, place):
        """Two batches of a product in one bin that differ in ink only get our labels first: by
        their EAN no count could tell them apart."""
        keys = [key for key, _ in self.world.at(place)]
        for key in keys:
            if self.packs.is_bare(key) and sum(k[0] == key[0] for k in keys) > 1:
                self.label(key)

    def label(self, key):
        """Looks the batch up and prints labels for what lies there."""
        post = self.post
        post.card("flow:look")
        post.scan(self.packs.bars(key))
        for _ in range(LOOK_PAGES_MAX):
            shown = post.view.get("target")
            if not shown:
                return
            if (shown["batch"], shown["expiry"], shown["mrp_paise"]) == key[1:]:
                self.print_labels(key, shown["qty"])
                return
            post.key("skip")

    def count_once(self, place):
        post = self.post
        for key, units in self.world.at(place):
            post.scan(self.packs.bars(key, grams=1000))
            if not post.tell_batch(key):
                return "given_up"
            post.key(f"qty:{units}")
        said = post.card("ok")[0]
        if post.prompt() in ("ask_missing", "ask_zero"):
            said = post.card("ok")[0]
        return said

    # --- the supervisor's

    def supervise(self):
        self.as_supervisor(self.destroy, self.bind)

    def as_supervisor(self, *duties):
        self.post.change_to("meera")
        for duty in duties:
            duty()
        self.post.change_to("asha")

    def correct(self):
        """What was booked under a mistyped number goes to the right one."""
        post = self.post
        for wrong, right, units in self.to_correct:
            post.card("flow:correct")
            post.scan(self.packs.bars(wrong))
            known = post.tell_batch(wrong, "DOCK")
            if known and post.key("batch:" + right[1])[1] != "reject":
                with self.world.hands:
                    post.key(f"qty:{units}")
                    if post.card("ok")[0] == "corrected":
                        self.world.put(wrong, "DOCK", -units)
                        self.world.put(right, "DOCK", units)
                        self.site.renamed[wrong] = right
                        self.corrected = True
                        continue
            post.lay_aside()
        self.to_correct.clear()

    def destroy(self):
        """Clears the shelves of what has expired, before a witness."""
        today = self.site.calendar.date().isoformat()
        self.world.end_days_before(self.site.calendar.date())
        gone = [(key, place, units) for key, place, units in self.world.everywhere()
                if key[2] < today and place != "QUAR"]
        for key, place, units in gone:
            self.post.card("flow:dispose")
            if not self.destroy_lot(key, place, units):
                self.post.lay_aside()

    def destroy_lot(self, key, place, units):
        post = self.post
        post.scan("VB*" + place)
        post.scan(self.packs.bars(key, grams=units))
        if not post.tell_batch(key, place):
            return False
        post.key(f"qty:{units}")
        post.card("ok")
        post.key("reason:expired")
        post.key(f"note:photo {key[0]} {key[2]}")
        if post.prompt() != "scan_witness":
            return False
        with self.world.hands:
            if post.scan("VW*imran")[1] != "accept":
                return False
            self.world.put(key, place, -units)
            self.world.done("destroyed", key, units)
        return True

    def bind(self):
        """Somebody found out what the unknown cartons were: more of a product that is here."""
        post = self.post
        while self.captured:
            units = self.captured.pop(0)
            key = self.known_lot()
            post.card("flow:bind")
            if not key:
                return
            post.scan(self.packs.bars(key))
            if not post.tell_batch(key):
                post.lay_aside()
                continue
            post.key("qty:1")
            with self.world.hands:
                if post.card("ok")[0] == "bound":
                    self.world.put(key, "QUAR", units)

    def known_lot(self):
        today = self.site.calendar.date().isoformat()
        lots = sorted(key for key, place, _ in self.world.everywhere()
                      if place != "QUAR" and key[2] > today and not self.packs.by_weight(key))
        return self.chance.choice(lots) if lots else None
