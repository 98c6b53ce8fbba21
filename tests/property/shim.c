/* SPDX-License-Identifier: Apache-2.0 */
#include "shim.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "civil.h"
#include "entry_json.h"
#include "journal_stock.h"
#include "master.h"
#include "shim_state.h"
#include "text.h"

struct journal_time shim_time(const struct shim *s, int64_t wall_ms)
{
    return (struct journal_time){
        .wall_ms = wall_ms, .mono_ms = wall_ms - s->begun_ms + 1, .boot = 1, .trust = CLOCK_NTP};
}

int shim_open(const char *path, int64_t wall_ms, struct shim **ret)
{
    struct shim *s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    *ret = s; /* also after a failure, for its words */
    s->begun_ms = wall_ms;
    struct journal_conf conf = {
        .path = path, .origin = {"acme", "wh-1", 1}, .site = "Nagpur", .vfs = NULL};
    struct journal_time time = shim_time(s, wall_ms);
    struct journal_opening opening;
    return journal_open(&conf, &time, &opening, &s->why, &s->journal);
}

void shim_close(struct shim *s)
{
    if (!s)
        return;
    station_free(s->station);
    detect_free(s->detect);
    journal_free(s->journal);
    free(s->text);
    free(s);
}

const char *shim_why(const struct shim *s)
{
    return s->why.text;
}

static int set_field(struct entry *e, const char *name, size_t name_len, const char *value,
                     size_t len)
{
    size_t count = 0;
    const struct entry_field *f = entry_fields(&count);
    for (size_t i = 0; i < count; i++, f++) {
        if (strlen(f->name) != name_len || memcmp(f->name, name, name_len) != 0)
            continue;
        char *at = (char *)e + f->offset;
        switch (f->type) {
        case ENTRY_FIELD_I32:
            *(int32_t *)(void *)at = (int32_t)strtol(value, NULL, 10);
            return 0;
        case ENTRY_FIELD_I64:
            *(int64_t *)(void *)at = strtoll(value, NULL, 10);
            return 0;
        case ENTRY_FIELD_CODE:
        case ENTRY_FIELD_TEXT:
            return text_copy_n(at, f->size, value, len);
        case ENTRY_FIELD_BYTES:
            if (len > f->size)
                return -ENAMETOOLONG;
            memcpy(at, value, len);
            *(uint16_t *)(void *)((char *)e + f->len_offset) = (uint16_t)len;
            return 0;
        }
    }
    return -ENOENT;
}

/* "kind<TAB>field=value<TAB>..." of len bytes. */
static int parse_entry(const char *line, size_t len, struct entry *ret)
{
    const char *end = line + len;
    size_t part = strcspn(line, "\t\n");
    char word[32];
    enum entry_kind kind = ENTRY_OPENED;
    int err = text_copy_n(word, sizeof(word), line, part);
    if (err == 0)
        err = entry_kind_parse(word, &kind);
    if (err < 0)
        return err;
    struct entry e = entry_new(kind);
    for (line += part; err == 0 && line < end; line += part) {
        line++;
        part = strcspn(line, "\t\n");
        const char *sign = memchr(line, '=', part);
        if (!sign)
            return -EINVAL;
        size_t name_len = (size_t)(sign - line);
        err = set_field(&e, line, name_len, sign + 1, part - name_len - 1);
    }
    *ret = e;
    return err;
}

int shim_append(struct shim *s, int64_t wall_ms, const char *unit, int64_t *ret_seq)
{
    struct entry entries[JOURNAL_UNIT_MAX];
    size_t n = 0;
    for (const char *line = unit; *line && n < JOURNAL_UNIT_MAX; n++) {
        size_t len = strcspn(line, "\n");
        int err = parse_entry(line, len, &entries[n]);
        if (err < 0) {
            diag_set(&s->why, 0, "no such field, or too long: %.100s", line);
            return err;
        }
        line += len + (line[len] == '\n');
    }
    struct journal_time time = shim_time(s, wall_ms);
    return journal_append(s->journal, &time, entries, n, &s->why, ret_seq);
}

