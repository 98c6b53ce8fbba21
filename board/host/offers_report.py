# SPDX-License-Identifier: Apache-2.0
"""What came of the offers, for the report: the product's rows set against what the providers' double
took, what shops said, and what the journals' scans show."""

import collections
import math

import ledger
import letters
import report

PICKED = 13  # line_done.kind of a pick (contract/entry.h)
ANSWERED = {"whatsapp": "by WhatsApp", "sms": "by SMS", "email": "to the salesman"}
STOPPED = {  # why a message stays at the relay (channel_message.h), as a distributor would say it
    "no_consent": "no consent", "frequency_cap": "offers enough that week",
    "called_off": "the offer was over", "arrived_before": "told on another channel",
    "suppressed": "number or address out of use"}
LEAST_OUTLETS = 30  # in an arm, before a difference is worth a word


def prices(store):
    """document -> paise of a piece pack before tax, of what offers sold."""
    return dict(store.rows("SELECT document, max(price_paise) FROM order_line WHERE"
                           " cause LIKE 'campaign:%' AND price_paise > 0 GROUP BY document"))


def counts(store, query):
    return dict(store.rows(query))


def said(rows):
    return ", ".join(f"{what} {report.grouped(n)}" for what, n in rows.items() if n) or "none"


def lines(offers, store):
    yield from decisions(offers, store)
    yield from messages(offers, store)
    yield from answers(offers, store)
    yield from against_holdout(store)


def decisions(offers, store):
    by = counts(store, "SELECT CASE WHEN decided_by LIKE 'agent:%' THEN 'by the agents within their"
                       " limits' ELSE 'by the owner' END, count(*) FROM proposal WHERE"
                       " action = 'campaign' AND state IN ('approved', 'executing', 'done',"
                       " 'partial', 'failed') GROUP BY 1")
    made = store.rows("SELECT count(*), coalesce(sum(state <> 'draft'), 0) FROM campaign")[0]
    yield (f"  offers: approved {said(by)}; refused by the owner {offers.owner.rejected}; "
           f"campaigns {made[0]}: "
           + said(counts(store, "SELECT state, count(*) FROM campaign GROUP BY state")))


def messages(offers, store):
    forms = collections.Counter(outlet.form for outlet in offers.outlets.values())
    stops = sum(bool(outlet.stopped) for outlet in offers.outlets.values())
    yield (f"  outlets: met {report.grouped(len(offers.outlets))}, agreed to offers "
           f"{report.grouped(forms['agreed'])}, signed nothing {forms['none']}, said STOP "
           f"{forms['withdrew']} before and {stops} to an offer")
    by_channel = collections.Counter(m["channel"] for m in offers.provider.taken())
    stopped = collections.Counter()
    for why, n in counts(store, "SELECT why, count(*) FROM outbox WHERE state = 'blocked'"
                                " GROUP BY why").items():
        code = why.split(":")[0]
        stopped[STOPPED.get(code, code)] += n
    waiting = counts(store, "SELECT state, count(*) FROM outbox WHERE state NOT IN ('blocked')"
                            " GROUP BY state")
    yield (f"  messages: taken by the providers {said(by_channel)}; at the relay {said(waiting)}; "
           f"kept back: {said(stopped)}")


def picked_of(store):
    """document -> units, of campaigns' lines that scans have done"""
    return dict(store.rows(
        "SELECT l.document, sum(d.qty) FROM order_line l JOIN line_done d ON d.document = l.document"
        f" AND d.line = l.line AND d.site = l.site AND d.kind = {PICKED} WHERE"
        " l.cause LIKE 'campaign:%' GROUP BY l.document HAVING sum(d.qty) <> 0"))


