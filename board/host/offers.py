# SPDX-License-Identifier: Apache-2.0
"""The last metre of the demo's offers: the distributor's people (office.py) let them go, the product
sends them to the providers' double, shops that got one answer by the market's model (market.py), what
they order is picked by scans, and the cases settle. What truly happened is kept here, for the report
and its invariants; what the product believes is read from its store.

When a day opens the office begins its work: outlets that are met get their card and sign their form,
offers that came since yesterday are answered, offers that wait are decided on. In the first days none
are let go: the relay knows no outlet yet.
"""

import collections
import dataclasses
import itertools
import queue
import threading
import time

import deal
import letters
import market
import office
import provider
import relay

WARM_UP_DAYS = 4
OFFER_DAYS = 10  # how long an offer holds
NO_FORM, WITHDRAWN = 0.12, 0.03  # shares of outlets
WAYS = [(0.6, ("whatsapp",)), (0.75, ("whatsapp", "sms")), (0.92, ("sms",)), (1.0, ("email",))]
HINDI = 0.4
SETTLE_SECONDS = 60
SECRETS = {"whatsapp.token": "demo-token", "whatsapp.app_secret": "demo-signs-whatsapp",
           "sms.callback_secret": "demo-signs-whatsapp", "unsubscribe.secret": "demo-unsubscribe"}


@dataclasses.dataclass
class Outlet:
    """A shop that was met, by what it said itself."""

    number: int
    party: str
    site: object
    addresses: dict  # channel -> address
    language: str
    form: str  # agreed, withdrew, none
    stopped: dict = dataclasses.field(default_factory=dict)  # channel -> messages taken until then

    def may_get(self, channel, taken_before):
        return self.form == "agreed" and taken_before <= self.stopped.get(channel, taken_before)


@dataclasses.dataclass(frozen=True)
class Answer:
    offer: market.Offer
    channel: str
    units: int


