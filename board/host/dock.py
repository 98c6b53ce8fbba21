# SPDX-License-Identifier: Apache-2.0
"""The dock: goods come in, are put away, counted, brought back, corrected and destroyed."""

import datetime

import deal
import packs
import products
import worker
import world

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


def is_accepted(_, tone):
    return tone == "accept"


def says(code):
    return lambda said, _: said == code


def is_received(said, _):
    return said.startswith("received")


class Delivery:
    """How far a lorry is: what is still on it, and what stands on the dock and is not put away."""

    def __init__(self, waiting):
        self.waiting = list(waiting)
        self.landed = []  # (key, units)


class Load:
    """One line of a transfer, as it truly arrives."""

    def __init__(self, key, units, chance):
        self.key = key
        self.missing = 1 if units > 1 and chance.random() < SHORT_LOAD_CHANCE else 0
        self.broken = 1 if units > 2 and chance.random() < DAMAGED_LOAD_CHANCE else 0
        self.whole = units - self.missing - self.broken


class Dock(worker.Person):
    def __init__(self, site, post):
        super().__init__(site, post)
        self.world = site.world
        self.packs = site.packs
        self.chance = deal.draw(site.seed, site.name, "dock")
        self.captured = []  # units counted of cartons whose code nobody knew
        self.to_correct = []  # (wrong key, right key, units) on the dock
        self.corrected = False
        self.unloading = {}  # transfer -> what of its lorry is not taken in yet

    def begin(self):
        self.post.sign_in("asha")

    def day(self, plan):
        date = datetime.date.fromisoformat(plan["date"])
        for receipt in plan["receipts"]:
            self.see_through(self.receive, receipt["document"], Delivery(receipt["lines"]))
        for transfer in plan["transfers_in"]:
            if transfer["lots"]:
                self.see_through(self.arrive, transfer["document"], lambda t=transfer: t["lots"])
        self.see_through(self.drive_up)
        for back in plan["returns"]:
            self.see_through(self.take_back, [back])
        for place in plan["counts"]:
            self.see_through(self.count, place)
        if date.day == 9:
            self.see_through(self.capture, date, [self.chance.randint(2, 9)])
        if date.weekday() == 5:
            self.see_through(self.supervise)

    # --- in

    def receive(self, document, delivery):
        if delivery.waiting:
            self.post.card("flow:receive")
            if self.post.scan("VD*" + document)[0] == "document_open":
                while delivery.waiting:
                    self.receive_lot(delivery, delivery.waiting[0])
            self.post.lay_aside()
        if self.to_correct:
            self.as_supervisor(self.correct)
        self.clear(delivery)

    def receive_lot(self, delivery, lot):
        """Books one lot; when it is taken back, it waits once more."""
        p = self.packs.goods[lot["sku"]]
        key = right = packs.key_of(p, lot)
        if self.packs.is_bare(key) and (not self.corrected
                                        or self.chance.random() < MISTYPED_CHANCE):
            key = (key[0], mistyped(key[1]), key[2], key[3])

        def landed():
            delivery.waiting.remove(lot)
            delivery.landed.append((key, lot["qty"]))
            if key != right:
                self.to_correct.append((key, right, lot["qty"]))

        def lifted():
            delivery.waiting.insert(0, lot)
            delivery.landed.remove((key, lot["qty"]))
            if key != right:
                self.to_correct.remove((key, right, lot["qty"]))

        if not self.book_receipt(key, lot["qty"], landed):
            delivery.waiting.remove(lot)  # the screen will not have it
            return
        if self.chance.random() < UNDO_CHANCE and self.undo(key, lot["qty"], lifted):
            return
        if key == right and self.packs.is_bare(key):
            self.print_labels(key, lot["qty"])

    def book_receipt(self, key, units, landed):
        post = self.post
        post.scan(self.packs.bars(key, "case"))
        if not post.tell_batch(key):
            post.lay_aside()
            return False
        post.key(f"qty:{units}")
        deed = world.Deed(moves=[(key, "DOCK", units)], notes=[("bought", key, units, "")],
                          then=landed)
        if is_received(*post.book(deed, self.say_yes, is_received)):
            return True
        post.card("cancel")
        return False

    def say_yes(self):
        """More than ordered, or little life left: people say yes, or hold the goods."""
        said, tone = self.post.card("ok")
        for _ in range(RECEIVE_QUESTIONS_MAX):
            if tone != "attention" or said.startswith("received"):
                break
            commands = [c["command"] for c in self.post.view["choices"]]
            said, tone = self.post.key("status:hold" if "status:hold" in commands else "ok")
        return said, tone

    def undo(self, key, units, lifted):
        deed = world.Deed(moves=[(key, "DOCK", -units)], notes=[("bought", key, -units, "")],
                          then=lifted)
        return self.post.book(deed, lambda: self.post.card("undo"), says("undone"))[0] == "undone"

    def print_labels(self, key, units):
        """A label for each case: what was keyed once need not be keyed again."""
        cases = -(-units // deal.case_units(self.packs.goods[key[0]]))
        if self.post.card(f"print:labels:{min(cases, LABELS_MAX)}")[0] == "printing":
            self.packs.stick(key)

    def clear(self, delivery):
        while delivery.landed:
            key, units = delivery.landed[0]
            self.put_away(self.site.renamed.get(key, key), units)
            delivery.landed.pop(0)

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
        # A picker may have taken some from the dock meanwhile: who keys more than lies there is
        # told so, and must not carry what the screen does not say.
        with self.world.hands:
            units = min(units, self.world.units(key, "DOCK"))
            if units > 0 and is_accepted(*self.carry(key, units, self.site.plan["home"][key[0]])):
                return
        post.lay_aside()

    def carry(self, key, units, home):
        post = self.post

        def gestures():
            said = post.key(f"qty:{units}")
            return said if said[1] == "reject" else post.scan("VB*" + home)

        deed = world.Deed(moves=[(key, "DOCK", -units), (key, home, units)])
        return post.book(deed, gestures, is_accepted)

    def drive_up(self):
        """Lorries at the gate, one after the other."""
        for document in list(self.unloading) + self.site.at_gate(self.post):
            self.see_through(self.arrive, document, lambda d=document: self.site.road.unload(d))

    def arrive(self, document, unload):
        """What a lorry brings from another site, line by line."""
        post = self.post
        post.card("flow:arrive")
        said = post.scan("VD*" + document)[0]
        if said == "document_open":
            if document not in self.unloading:
                self.unloading[document] = Delivery(Load(key, units, self.chance)
                                                    for key, units in unload())
            delivery = self.unloading[document]
            while delivery.waiting:
                self.take_in(delivery, delivery.waiting[0])
        post.lay_aside()
        if document in self.unloading:
            self.clear(self.unloading[document])
            if said in ("document_open", "document_done"):
                del self.unloading[document]

    def take_in(self, delivery, load):
        post = self.post
        key = load.key
        if load.whole:
            post.scan(self.packs.bars(key))
            if self.packs.is_bare(key):
                post.key("batch:" + key[1])
            if not post.tell_batch(key):
                post.lay_aside()
                delivery.waiting.remove(load)
                return
            post.key(f"qty:{load.whole}")
            self.stand(delivery, load)
        if load.broken:
            deed = world.Deed(moves=[(key, "QUAR", 1)], then=lambda: setattr(load, "broken", 0))
            post.book(deed, lambda: post.key("damaged:1"), is_accepted)
        if load.missing:
            self.world.done("lost", key, 1)
            post.key("short")
        delivery.waiting.remove(load)

    def stand(self, delivery, load):
        """What arrived whole stands on the dock; what has expired on its way is set apart."""
        expired = load.key[2] and load.key[2] < self.site.calendar.date().isoformat()
        units = load.whole

        def stood():
            load.whole = 0
            if not expired:
                delivery.landed.append((load.key, units))

        deed = world.Deed(moves=[(load.key, "QUAR" if expired else "DOCK", units)], then=stood)
        self.post.book(deed, lambda: self.post.card("ok"), is_accepted)

    def take_back(self, backs):
        """A shop brings goods back, of whatever batch its shelf held."""
        post = self.post
        if not backs:
            return  # booked before the power went
        sku, units = backs[0]["sku"], backs[0]["qty"]
        p = self.packs.goods[sku]
        if p.unit == "gram":
            return  # what is sold loose is not taken back
        date = self.site.calendar.date() + datetime.timedelta(days=self.chance.randint(5, 60))
        key = (sku, f"R{date:%y%m%d}", date.isoformat(), p.mrp_paise)
        post.card("flow:return")
        post.scan(self.packs.bars(key))
        if post.tell_batch(key):
            post.key(f"qty:{units}")
            post.card("ok")
            deed = world.Deed(moves=[(key, "QUAR", units)], notes=[("returned", key, units, "")],
                              then=backs.clear)
            reason = self.chance.choice(RETURN_REASONS)
            if is_accepted(*post.book(deed, lambda: post.key("reason:" + reason), is_accepted)):
                return
        post.lay_aside()

    def capture(self, date, cartons):
        """Cartons whose code nobody knows: kept with the count of them until somebody does."""
        post = self.post
        if not cartons:
            return
        units = cartons[0]
        body = f"29{date:%y%m%d}{self.chance.randrange(10000):04d}"
        code = body + products.check_digit(body)
        post.card("flow:receive")
        if post.scan("]E0" + code)[0] == "capture_wanted":

            def kept():
                self.captured.append(units)
                cartons.clear()

            post.book(world.Deed(code=code, then=kept), lambda: post.key(f"qty:{units}"),
                      is_accepted)
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
            said, _ = post.book(world.Deed(counted=place), lambda: self.count_once(place),
                                says("counted"))
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
                return "given_up", "reject"
            post.key(f"qty:{units}")
        said = post.card("ok")
        if post.prompt() in ("ask_missing", "ask_zero"):
            said = post.card("ok")
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
        while self.to_correct:
            wrong, right, units = self.to_correct[0]
            post.card("flow:correct")
            post.scan(self.packs.bars(wrong))
            if not (post.tell_batch(wrong, "DOCK") and post.key("batch:" + right[1])[1] != "reject"
                    and self.restate(wrong, right, units)[0] == "corrected"):
                post.lay_aside()
                self.to_correct.pop(0)

    def restate(self, wrong, right, units):
        post = self.post

        def corrected():
            self.site.renamed[wrong] = right
            self.corrected = True
            self.to_correct.pop(0)

        def gestures():
            post.key(f"qty:{units}")
            return post.card("ok")

        deed = world.Deed(moves=[(wrong, "DOCK", -units), (right, "DOCK", units)], then=corrected)
        return post.book(deed, gestures, says("corrected"))

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
        deed = world.Deed(moves=[(key, place, -units)], notes=[("destroyed", key, units, "")])
        return is_accepted(*post.book(deed, lambda: post.scan("VW*imran"), is_accepted))

    def bind(self):
        """Somebody found out what the unknown cartons were: more of a product that is here."""
        post = self.post
        while self.captured:
            units = self.captured[0]
            key = self.known_lot()
            post.card("flow:bind")
            if not key:
                self.captured.pop(0)
                return
            post.scan(self.packs.bars(key))
            if post.tell_batch(key):
                post.key("qty:1")
                deed = world.Deed(moves=[(key, "QUAR", units)],
                                  then=lambda: self.captured.pop(0))
                if post.book(deed, lambda: post.card("ok"), says("bound"))[0] == "bound":
                    continue
            post.lay_aside()
            self.captured.pop(0)

    def known_lot(self):
        today = self.site.calendar.date().isoformat()
        lots = sorted(key for key, place, _ in self.world.everywhere()
                      if place != "QUAR" and key[2] > today and not self.packs.by_weight(key))
        return self.chance.choice(lots) if lots else None