int shim_commit(struct shim *s)
{
    int err = journal_commit(s->journal);
    if (s->detect)
        detect_committed(s->detect, err == 0);
    return err;
}

void shim_rollback(struct shim *s)
{
    journal_rollback(s->journal);
    if (s->detect)
        detect_committed(s->detect, false);
}

int shim_apply(struct shim *s, int64_t wall_ms, const char *type, int32_t version, const char *body)
{
    enum document_type t;
    int err = document_parse(type, &t);
    if (err < 0)
        return err;
    struct journal_time time = shim_time(s, wall_ms);
    return master_apply(s->journal, &time, t, version, body, strlen(body), &s->why);
}

int64_t shim_head(const struct shim *s)
{
    return journal_head(s->journal);
}

int64_t shim_verified(struct shim *s)
{
    int64_t next = 0;
    return journal_verify(s->journal, 1, INT64_MAX, &next);
}

int shim_digest(struct shim *s, uint8_t ret[32])
{
    return journal_fold_digest(s->journal, ret);
}

int shim_rebuild(struct shim *s)
{
    return journal_rebuild(s->journal);
}

/* Tables. */

FILE *shim_begin(struct shim *s, size_t *len)
{
    free(s->text);
    s->text = NULL;
    FILE *out = open_memstream(&s->text, len);
    assert(out);
    return out;
}

const char *shim_end(struct shim *s, FILE *out, int err)
{
    fclose(out);
    if (err >= 0)
        return s->text;
    diag_set(&s->why, 0, "%s", strerror(-err));
    return NULL;
}

static int write_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                       const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    char *line = entry_json(e);
    if (!line)
        return -ENOMEM;
    fprintf(context, "%s\n", line);
    free(line);
    return 0;
}

const char *shim_entries(struct shim *s, int64_t from_seq)
{
    size_t len = 0;
    FILE *out = shim_begin(s, &len);
    return shim_end(s, out, journal_read(s->journal, from_seq, write_entry, out));
}

static void write_key(FILE *out, const char *sku, const struct batch_key *key)
{
    fprintf(out, "%s\t%s\t%" PRId32 "\t%" PRId64, sku, key->number, key->expiry_day,
            key->mrp_paise);
}

static int write_lot(const struct journal_lot *lot, void *context)
{
    write_key(context, lot->batch.sku, &lot->batch.key);
    fprintf(context, "\t%s\t%d\t%" PRId64 "\n", lot->bin, (int)lot->status, lot->qty);
    return 0;
}

const char *shim_lots(struct shim *s)
{
    size_t len = 0;
    FILE *out = shim_begin(s, &len);
    return shim_end(s, out, journal_lots(s->journal, NULL, write_lot, out));
}

static int write_balance(const struct journal_balance *b, void *context)
{
    write_key(context, b->sku, &b->key);
    fprintf(context, "\t%" PRId64 "\t%" PRId64, b->computed, b->held);
    for (int i = ACCOUNT_OPENING; i < ACCOUNT_COUNT; i++)
        fprintf(context, "\t%" PRId64, b->accounts[i]);
    fprintf(context, "\n");
    return 0;
}

const char *shim_balances(struct shim *s)
{
    size_t len = 0;
    FILE *out = shim_begin(s, &len);
    return shim_end(s, out, journal_balances(s->journal, write_balance, out));
}

static int write_reason(const struct journal_reason_row *row, void *context)
{
    fprintf(context, "%s\t%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\n", row->reason, row->worker,
            row->entries, row->qty, row->value_paise);
    return 0;
}

const char *shim_reasons(struct shim *s, const char *kind, int32_t from_day, int32_t to_day)
{
    enum entry_kind k = ENTRY_OPENED;
    int err = entry_kind_parse(kind, &k);
    size_t len = 0;
    FILE *out = shim_begin(s, &len);
    if (err == 0)
        err = journal_reasons(s->journal, k, from_day, to_day, write_reason, out);
    return shim_end(s, out, err);
}

