/* SPDX-License-Identifier: Apache-2.0 */
#include "barcode.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "gs1_link.h"
#include "gs1_scan.h"
#include "symbology.h"
#include "text.h"

#define EXPIRY_LEN 8 /* "17" and YYMMDD */

/* One scan on its way to facts. */
struct reading {
    const struct barcode_settings *settings;
    int32_t today;
    const struct symbology *symbology;
    const char *frame; /* mended, with the identifier */
    size_t frame_len;
    const char *data; /* behind the identifier */
    size_t len;
    char decoded[FRAME_MAX]; /* values of links and bracketed text */
    struct barcode_facts facts;
    struct gs1_reject *reterr;
};

/* A batch that holds "17" and a date, with nothing or good elements behind it, has most likely
 * swallowed them for want of a separator. The syntax allows it, so only a person can tell. */
static bool separator_suspect(const char *value, size_t usual_len)
{
    size_t len = strlen(value);
    if (usual_len > 0 && len > usual_len)
        return true;
    const struct gs1_ai *expiry = gs1_ai_find("17", 2);
    for (size_t i = 1; i + EXPIRY_LEN <= len; i++) {
        if (gs1_ai_at(value + i, len - i) != expiry ||
            gs1_value_check(expiry, value + i + 2, EXPIRY_LEN - 2) != GS1_FINE)
            continue;
        size_t behind = i + EXPIRY_LEN;
        struct gs1_message rest;
        struct gs1_reject why;
        if (behind == len || gs1_parse(value + behind, len - behind, GS1_LENIENT, &rest, &why) == 0)
            return true;
    }
    return false;
}

static int take_elements(struct reading *r, enum barcode_kind kind, const struct gs1_message *m)
{
    struct barcode_facts *f = &r->facts;
    f->kind = kind;
    barcode_facts_add(f, m, r->today);
    if (separator_suspect(f->batch, r->settings->usual_batch_len))
        f->warnings |= BARCODE_WARN_BATCH;
    if (separator_suspect(f->serial, r->settings->usual_batch_len))
        f->warnings |= BARCODE_WARN_SERIAL;
    return 0;
}

static int keep_text(struct reading *r)
{
    if (text_copy_n(r->facts.text, sizeof(r->facts.text), r->data, r->len) < 0)
        return gs1_refuse(r->reterr, GS1_CHARSET, NULL); /* a NUL: binary content is no text */
    return 0;
}

static int take_text(struct reading *r)
{
    r->facts.kind = BARCODE_TEXT;
    return keep_text(r);
}

static void take_instore(struct reading *r, const struct instore *in, const char *prefix)
{
    struct barcode_facts *f = &r->facts;
    f->kind = BARCODE_INSTORE;
    memcpy(f->instore, prefix, 2);
    memcpy(f->instore + 2, in->item, strlen(in->item) + 1);
    int64_t *const amounts[] = {[INSTORE_WEIGHT] = &f->net_weight_g,
                                [INSTORE_PRICE] = &f->price_paise,
                                [INSTORE_COUNT] = &f->variable_count};
    *amounts[in->measure] = in->value;
}

/* An in-store number when a rule says so: its 13 digits are no GTIN, they change by weight. */
static int take_number(struct reading *r, const struct gtin *gtin)
{
    const char *digits13 = gtin->text + GTIN_LEN - INSTORE_LEN;
    for (size_t i = 0; gtin->class == GTIN_RESTRICTED && i < r->settings->instore_count; i++) {
        struct instore in;
        int fits = instore_read(&r->settings->instore[i], digits13, &in);
        if (fits < 0)
            return gs1_refuse(r->reterr, GS1_AMOUNT_CHECK, NULL);
        if (fits == 0) {
            take_instore(r, &in, digits13);
            return 0;
        }
    }
    r->facts.kind = BARCODE_GTIN;
    memcpy(r->facts.gtin14, gtin->text, GTIN_SIZE);
    return 0;
}

static bool try_number(struct reading *r, struct gtin *ret)
{
    return gtin_read(r->symbology->content, r->data, r->len, ret) == GTIN_FINE;
}

/* Text that reads as a whole element string is one, marked as inferred; full rules, because a lone
 * "10..." is rather somebody's text. Keyed-in text has brackets. */
static int infer(struct reading *r)
{
    struct gs1_message m;
    struct gs1_reject why;
    bool bracketed = r->len > 0 && r->data[0] == '(';
    int err = bracketed ? gs1_parse_bracketed(r->data, r->len, GS1_FULL, r->decoded, &m, &why)
                        : gs1_parse(r->data, r->len, GS1_FULL, &m, &why);
    if (err < 0)
        return take_text(r);
    take_elements(r, BARCODE_INFERRED, &m);
    return keep_text(r);
}

