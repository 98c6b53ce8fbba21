/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compliance.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "gst_credit_note.h"
#include "gst_rate.h"
#include "hsn.h"
#include "shelf_life.h"
#include "states.h"

static const struct compliance_rule rules[COMPLIANCE_CODE_COUNT] = {
    [COMPLIANCE_EXPIRED] = {"expired", "critical", true, "the goods are past their date",
                            "Food Safety and Standards Act 2006, section 27(2)"},
    [COMPLIANCE_ON_HOLD] = {"on_hold", "critical", true, "the goods are on hold or in quarantine",
                            "own rule: recalls first"},
    [COMPLIANCE_NOT_ENOUGH] = {"not_enough", "critical", true,
                               "fewer free units lie there than are to move", "own rule"},
    [COMPLIANCE_EXPIRES_ON_WAY] = {"expires_on_way", "critical", true,
                                   "the goods expire before or on arrival",
                                   "Food Safety and Standards Act 2006, section 27(2)"},
    [COMPLIANCE_SHORT_ON_ARRIVAL] = {"short_on_arrival", "warning", false,
                                     "shops there would refuse goods with so little life left",
                                     "own rule"},
    [COMPLIANCE_EXPIRY_MISSING] = {"expiry_missing", "warning", false,
                                   "the goods expire, and nobody knows when", "own rule"},
    [COMPLIANCE_FROM_GSTIN] = {"from_gstin", "warning", false,
                               "the sender's GSTIN is missing or wrong", "CGST Rules, rule 55"},
    [COMPLIANCE_TO_GSTIN] = {"to_gstin", "warning", false,
                             "the receiver's GSTIN is missing or wrong", "CGST Rules, rule 55"},
    [COMPLIANCE_HSN_MISSING] = {"hsn_missing", "warning", false,
                                "no document can be written without an HSN code",
                                "CGST Rules, rules 46 and 55"},
    [COMPLIANCE_RATE_UNKNOWN] = {"rate_unknown", "warning", false,
                                 "no rate is known for this HSN on that day",
                                 "CGST Act, section 14"},
    [COMPLIANCE_VALUE_RULE] = {"value_rule", "warning", false,
                               "the value is none that may be declared between own registrations",
                               "CGST Rules, rule 28"},
    [COMPLIANCE_PINCODE] = {"pincode", "warning", false,
                            "an e-way bill needs the PIN codes of both ends",
                            "CGST Rules, rule 138"},
    [COMPLIANCE_DISTANCE] = {"distance", "warning", false,
                             "the distance is not known, or none that an e-way bill takes",
                             "CGST Rules, rule 138(10)"},
    [COMPLIANCE_EWAY_VALIDITY] = {"eway_validity", "warning", false,
                                  "the way takes longer than the e-way bill is valid",
                                  "CGST Rules, rule 138(10)"},
    [COMPLIANCE_TERMS_UNKNOWN] = {"terms_unknown", "warning", false,
                                  "nobody has entered what the supplier takes back", "own rule"},
    [COMPLIANCE_NOT_RETURNABLE] = {"not_returnable", "critical", true,
                                   "the supplier takes none of these goods back", "his terms"},
    [COMPLIANCE_RETURN_WINDOW] = {"return_window", "critical", true,
                                  "the supplier does not take them back on that day", "his terms"},
    [COMPLIANCE_RETURN_QUOTA] = {"return_quota", "critical", true,
                                 "it is more than the supplier's quota of the quarter leaves",
                                 "his terms"},
    [COMPLIANCE_SMALL_CLAIM] = {"small_claim", "warning", false,
                                "the supplier takes no claim as small as this", "his terms"},
    [COMPLIANCE_NOTE_LATE] = {"note_late", "warning", false,
                              "a credit note for goods bought so long ago has no effect on tax",
                              "CGST Act, section 34(2)"},
};

const struct compliance_rule *compliance_rule(enum compliance_code code)
{
    assert((size_t)code < COMPLIANCE_CODE_COUNT);
    return &rules[code];
}

static void add(struct compliance *c, enum compliance_code code, bool when)
{
    if (when)
        c->codes |= UINT32_C(1) << code;
}