const char *shim_life(struct shim *s, const char *sku)
{
    struct journal_sku_life life;
    int err = journal_sku_life(s->journal, sku, &life);
    size_t len = 0;
    FILE *out = shim_begin(s, &len);
    if (err == 0)
        fprintf(out, "%" PRId64 "\t%" PRId64 "\n", life.sellable, life.on_hand);
    return shim_end(s, out, err);
}

/* Detection. */

int shim_detect_open(struct shim *s, int32_t today, const int64_t terms[6])
{
    detect_free(s->detect);
    s->detect = NULL;
    struct detect_conf conf = detect_conf_default();
    conf.skus_max = 32;
    conf.batches_max = 256;
    conf.dead.grace_days = (uint32_t)terms[0];
    conf.dead.slow_days = (uint32_t)terms[1];
    conf.dead.dead_days = (uint32_t)terms[2];
    conf.dead.dead_velocity_milli = terms[3];
    conf.dead.recovered_velocity_milli = terms[4];
    conf.dead.window_days = (uint32_t)terms[5];
    return detect_open(&conf, s->journal, today, &s->why, &s->detect);
}

int shim_detect_sweep(struct shim *s, int32_t today, int64_t wall_ms)
{
    detect_begin_day(s->detect, today);
    int left = 1;
    while (left > 0) {
        struct journal_time time = shim_time(s, wall_ms);
        left = detect_step(s->detect, &time, 2);
        int err = left < 0 ? left : shim_commit(s);
        if (err < 0)
            return err;
    }
    return 0;
}

int shim_detect_sku(struct shim *s, const char *sku, int64_t wall_ms)
{
    struct journal_time time = shim_time(s, wall_ms);
    return detect_sku(s->detect, sku, &time);
}

static void write_impact(FILE *out, const struct financial_impact *i)
{
    fprintf(out, "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64,
            i->carrying_paise, i->opportunity_paise, i->disposal_paise, i->transport_paise,
            i->total_paise);
}

static int write_sku(const struct detect_sku_score *k, void *context)
{
    FILE *out = context;
    fprintf(out, "%s\t%s\t%s\t%" PRId64 "\t%" PRId64, k->sku, k->category,
            dead_stock_status_name(k->status), k->units, k->landed_paise);
    fprintf(out, "\t%" PRIu32 "\t%" PRIu32 "\t%" PRId64, k->movement.age_days,
            k->movement.idle_days, k->movement.velocity_milli);
    fprintf(out, "\t%d\t%" PRId64 "\t%" PRId64, k->dead.score, k->risk_units, k->risk_paise);
    write_impact(out, &k->impact);
    fprintf(out, "\n");
    return 0;
}

const char *shim_detect_skus(struct shim *s)
{
    size_t len = 0;
    FILE *out = shim_begin(s, &len);
    return shim_end(s, out, detect_skus(s->detect, write_sku, out));
}

static int write_batch(const struct detect_batch *b, void *context)
{
    write_key(context, b->sku, &b->key);
    fprintf(context, "\t%" PRId32 "\t%" PRId64 "\t%" PRId64 "\t%d\t%" PRId64 "\t%" PRId64 "\n",
            b->days_left, b->units, b->landed_paise, b->risk.score, b->risk.at_risk_units,
            b->risk.total_paise);
    return 0;
}

const char *shim_detect_batches(struct shim *s, const char *sku)
{
    size_t len = 0;
    FILE *out = shim_begin(s, &len);
    int err = detect_batches_of(s->detect, sku, write_batch, out);
    return shim_end(s, out, err == -ENOENT ? 0 : err);
}

const char *shim_detect_total(struct shim *s, const char *category_or_null)
{
    struct detect_total t = detect_total(s->detect, category_or_null);
    size_t len = 0;
    FILE *out = shim_begin(s, &len);
    fprintf(
        out,
        "%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64,
        t.skus, t.batches, t.dead_skus, t.slow_skus, t.landed_paise, t.risk_units, t.risk_paise);
    write_impact(out, &t.impact);
    fprintf(out, "\t%" PRId64 "\t%" PRId64 "\n", t.impact.blocked_ml, t.impact.blocked_pallets);
    return shim_end(s, out, 0);
}