def answers(offers, store):
    ways = collections.Counter(ANSWERED[answer.channel] for answer in offers.answers)
    ordered = store.rows("SELECT count(*), coalesce(sum(qty), 0) FROM order_line WHERE"
                         " cause LIKE 'campaign:%'")[0]
    picked = picked_of(store)
    pieces = {p.sku: p.piece_units for site in offers.sites for p in site.goods.values()}
    cleared = sum(units * price / pieces[sku] for sku, units, price in store.rows(
        "SELECT l.sku, d.qty, l.price_paise FROM order_line l JOIN line_done d ON"
        " d.document = l.document AND d.line = l.line AND d.site = l.site AND"
        f" d.kind = {PICKED} WHERE l.cause LIKE 'campaign:%'"))
    settled = store.rows("SELECT count(*), coalesce(sum(p.done_units), 0),"
                         " coalesce(sum(p.actual_revenue_paise), 0) FROM proposal p WHERE"
                         " p.action = 'campaign' AND p.state IN ('done', 'partial')")[0]
    yield (f"  answers: {said(ways)}; ordered {report.grouped(ordered[1])} units in {ordered[0]} "
           f"lines, picked by scans {report.grouped(sum(picked.values()))}, cleared "
           f"{report.rupees(cleared)}; shops forgo {report.grouped(offers.forgone)} units later")
    yield (f"  settled: {settled[0]} offers with {report.grouped(settled[1])} units and "
           f"{report.rupees(settled[2])}")


# --- against those who were not asked

def arms(store):
    """arm -> (outlets, buyers), over all campaigns"""
    return {arm: (n, buyers) for arm, n, buyers in store.rows(
        "SELECT arm, count(*), sum(units > 0) FROM campaign_target GROUP BY arm")}


def wilson(buyers, n):
    """95 % interval of a share (Wilson, 1927)."""
    z, share = 1.96, buyers / n
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def lift(offer, holdout):
    """(difference of shares, its 95 % interval), by Newcombe's method 10 (1998)."""
    a, b = offer[1] / offer[0], holdout[1] / holdout[0]
    (a_low, a_high), (b_low, b_high) = wilson(offer[1], offer[0]), wilson(holdout[1], holdout[0])
    return a - b, a - b - math.hypot(a - a_low, b_high - b), a - b + math.hypot(a_high - a,
                                                                                  b - b_low)


def against_holdout(store):
    found = arms(store)
    offer, holdout = found.get("offer", (0, 0)), found.get("holdout", (0, 0))
    text = (f"  what offers add: {offer[1]} of {offer[0]} that were asked took the lot, {holdout[1]} "
            f"of {holdout[0]} that on purpose were not")
    if min(offer[0], holdout[0]) < LEAST_OUTLETS:
        yield text + ": too few to tell what offers add"
        return
    by, low, high = lift(offer, holdout)
    known = "" if low > 0 or high < 0 else ": no difference that chance would not make"
    yield text + f"; {100 * by:.0f} points more (95 %: {100 * low:.0f} to {100 * high:.0f}){known}"


# --- what must hold

def invariants(offers, store):
    doubles = offers.provider.doubles()
    return [("no message reached anybody twice", not doubles, doubles[:3]),
            ("no offer reached an outlet that did not want any", *unwanted(offers)),
            ("what offers sold is what was scanned for them", *scanned(offers, store))]


def unwanted(offers):
    """Who said STOP may still order by what it has, and is told that the order was taken."""
    wrong = []
    for n, message in enumerate(offers.provider.taken()):
        outlet = offers.by_address.get((message["channel"], message["to"]))
        if outlet is None or (letters.read(message)
                              and not outlet.may_get(message["channel"], n)):
            wrong.append(f"{message['channel']} {message['message_id']} to "
                         f"{outlet.party if outlet else message['to']}")
    return not wrong, wrong[:3]


def scanned(offers, store):
    """Picks in the appliances' journals, what left the shelves, and the relay's lines."""
    at_relay = picked_of(store)
    documents = {row[0] for row in store.rows(
        "SELECT DISTINCT document FROM order_line WHERE cause LIKE 'campaign:%'")}
    journals, shelves = collections.Counter(), collections.Counter()
    for site in offers.sites:
        for e in ledger.entries_of(site.build, site.folder / "journal.db"):
            if e.get("document") in documents and e["kind"] in ("picked", "adjusted"):
                journals[e["document"]] += e["qty"] if e["kind"] == "picked" else -e["qty"]
        for (deed, _, document), units in site.world.deeds.items():
            if deed == "sold" and document in documents:
                shelves[document] += units
    wrong = [f"{d}: relay {at_relay.get(d, 0)}, journal {journals[d]}, shelf {shelves[d]}"
             for d in sorted(documents)
             if not at_relay.get(d, 0) == journals[d] == shelves[d]]
    return not wrong, wrong[:3]