/* A web address that is no Digital Link is some maker's own and stays text; one that is, but with a
 * wrong check digit, say, is refused. */
static int read_link(struct reading *r)
{
    struct gs1_link_rules rules = {.level = GS1_LENIENT,
                                   .pad_short_gtin = r->settings->pad_short_gtin};
    struct gs1_message m;
    int link = gs1_link_parse(r->data, r->len, &rules, r->decoded, &m, r->reterr);
    if (link == 0)
        return take_elements(r, BARCODE_LINK, &m);
    if (link < 0 && r->reterr->fault != GS1_DL_NO_KEY && r->reterr->fault != GS1_URI_SYNTAX)
        return link;
    return r->symbology->content == SYMBOLOGY_NONE ? infer(r) : take_text(r);
}

static int read_unmarked(struct reading *r)
{
    struct gtin gtin;
    return try_number(r, &gtin) ? take_number(r, &gtin) : read_link(r);
}

static int read_itf(struct reading *r)
{
    struct gtin gtin;
    return try_number(r, &gtin) ? take_number(r, &gtin) : take_text(r);
}

static int read_upce(struct reading *r)
{
    struct gtin gtin;
    if (try_number(r, &gtin))
        return take_number(r, &gtin);
    return gs1_refuse(r->reterr, GS1_PRIMARY_LENGTH, NULL);
}

static int read_code128(struct reading *r)
{
    return r->settings->parse_plain_code128 ? infer(r) : take_text(r);
}

/* Carriers of element strings and EAN symbols. */
static int read_gs1(struct reading *r)
{
    struct gs1_link_rules rules = {.level = GS1_LENIENT};
    struct gs1_scan scan;
    struct gtin gtin;
    int err = gs1_scan_read(r->frame, r->frame_len, &rules, r->decoded, &scan, r->reterr);
    if (err < 0)
        return err;
    if (scan.kind == GS1_SCAN_ELEMENTS)
        return take_elements(r, BARCODE_ELEMENTS, &scan.message);
    if (gtin_read(r->symbology->content, scan.primary, scan.primary_len, &gtin) != GTIN_FINE)
        return gs1_refuse(r->reterr, GS1_PRIMARY_CHECK, NULL);
    take_elements(r, BARCODE_GTIN, &scan.message); /* of the composite part */
    return take_number(r, &gtin);
}

typedef int (*read_fn)(struct reading *r);

static const read_fn readers[] = {
    [SYMBOLOGY_NONE] = read_unmarked,    [SYMBOLOGY_ELEMENTS] = read_gs1,
    [SYMBOLOGY_EAN13] = read_gs1,        [SYMBOLOGY_EAN8] = read_gs1,
    [SYMBOLOGY_LINK] = read_link,        [SYMBOLOGY_ITF] = read_itf,
    [SYMBOLOGY_ITF_STRIPPED] = read_itf, [SYMBOLOGY_CODE128] = read_code128,
    [SYMBOLOGY_UPCE] = read_upce,        [SYMBOLOGY_ADD_ON] = take_text,
    [SYMBOLOGY_TEXT] = take_text,
};

int barcode_read(const char *bytes, size_t len, const struct barcode_settings *settings,
                 int32_t today, struct barcode_facts *ret, struct frame_counts *counts,
                 struct gs1_reject *reterr)
{
    assert((bytes || len == 0) && settings && ret && counts && reterr);
    assert(settings->instore_count <= BARCODE_INSTORE_RULES_MAX);
    char frame[FRAME_MAX];
    size_t frame_len = 0;
    if (frame_mend(bytes, len, &settings->frame, frame, &frame_len, counts) < 0)
        return gs1_refuse(reterr, GS1_TOO_LONG, NULL);
    if (frame_len == 0)
        return gs1_refuse(reterr, GS1_EMPTY, NULL);

    const struct symbology *symbology = symbology_of(frame, frame_len);
    size_t head = strlen(symbology->id);
    struct reading r = {.settings = settings,
                        .today = today,
                        .symbology = symbology,
                        .frame = frame,
                        .frame_len = frame_len,
                        .data = frame + head,
                        .len = frame_len - head,
                        .facts = barcode_facts_none(),
                        .reterr = reterr};
    int err = readers[symbology->content](&r);
    if (err == 0)
        *ret = r.facts;
    return err;
}