static bool has(const struct compliance *c, enum compliance_code code)
{
    return c->codes & UINT32_C(1) << code;
}

/* Whether the goods are to be sold where they go. */
static bool to_be_sold(enum movement m)
{
    return m == MOVEMENT_TRANSFER || m == MOVEMENT_SALE;
}

/* ---- goods ---- */

static void judge_goods(const struct compliance_input *in, struct compliance *c)
{
    bool sold = to_be_sold(in->movement);
    int64_t there = in->sellable_units + (sold ? 0 : in->held_units);
    bool expired =
        movement_judge(in->movement, STOCK_SELLABLE, in->expiry_day, in->day) == MOVEMENT_EXPIRED;
    bool held = sold && in->sellable_units <= 0 && in->held_units > 0;
    add(c, COMPLIANCE_EXPIRED, expired);
    add(c, COMPLIANCE_ON_HOLD, held);
    add(c, COMPLIANCE_NOT_ENOUGH, !held && in->units > there);
}

static void judge_arrival(const struct compliance_input *in, struct compliance *c)
{
    int32_t arrival = in->day + in->lead_days;
    c->arrival_left_days = shelf_life_left_days(in->expiry_day, arrival);
    if (!to_be_sold(in->movement) || has(c, COMPLIANCE_EXPIRED))
        return;
    if (in->expiry_day == CIVIL_NONE) {
        add(c, COMPLIANCE_EXPIRY_MISSING, in->life_days > 0);
        return;
    }
    bool on_way = in->movement == MOVEMENT_TRANSFER && c->arrival_left_days <= 0;
    add(c, COMPLIANCE_EXPIRES_ON_WAY, on_way);
    add(c, COMPLIANCE_SHORT_ON_ARRIVAL, !on_way && c->arrival_left_days < in->arrival_days);
}

/* ---- tax ---- */

static bool reads(const char *text, struct gstin *ret)
{
    enum gstin_reason r = gstin_read(text, ret);
    return r == GSTIN_OK || r == GSTIN_LEGACY_STATE;
}

/* The rate on that day: 0 when the goods are exempt, or no code or rate is known. */
static bool find_rate(const struct compliance_input *in, struct compliance *c)
{
    const struct gst_rate_row *rate = NULL;
    add(c, COMPLIANCE_HSN_MISSING, !hsn_valid(in->hsn));
    if (!hsn_valid(in->hsn) || gst_rate_find(&gst_rate_seed, in->hsn, "", in->day, &rate) < 0)
        return false;
    c->gst_ppm = rate->gst_ppm;
    return true;
}

static enum gst_document_movement document_movement(const struct compliance_input *in)
{
    if (in->movement == MOVEMENT_SUPPLIER_RETURN)
        return in->back.supplied ? GST_DOCUMENT_PURCHASE_RETURN_SUPPLIED
                                 : GST_DOCUMENT_PURCHASE_RETURN;
    return in->movement == MOVEMENT_DISPOSAL ? GST_DOCUMENT_DESTRUCTION : GST_DOCUMENT_SALE;
}

/* Goods that are invoiced back are a supply like any other (circular 72/46/2018, route a). */
static void judge_supply_back(const struct compliance_input *in, const struct gstin *from,
                              const struct gstin *to, bool rate_known, struct compliance *c)
{
    c->gst.supply = true;
    c->gst.kind = from->state != to->state ? GST_PLACE_INTER : GST_PLACE_INTRA;
    c->gst_known = !c->gst.document.taxed ||
                   gst_tax_on(in->value_paise, c->gst_ppm, 0, c->gst.kind, &c->gst.tax) == 0;
    add(c, COMPLIANCE_RATE_UNKNOWN, !rate_known && !has(c, COMPLIANCE_HSN_MISSING));
}

/* Which note the supplier may send for them: his tax goes down until the 30 November behind the
 * financial year in which he sold them, if we reverse the credit, which we do. */
