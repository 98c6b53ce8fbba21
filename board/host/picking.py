# SPDX-License-Identifier: Apache-2.0
"""The picking round: orders for outlets, and goods for another site."""

import deal
import worker
import world

OVERRIDE_CHANCE = 0.02  # another batch than proposed, for a reason
UNDO_CHANCE = 0.01
OVERRIDE_REASONS = ["blocked", "damaged", "customer_wish"]


def is_picked(said, tone):
    return tone in ("accept", "attention") and said in ("picked", "dispatched")


def is_undone(said, _):
    return said == "undone"


class Picking(worker.Person):
    def __init__(self, site, post):
        super().__init__(site, post)
        self.world = site.world
        self.packs = site.packs
        self.chance = deal.draw(site.seed, site.name, "picking")

    def begin(self):
        self.post.sign_in("imran")

    def day(self, plan):
        for order in plan["orders"]:
            self.see_through(self.pick, "pick", order["document"], len(order["lines"]))
        for transfer in plan["transfers_out"]:
            self.see_through(self.pick, "dispatch", transfer["document"], 1)
        self.see_through(self.follow_the_relay)

    def follow_the_relay(self):
        """Offers and transfers that came down to this site while it was at work."""
        for task in self.site.tasks(self.post, "pick"):
            self.pick("pick", task["document"], task["lines"])
        for task in self.site.tasks(self.post, "dispatch"):
            self.see_through(self.dispatch, task)

    def dispatch(self, task):
        self.pick("dispatch", task["document"], task["lines"])
        self.site.send_off(task)

    def pick(self, flow, document, lines):
        """Until the screen says that the document is done, doing what it shows."""
        post = self.post
        if post.view["flow"] != flow:
            post.card("flow:" + flow)
        post.scan("VD*" + document)
        for _ in range(4 * lines + 6):
            target = post.view.get("target")
            if post.prompt() == "document_done" or not post.view.get("document"):
                break
            if target and target.get("bin"):
                self.pick_line(document, target)
            else:
                self.say_short()
        post.lay_aside()

    def say_short(self):
        self.post.key("short")
        if self.post.prompt() == "why_short":
            self.post.key("reason:not_found")
        elif self.post.said()[1] == "reject":
            self.post.key("skip")

    def pick_line(self, document, target):
        key = (target["sku"], target["batch"] or "", target["expiry"] or "",
               target["mrp_paise"] or 0)
        other = self.other_batch(key, target)
        if other and self.take(document, other, target, self.chance.choice(OVERRIDE_REASONS)):
            return
        if self.world.units(key, target["bin"]) == 0:  # the books promise what is not there
            self.say_short()
        elif not self.take(document, key, target, "blocked"):
            self.post.key("cancel")
            self.post.key("skip")

    def other_batch(self, key, target):
        """Now and then the proposed pallet stands behind another one."""
        if self.chance.random() >= OVERRIDE_CHANCE:
            return None
        today = self.site.calendar.date().isoformat()
        others = [k for k, units in self.world.at(target["bin"])
                  if k[0] == key[0] and k != key and k[2] > today and units >= target["qty"]]
        return others[0] if others else None

    def take(self, document, key, target, reason):
        """Scans and counts the goods. True: they were booked, and are off the shelf."""
        place = target["bin"]
        with self.world.hands:
            want = min(target["qty"], self.world.units(key, place))
            deed = world.Deed(moves=[(key, place, -want)], notes=[("sold", key, want, document)])
            if self.post.view["flow"] == "dispatch":
                deed.notes = [("sent", key, want, document)]
                deed.then = lambda: self.site.road.load(document, key, want)
            said, tone = self.post.book(deed, lambda: self.counted_out(key, place, want, reason),
                                        is_picked)
            if not is_picked(said, tone):
                return False
        if said == "picked" and self.chance.random() < UNDO_CHANCE:
            self.undo(document, key, place, want)
        return True

    def counted_out(self, key, place, want, reason):
        """Goods in hand, as many as are wanted; the last answer of the screen."""
        said, tone = self.answered(key, place, want, reason)
        if tone == "noted" and said == "in_hand_of":
            said, tone = self.post.key(f"qty:{want}")
        if said == "in_hand_of":  # fewer than the line wants: what was taken is booked
            said, tone = self.post.key("ok")
        return said, tone

    def answered(self, key, place, want, reason):
        """One scan, and the screen's questions about it."""
        post = self.post
        said, tone = post.scan(self.packs.bars(key, grams=want))
        if post.prompt() == "ask_lot":
            if not post.choose_batch(key, place):
                return "cancelled", "reject"
            said, tone = post.said()
        if post.prompt() == "why_other_batch":
            said, tone = post.key("reason:" + reason)
        return said, tone

    def undo(self, document, key, place, units):
        """The wrong line was taken: back on the shelf, and the order once more."""
        deed = world.Deed(moves=[(key, place, units)], notes=[("sold", key, -units, document)])
        if self.post.book(deed, lambda: self.post.card("undo"), is_undone)[0] == "undone":
            self.post.scan("VD*" + document)


class Weighing(worker.Person):
    """Puts a load on one scale after the other; a weight takes a second to settle."""

    def __init__(self, site, post):
        super().__init__(site, post)
        self.chance = deal.draw(site.seed, site.name, "weighing")
        self.weighed = 0
        self.missed = 0

    def begin(self):
        self.post.sign_in("meera")
        self.post.card("flow:weigh")

    def weigh(self, scale):
        grams = self.chance.randrange(500, 30000)
        if self.post.weighed(scale, grams):
            self.weighed += 1
        else:
            self.missed += 1
        self.site.stopping.wait(0.3)
