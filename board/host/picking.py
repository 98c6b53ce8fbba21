# SPDX-License-Identifier: Apache-2.0
"""The picking round: orders for outlets, and goods for another site."""

import deal

OVERRIDE_CHANCE = 0.02  # another batch than proposed, for a reason
UNDO_CHANCE = 0.01
OVERRIDE_REASONS = ["blocked", "damaged", "customer_wish"]


class Picking:
    def __init__(self, site, post):
        self.site = site
        self.post = post
        self.world = site.world
        self.packs = site.packs
        self.chance = deal.draw(site.seed, site.name, "picking")

    def begin(self):
        self.post.sign_in("imran")

    def day(self, plan):
        self.post.card("flow:pick")
        for order in plan["orders"]:
            self.pick(order["document"], len(order["lines"]))
        for transfer in plan["transfers_out"]:
            self.post.card("flow:dispatch")
            self.pick(transfer["document"], 1)
        self.follow_the_relay()

    def follow_the_relay(self):
        """Offers and transfers that came down to this site while it was at work."""
        for task in self.site.tasks(self.post, "pick"):
            self.post.card("flow:pick")
            self.pick(task["document"], task["lines"])
        for task in self.site.tasks(self.post, "dispatch"):
            self.post.card("flow:dispatch")
            self.pick(task["document"], task["lines"])
            self.site.send_off(task)

    def pick(self, document, lines):
        """Until the screen says that the document is done, doing what it shows."""
        post = self.post
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
            said, tone = self.answered(key, place, want, reason)
            if tone == "noted" and said == "in_hand_of":
                said, tone = self.post.key(f"qty:{want}")
            if said == "in_hand_of":  # fewer than the line wants: what was taken is booked
                said, tone = self.post.key("ok")
            if tone not in ("accept", "attention") or said not in ("picked", "dispatched"):
                return False
            self.world.put(key, place, -want)
            self.world.done("sold" if said == "picked" else "sent", key, want, document)
        if said == "dispatched":
            self.site.road.load(document, key, want)
        elif self.chance.random() < UNDO_CHANCE:
            self.undo(document, key, place, want)
        return True

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
        with self.world.hands:
            if self.post.card("undo")[0] != "undone":
                return
            self.world.put(key, place, units)
            self.world.done("sold", key, -units, document)
        self.post.scan("VD*" + document)


class Weighing:
    """Puts a load on one scale after the other; a weight takes a second to settle."""

    def __init__(self, site, post):
        self.site = site
        self.post = post
        self.chance = deal.draw(site.seed, site.name, "weighing")
        self.weighed = 0
        self.missed = 0

    def begin(self):
        self.post.sign_in("meera")
        self.post.card("flow:weigh")

    def weigh(self, scale):
        before = self.post.screen.latest()["answers"]
        scale.tell(f"put {self.chance.randrange(500, 30000)}")
        try:
            self.post.screen.wait(lambda v: v["answers"] > before, timeout=5)
            self.weighed += 1
        except TimeoutError:
            self.missed += 1
        scale.tell("put 0")
        self.site.stopping.wait(0.3)
