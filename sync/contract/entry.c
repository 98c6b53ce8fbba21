/* SPDX-License-Identifier: Apache-2.0 */
#include "entry.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "civil.h"
#include "entry_column.h"
#include "text.h"
#include "utf8.h"

#define DAY_MIN (-25567) /* 1900-01-01 */
#define DAY_MAX 84005    /* 2199-12-31 */
#define QTY_MAX INT64_C(1000000000000)
#define PAISE_MAX INT64_C(100000000000000000) /* a thousand lakh crore: products still fit */
#define MS_MAX INT64_C(7258118400000)         /* 2200-01-01 */

#define AT(field) offsetof(struct entry, field)
#define SIZE(field) sizeof(((struct entry *)0)->field)

/* clang-format off */
#define I32(id, field, absent, min, max)                                                           \
    {#field, COLUMN_##id, ENTRY_FIELD_I32, AT(field), 0, 0, absent, min, max}
#define I64(id, field, min, max)                                                                   \
    {#field, COLUMN_##id, ENTRY_FIELD_I64, AT(field), 0, 0, 0, min, max}
#define CODE(id, field)                                                                            \
    {#field, COLUMN_##id, ENTRY_FIELD_CODE, AT(field), SIZE(field), 0, 0, 0, 0}
#define TEXT(id, field)                                                                            \
    {#field, COLUMN_##id, ENTRY_FIELD_TEXT, AT(field), SIZE(field), 0, 0, 0, 0}
#define BYTES(id, field)                                                                           \
    {#field, COLUMN_##id, ENTRY_FIELD_BYTES, AT(field), SIZE(field), AT(field##_len), 0, 0, 0}
/* clang-format on */

static const struct entry_field fields[] = {
    I64(SEQ, seq, 0, INT64_MAX),
    I64(WALL_MS, wall_ms, 0, MS_MAX),
    I64(MONO_MS, mono_ms, 0, INT64_MAX),
    I64(BOOT, boot, 0, INT64_MAX),
    I32(TRUST, trust, 0, 0, CLOCK_TRUST_COUNT - 1),
    I32(REST, rest, 0, 0, UINT16_MAX),
    I32(KIND, kind, 0, 1, ENTRY_KIND_MAX - 1),
    I32(VERSION, version, 1, 1, 1),
    CODE(WORKER, worker),
    CODE(DEVICE, device),
    CODE(SKU, sku),
    {"batch", COLUMN_BATCH, ENTRY_FIELD_CODE, AT(batch.number), SIZE(batch.number), 0, 0, 0, 0},
    {"expiry_day", COLUMN_EXPIRY_DAY, ENTRY_FIELD_I32, AT(batch.expiry_day), 0, 0, CIVIL_NONE,
     DAY_MIN, DAY_MAX},
    {"mrp_paise", COLUMN_MRP_PAISE, ENTRY_FIELD_I64, AT(batch.mrp_paise), 0, 0, 0, 0, PAISE_MAX},
    I32(EXPIRY_KIND, expiry_kind, 0, 0, EXPIRY_KIND_COUNT - 1),
    I32(MADE_DAY, made_day, CIVIL_NONE, DAY_MIN, DAY_MAX),
    I32(STATUS, status, 0, 0, STOCK_STATUS_COUNT - 1),
    I32(STATUS_TO, status_to, 0, 0, STOCK_STATUS_COUNT - 1),
    CODE(BIN, bin),
    CODE(BIN_TO, bin_to),
    I64(QTY, qty, -QTY_MAX, QTY_MAX),
    I64(OBSERVED, observed, -QTY_MAX, QTY_MAX),
    I64(EXPECTED, expected, -QTY_MAX, QTY_MAX),
    I64(VALUE_PAISE, value_paise, -PAISE_MAX, PAISE_MAX),
    CODE(DOCUMENT, document),
    I32(LINE, line, 0, 0, INT32_MAX),
    CODE(PARTY, party),
    CODE(REASON, reason),
    TEXT(NOTE, note),
    CODE(WITNESS, witness),
    CODE(PROPOSED, proposed),
    I64(CORRECTS, corrects, 0, INT64_MAX),
    I64(AMOUNT, amount, -PAISE_MAX, PAISE_MAX),
    I32(DUE_DAY, due_day, CIVIL_NONE, DAY_MIN, DAY_MAX),
    I32(SCORE, score, 0, 0, 100),
    I64(RISK_UNITS, risk_units, 0, QTY_MAX),
    I64(RISK_PAISE, risk_paise, 0, PAISE_MAX),
    BYTES(SHA256, sha256),
    BYTES(SCAN, scan),
};

#define M(column) (UINT64_C(1) << COLUMN_##column)
#define BY (M(WORKER) | M(DEVICE) | M(NOTE))
#define GOODS (M(SKU) | M(BATCH) | M(EXPIRY_DAY) | M(MRP_PAISE))
#define FACTS (M(EXPIRY_KIND) | M(MADE_DAY))
#define PLACE (M(BIN) | M(STATUS))
#define PAPER (M(DOCUMENT) | M(LINE) | M(PARTY))
#define MOVES (BY | GOODS | FACTS | PLACE | PAPER | M(REASON) | M(QTY) | M(VALUE_PAISE) | M(SCAN))
#define STOCK (M(SKU) | M(BIN) | M(QTY)) /* what every movement needs */

/* What a kind needs and what it may carry besides. */
static const struct {
    const char *name;
    uint64_t needs;
    uint64_t may;
} kinds[ENTRY_KIND_MAX] = {
    [ENTRY_OPENED] = {"opened", M(NOTE), 0},
    [ENTRY_BOOTED] = {"booted", 0, M(NOTE) | M(REASON)},
    [ENTRY_ANCHORED] = {"anchored", M(AMOUNT), M(OBSERVED)},
    [ENTRY_APPLIED] = {"applied", M(DOCUMENT) | M(LINE) | M(SHA256), M(NOTE)},
    [ENTRY_SIGNED_IN] = {"signed_in", M(WORKER), M(DEVICE)},
    [ENTRY_SIGNED_OUT] = {"signed_out", M(WORKER), M(DEVICE) | M(REASON)},
    [ENTRY_OPENING] = {"opening", STOCK, MOVES | M(DUE_DAY)},
    [ENTRY_RECEIVED] = {"received", STOCK, MOVES},
    [ENTRY_MOVED] = {"moved", STOCK | M(BIN_TO), MOVES},
    [ENTRY_PICKED] = {"picked", STOCK, MOVES | M(PROPOSED)},
    [ENTRY_RETURNED] = {"returned", STOCK | M(REASON), MOVES},
    [ENTRY_DISPATCHED] = {"dispatched", STOCK | M(DOCUMENT) | M(PARTY),
                          MOVES | M(PROPOSED) | M(DUE_DAY)},
    [ENTRY_ARRIVED] = {"arrived", STOCK | M(DOCUMENT), MOVES | M(DUE_DAY)},
    [ENTRY_LOST] = {"lost", M(SKU) | M(QTY) | M(DOCUMENT) | M(REASON), MOVES},
    [ENTRY_SENT_BACK] = {"sent_back", STOCK | M(REASON), MOVES},
    [ENTRY_DISPOSED] = {"disposed", STOCK | M(REASON), MOVES | M(WITNESS)},
    [ENTRY_COUNTED] = {"counted", M(SKU) | M(BIN), MOVES | M(OBSERVED) | M(EXPECTED)},
    [ENTRY_ADJUSTED] = {"adjusted", STOCK | M(REASON), MOVES | M(CORRECTS)},
    [ENTRY_RESTATED] = {"restated", STOCK | M(REASON), MOVES | M(STATUS_TO)},
    [ENTRY_CORRECTED_OUT] = {"corrected_out", STOCK | M(REASON), MOVES | M(CORRECTS)},
    [ENTRY_CORRECTED_IN] = {"corrected_in", STOCK | M(REASON), MOVES | M(CORRECTS) | M(DUE_DAY)},
    [ENTRY_WEIGHED] = {"weighed", M(DEVICE), BY | GOODS | PAPER | M(AMOUNT) | M(SCAN) | M(REASON)},
    [ENTRY_CAPTURED] = {"captured", M(SCAN) | M(QTY),
                        BY | PLACE | PAPER | M(EXPIRY_DAY) | M(BATCH)},
    [ENTRY_BOUND] = {"bound", M(SKU) | M(CORRECTS) | M(LINE), BY | M(SCAN)},
    [ENTRY_REFUSED] = {"refused", M(REASON), MOVES},
    [ENTRY_FLAGGED] = {"flagged", M(SKU) | M(REASON),
                       GOODS | PLACE | M(NOTE) | M(QTY) | M(SCORE) | M(RISK_UNITS) | M(RISK_PAISE) |
                           M(DUE_DAY) | M(AMOUNT) | M(VALUE_PAISE)},
    [ENTRY_ALERTED] = {"alerted", M(REASON),
                       GOODS | M(NOTE) | M(DEVICE) | M(DOCUMENT) | M(QTY) | M(BIN) | M(SCORE) |
                           M(RISK_UNITS) | M(RISK_PAISE) | M(DUE_DAY) | M(LINE)},
    [ENTRY_ACKNOWLEDGED] = {"acknowledged", M(CORRECTS), BY},
    [ENTRY_SNOOZED] = {"snoozed", M(CORRECTS) | M(DUE_DAY), BY},
    [ENTRY_PRINTED] = {"printed", M(DOCUMENT), BY | GOODS | M(QTY) | M(REASON)},
    [ENTRY_TASK_DONE] = {"task_done", M(DOCUMENT) | M(REASON), BY | PAPER | M(SKU) | M(QTY)},
};

/* Given by the journal, in every kind. */
#define GIVEN                                                                                      \
    (M(SEQ) | M(WALL_MS) | M(MONO_MS) | M(BOOT) | M(TRUST) | M(REST) | M(KIND) | M(VERSION))

struct entry entry_new(enum entry_kind kind)
{
    return (struct entry){.kind = (int32_t)kind,
                          .version = 1,
                          .batch.expiry_day = CIVIL_NONE,
                          .made_day = CIVIL_NONE,
                          .due_day = CIVIL_NONE};
}

const char *entry_kind_name(int32_t kind)
{
    return kind > 0 && kind < ENTRY_KIND_MAX ? kinds[kind].name : NULL;
}

int entry_kind_parse(const char *name, enum entry_kind *ret)
{
    assert(name && ret);
    for (int i = 1; i < ENTRY_KIND_MAX; i++)
        if (kinds[i].name && strcmp(kinds[i].name, name) == 0) {
            *ret = (enum entry_kind)i;
            return 0;
        }
    return -EINVAL;
}

const char *expiry_kind_name(int32_t kind)
{
    static const char *const names[EXPIRY_KIND_COUNT] = {
        [EXPIRY_USE_BY] = "use_by",
        [EXPIRY_BEST_BEFORE] = "best_before",
        [EXPIRY_SELL_BY] = "sell_by",
        [EXPIRY_COMPUTED] = "computed",
    };
    return kind >= 0 && kind < EXPIRY_KIND_COUNT ? names[kind] : NULL;
}

const struct entry_field *entry_fields(size_t *ret_count)
{
    assert(ret_count);
    *ret_count = ARRAY_LEN(fields);
    return fields;
}

const struct entry_field *entry_field_of(int64_t id)
{
    return id >= 1 && id <= (int64_t)ARRAY_LEN(fields) ? &fields[id - 1] : NULL;
}

static const void *at(const struct entry *e, size_t offset)
{
    return (const char *)e + offset;
}

int64_t entry_field_number(const struct entry *e, const struct entry_field *f)
{
    assert(e && f && (f->type == ENTRY_FIELD_I32 || f->type == ENTRY_FIELD_I64));
    return f->type == ENTRY_FIELD_I32 ? *(const int32_t *)at(e, f->offset)
                                      : *(const int64_t *)at(e, f->offset);
}

bool entry_field_present(const struct entry *e, const struct entry_field *f)
{
    assert(e && f);
    switch (f->type) {
    case ENTRY_FIELD_I32:
    case ENTRY_FIELD_I64:
        return entry_field_number(e, f) != f->absent;
    case ENTRY_FIELD_CODE:
    case ENTRY_FIELD_TEXT:
        return *(const char *)at(e, f->offset) != '\0';
    case ENTRY_FIELD_BYTES:
        return *(const uint16_t *)at(e, f->len_offset) > 0;
    }
    return false;
}

uint64_t entry_present(const struct entry *e)
{
    assert(e);
    uint64_t columns = 0;
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        columns |= (uint64_t)entry_field_present(e, &fields[i]) << fields[i].id;
    return columns;
}

/* A present field: is its value one that may stand there? */
static int check_value(const struct entry *e, const struct entry_field *f, struct diag *reterr)
{
    const char *kind = kinds[e->kind].name;
    switch (f->type) {
    case ENTRY_FIELD_I32:
    case ENTRY_FIELD_I64: {
        int64_t v = entry_field_number(e, f);
        if (v >= f->min && v <= f->max)
            return 0;
        diag_set(reterr, 0, "%s: %s = %" PRId64 ": %" PRId64 " to %" PRId64, kind, f->name, v,
                 f->min, f->max);
        return -EINVAL;
    }
    case ENTRY_FIELD_CODE:
    case ENTRY_FIELD_TEXT: {
        const char *text = at(e, f->offset);
        if (!memchr(text, '\0', f->size)) {
            diag_set(reterr, 0, "%s: %s: at most %zu bytes", kind, f->name, f->size - 1);
            return -EINVAL;
        }
        if (f->type == ENTRY_FIELD_CODE ? text_is_code(text) : utf8_is_clean(text))
            return 0;
        diag_set(reterr, 0, "%s: %s: %s", kind, f->name,
                 f->type == ENTRY_FIELD_CODE ? "printable ASCII without blanks at the ends"
                                             : "UTF-8 text without control characters");
        return -EINVAL;
    }
    case ENTRY_FIELD_BYTES: {
        uint16_t len = *(const uint16_t *)at(e, f->len_offset);
        bool whole = f->id == COLUMN_SHA256; /* a digest is there or not, never in part */
        if (len <= f->size && (!whole || len == f->size))
            return 0;
        diag_set(reterr, 0, "%s: %s has %u bytes: %s %zu", kind, f->name, (unsigned)len,
                 whole ? "exactly" : "at most", f->size);
        return -EINVAL;
    }
    }
    return 0;
}

/* Movements go one way; only an adjustment says by its sign which. */
static int check_qty(const struct entry *e, struct diag *reterr)
{
    if (e->kind == ENTRY_ADJUSTED || e->qty >= 0)
        return 0;
    diag_set(reterr, 0, "%s: qty = %" PRId64 ": more than 0", kinds[e->kind].name, e->qty);
    return -EINVAL;
}

int entry_check(const struct entry *e, struct diag *reterr)
{
    assert(e);
    if (!entry_kind_name(e->kind)) {
        diag_set(reterr, 0, "kind %" PRId32 " is of a newer release", e->kind);
        return -EPROTO;
    }
    if (e->version != 1) {
        diag_set(reterr, 0, "%s: version %" PRId32 " is of a newer release", kinds[e->kind].name,
                 e->version);
        return -EPROTO;
    }
    uint64_t needs = kinds[e->kind].needs;
    uint64_t may = needs | kinds[e->kind].may | GIVEN;
    uint64_t has = entry_present(e);
    for (uint64_t left = has | needs; left != 0; left &= left - 1) {
        const struct entry_field *f = entry_field_of(__builtin_ctzll(left));
        if (!(has >> f->id & 1)) {
            diag_set(reterr, 0, "%s: %s is missing", kinds[e->kind].name, f->name);
            return -EINVAL;
        }
        if (!(may >> f->id & 1)) {
            diag_set(reterr, 0, "%s: %s does not belong there", kinds[e->kind].name, f->name);
            return -EINVAL;
        }
        int err = check_value(e, f, reterr);
        if (err < 0)
            return err;
    }
    return check_qty(e, reterr);
}

bool batch_key_equal(const struct batch_key *a, const struct batch_key *b)
{
    assert(a && b);
    return a->expiry_day == b->expiry_day && a->mrp_paise == b->mrp_paise &&
           strcmp(a->number, b->number) == 0;
}