static void judge_note(const struct compliance_input *in, struct compliance *c)
{
    struct gst_credit_note_input n = {
        .invoice_day = in->back.bought_day == CIVIL_NONE ? in->day : in->back.bought_day,
        .note_day = in->day,
        .annual_return_filed_day = CIVIL_NONE,
        .ground = GST_CREDIT_NOTE_RETURN,
        .recipient_reversed_credit = true};
    struct gst_credit_note note = gst_credit_note_judge(&n);
    c->note_awaited = true;
    c->note = gst_document_of_note(&note);
    add(c, COMPLIANCE_NOTE_LATE, note.reason == GST_CREDIT_NOTE_TIME_LIMIT);
}

static void judge_tax(const struct compliance_input *in, struct compliance *c)
{
    bool somebody = in->movement != MOVEMENT_DISPOSAL;
    struct gstin from = {0}, to = {0};
    bool from_ok = reads(in->from_gstin, &from);
    bool to_ok = somebody && reads(in->to_gstin, &to);
    add(c, COMPLIANCE_FROM_GSTIN, !from_ok);
    /* Most shops are unregistered: a sale to one without a GSTIN is an ordinary one (CGST Rules,
     * rule 46), and an offer has no buyer yet. */
    bool may_lack = in->movement == MOVEMENT_SALE && in->to_gstin[0] == '\0';
    add(c, COMPLIANCE_TO_GSTIN, somebody && !to_ok && !may_lack);
    bool rate_known = find_rate(in, c);
    bool exempt = c->exempt = rate_known && c->gst_ppm == 0;
    if (in->movement != MOVEMENT_TRANSFER) {
        c->gst.document = gst_document_choose(document_movement(in), GST_DOCUMENT_REGULAR, exempt);
        bool back = in->movement == MOVEMENT_SUPPLIER_RETURN;
        if (back && in->back.supplied && from_ok && to_ok)
            judge_supply_back(in, &from, &to, rate_known, c);
        if (back && !in->back.supplied)
            judge_note(in, c);
        return;
    }
    if (!from_ok || !to_ok)
        return;
    struct gst_transfer_input t = {.from = from,
                                   .to = to,
                                   .exempt = exempt,
                                   .recipient_full_credit = in->full_credit,
                                   .declared_paise = in->value_paise,
                                   .market_paise = in->market_paise,
                                   .cost_paise = in->cost_paise,
                                   .resale_paise = GST_TRANSFER_UNKNOWN,
                                   .gst_ppm = c->gst_ppm};
    c->gst_known = gst_transfer_judge(&t, &c->gst) == 0;
    add(c, COMPLIANCE_VALUE_RULE, !c->gst_known || !c->gst.value_ok);
    /* Only a supply has a rate on its document. */
    add(c, COMPLIANCE_RATE_UNKNOWN,
        c->gst_known && c->gst.supply && !rate_known && !has(c, COMPLIANCE_HSN_MISSING));
}

/* ---- the supplier's terms ---- */

static void judge_terms(const struct compliance_input *in, struct compliance *c)
{
    const struct compliance_return *r = &in->back;
    if (in->movement != MOVEMENT_SUPPLIER_RETURN)
        return;
    add(c, COMPLIANCE_TERMS_UNKNOWN, !r->known);
    if (!r->known)
        return;
    add(c, COMPLIANCE_NOT_RETURNABLE, !r->returnable);
    add(c, COMPLIANCE_RETURN_WINDOW, r->returnable && !r->in_window);
    add(c, COMPLIANCE_RETURN_QUOTA,
        r->returnable && (in->units > r->quota_units || r->landed_paise > r->quota_paise));
    add(c, COMPLIANCE_SMALL_CLAIM, r->claim_paise < r->least_claim_paise);
}

/* ---- the road ---- */

static uint8_t state_of(const char *gstin)
{
    struct gstin g;
    return reads(gstin, &g) ? g.state : 0;
}

static bool pin_ok(const char *pin, uint8_t state)
{
    const struct states_row *row = states_find(state);
    char *end = NULL;
    unsigned long n = strtoul(pin, &end, 10);
    return strlen(pin) == 6 && *end == '\0' && n >= 100000 && n <= 999999 && row &&
           states_pin_fits(row, (uint32_t)n);
}