class Offers:
    def __init__(self, sites, dealt, days, seed):
        """sites: of one distributor. dealt: their deal.Site by name."""
        self.sites = sites
        self.shops = {site.name: market.Shops(site, dealt[site.name]) for site in sites}
        self.seed = seed
        self.days = days
        self.provider = provider.Provider(seed=seed, secret=SECRETS["whatsapp.app_secret"])
        self.outlets = {}  # party -> Outlet
        self.by_address = {}  # (channel, address) -> Outlet
        self.numbers = itertools.count(1)
        self.answers = []
        self.read = 0  # messages of the double that shops have looked at
        self.booked = collections.Counter()  # (document, key) -> units that shops know to have got
        self.forgone = 0
        self.day = -1
        self.opened = queue.Queue()  # days; None: the last is over
        self.trusted = False
        self.thread = None
        self.problems = []

    # --- wiring

    def begin(self, at, calendar):
        """The office opens; returns relayd's section [channels]."""
        self.provider.clock = lambda: calendar.now_ms() / 1000
        self.api = office.Api(at.port, "demo", relay.USER, relay.PASSWORD)
        self.clerk, self.owner = office.Clerk(self.api), office.Owner(self.api)
        self.salesman = office.Salesman(self.api)
        web = f"http://127.0.0.1:{at.port}"
        for channel in ("whatsapp", "sms"):
            self.provider.hooks[channel] = f"{web}/webhooks/v1/{channel}/demo"
        self.provider.open_account(at.folder / "channels", "demo",
                                   **{name.replace(".", "__"): secret
                                      for name, secret in SECRETS.items()})
        return {"folder": at.folder / "channels", "url": web}

    # --- the days

    def morning(self, day):
        """A day opens, and the office has work. It never holds up the day."""
        if day > self.day:
            self.day = day
            self.opened.put(day)
        if self.thread is None:
            self.thread = threading.Thread(target=self.guarded, daemon=True)
            self.thread.start()

    def finish(self):
        """The office closes; what shops said has reached the relay."""
        if self.thread:
            self.opened.put(None)
            self.thread.join()
            self.thread = None
            self.settle()

    def settle(self):
        left = self.provider.settle(SETTLE_SECONDS)
        if left:
            self.problems.append(f"callbacks of the providers were not taken: {'; '.join(left)}")

    def margin_owed(self):
        """Paise of margin that shops, well stocked by offers, will not bring after the last day."""
        return round(sum(shops.margin_owed() for shops in self.shops.values()))

    def close(self):
        """Returns what went wrong, in words."""
        self.finish()
        self.provider.close()
        return self.problems

    def guarded(self):
        try:
            self.open_office()
            while (day := self.opened.get()) is not None:
                self.meet(day)
                if self.opened.empty():  # who is behind reads all his post at once
                    self.work(day)
        except Exception as problem:  # told at the end
            self.problems.append(f"the office on day {self.day}: {problem!r}")

    def open_office(self):
        self.clerk.register()
        self.clerk.set_rule("campaign.days", min(OFFER_DAYS, max(3, self.days // 4)),
                            "short-dated goods are offered for a short time")

    def work(self, day):
        self.take_in()
        self.read_post(day)
        if day >= min(WARM_UP_DAYS, self.days // 5):
            self.trust()
            self.owner.decide()

    def trust(self):
        if not self.trusted:
            self.clerk.set_rule("autonomy.discount_permille", office.ALONE_PERMILLE,
                                "small lots need nobody's word", office.AGENT)
            self.trusted = True

    # --- outlets

    def meet(self, day):
        """Whoever orders for the first time gets a card. Walk-in trade leaves no address."""
        for site in self.sites:
            for order in site.plan["days"][day]["orders"]:
                party = order["party"]
                if party not in self.outlets and not party.startswith("WALKIN"):
                    self.clerk.enter(self.card(party, site))

    def card(self, party, site):
        chance = deal.draw(self.seed, "card", party)
        number = next(self.numbers)
        drawn = chance.random()
        form = ("none" if drawn < NO_FORM else
                "withdrew" if drawn < NO_FORM + WITHDRAWN else "agreed")
        drawn = chance.random()
        ways = next(ways for share, ways in WAYS if drawn < share)
        addresses = {"whatsapp": f"9198{number:08d}", "sms": f"9198{number:08d}",
                     "email": f"{party.lower()}@shops.example.in"}
        outlet = Outlet(number, party, site, {way: addresses[way] for way in ways},
                        "hi" if chance.random() < HINDI else "en", form)
        self.outlets[party] = outlet
        self.by_address.update({(way, outlet.addresses[way]): outlet for way in ways})
        return outlet

    # --- shops

    def take_in(self):
        """What offers brought to shops' shelves they do not order soon: from the day after the next,
        whose orders may be opened at this moment."""
        for site in self.sites:
            with site.world.hands:
                sold = [(key, document, units) for (deed, key, document), units
                        in site.world.deeds.items() if deed == "sold" and document
                        and document not in site.own]
            for key, document, units in sold:
                new = units - self.booked[document, key]
                if new > 0:
                    self.booked[document, key] = units
                    lines = self.api.ask("GET", f"/api/v1/orders/{office.quoted(document)}")["lines"]
                    self.forgone += self.shops[site.name].forgo(lines[0]["party"], key[0], new,
                                                                 self.day + 1)

    def read_post(self, day):
        """Shops look at what came since yesterday."""
        taken = self.provider.taken()
        new = {}
        for message in taken[self.read:]:
            fields = letters.read(message)
            if fields:
                new[message["message_id"]] = message, fields
        self.read = len(taken)
        stopped = []
        for message, fields in new.values():
            outlet = self.by_address[message["channel"], message["to"]]
            stopped += self.look_at(outlet, message, fields, day)
        if stopped:
            self.settle()
            self.wait_sent()
        for outlet, channel in stopped:
            outlet.stopped.setdefault(channel, len(self.provider.taken()))

    def wait_sent(self):
        """A STOP calls back what waits, not what is on its way at that moment."""
        until = time.monotonic() + SETTLE_SECONDS
        while any(not m["why"] for m in self.api.rows("/api/v1/messages", state="sending")):
            if time.monotonic() > until:
                self.problems.append("messages stay on their way")
                return
            time.sleep(0.01)

    def offer(self, outlet, fields):
        p = next(p for p in outlet.site.goods.values() if p.name[:30] == fields["sku"][:30])
        rupees, paise = fields["offer"].split(".")
        return market.Offer(outlet.party, p.sku, fields["expiry"], int(rupees) * 100 + int(paise),
                            int(fields["most"]) * p.piece_units)

    def look_at(self, outlet, message, fields, day):
        """Returns [(outlet, channel)] when it wants no more offers there."""
        offer = self.offer(outlet, fields)
        shops = self.shops[outlet.site.name]
        if shops.says_stop(offer):
            self.stop(message)
            return [(outlet, message["channel"])]
        units = shops.answer(offer, day)
        if units > 0:
            packs = units // outlet.site.goods[offer.sku].piece_units
            self.answers.append(Answer(offer, message["channel"], units))
            if message["channel"] == "email":
                self.salesman.order(outlet.site.name, offer, units)
            else:
                self.say(message, f"{fields.get('reply', 'YES')} {packs}")
        return []

    def say(self, message, text):
        """By the way that the offer came."""
        if message["channel"] == "sms":
            self.provider.sms_reply(message["to"], text)
        else:
            self.provider.reply(message["to"], text, answers=message["provider_id"])

    def stop(self, message):
        if message["channel"] == "email":
            self.api.click(letters.way_out(message))
        else:
            self.say(message, "STOP")