/* Each state has its own limit; a tenant's setting stands in for it. */
int compliance_eway(const struct compliance_document *d, struct eway_need *ret)
{
    assert(d && ret);
    uint8_t from = state_of(d->from_gstin), to = state_of(d->to_gstin);
    struct eway_limit own = {.state = from,
                             .from_day = d->day,
                             .to_day = CIVIL_NONE,
                             .limit_paise = d->eway_limit_paise};
    struct eway_limits limits = {.inter_state_paise = EWAY_INTER_STATE_LIMIT_PAISE,
                                 .rows = &own,
                                 .count = d->eway_limit_paise > 0 ? 1 : 0};
    struct eway_need_input n = {.day = d->day,
                                .from_state = from,
                                .to_state = to,
                                .taxable_paise = d->taxable_paise,
                                .tax_paise = d->tax_paise,
                                .motor_vehicle = d->motor_vehicle};
    return from > 0 && to > 0 ? eway_need(&n, &limits, ret) : -EINVAL;
}

/* The need of the whole document: exempt goods among taxable ones do not count. */
static int need(const struct compliance_input *in, const struct compliance *c,
                struct eway_need *ret)
{
    bool supply = c->gst_known && c->gst.supply;
    bool exempt = c->exempt && in->beside_paise > 0;
    struct compliance_document d = {
        .from_gstin = in->from_gstin,
        .to_gstin = in->to_gstin,
        .day = in->day,
        .taxable_paise = (exempt ? 0 : in->value_paise) + in->beside_paise,
        .tax_paise = supply ? gst_tax_sum(&c->gst.tax) + in->beside_tax_paise : 0,
        .eway_limit_paise = in->eway_limit_paise,
        .motor_vehicle = in->motor_vehicle};
    return compliance_eway(&d, ret);
}

static void judge_road(const struct compliance_input *in, struct compliance *c)
{
    uint8_t from = state_of(in->from_gstin), to = state_of(in->to_gstin);
    if (need(in, c, &c->eway) < 0 || !c->eway.required)
        return;
    bool same_pin = strcmp(in->from_pincode, in->to_pincode) == 0;
    add(c, COMPLIANCE_PINCODE, !pin_ok(in->from_pincode, from) || !pin_ok(in->to_pincode, to));
    bool km_ok =
        eway_km_ok(in->km, same_pin) && eway_days(in->km, EWAY_REGULAR, &c->eway_days) == 0;
    add(c, COMPLIANCE_DISTANCE, !km_ok);
    add(c, COMPLIANCE_EWAY_VALIDITY, km_ok && c->eway_days < in->lead_days);
}

void compliance_judge(const struct compliance_input *in, struct compliance *ret)
{
    assert(in && ret);
    struct compliance c = {0};
    judge_goods(in, &c);
    judge_arrival(in, &c);
    judge_tax(in, &c);
    judge_terms(in, &c);
    judge_road(in, &c);
    for (size_t i = 0; i < COMPLIANCE_CODE_COUNT; i++)
        if (has(&c, (enum compliance_code)i) && (rules[i].blocking || in->strict))
            c.blocked = true;
    *ret = c;
}

/* ---- as text ---- */

const char *compliance_text(const struct compliance *c, char buf[COMPLIANCE_TEXT_SIZE])
{
    assert(c && buf);
    const char *head = c->blocked ? "blocked" : c->codes ? "requires_review" : "compliant";
    size_t n = (size_t)snprintf(buf, COMPLIANCE_TEXT_SIZE, "%s", head);
    char before = ':';
    for (size_t i = 0; i < COMPLIANCE_CODE_COUNT; i++)
        if (has(c, (enum compliance_code)i)) {
            n += (size_t)snprintf(buf + n, COMPLIANCE_TEXT_SIZE - n, "%c%s", before, rules[i].word);
            before = '+';
        }
    return buf;
}

static bool begins(const char *text, const char *word)
{
    size_t len = strlen(word);
    return strncmp(text, word, len) == 0 && (text[len] == '\0' || text[len] == ':');
}

const char *compliance_status(const char *text)
{
    assert(text);
    if (begins(text, "compliant"))
        return "compliant";
    return begins(text, "requires_review") || begins(text, "blocked") ? "requires_review" : "";
}

bool compliance_blocks(const char *text)
{
    assert(text);
    return begins(text, "blocked");
}
