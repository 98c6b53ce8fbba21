/* SPDX-License-Identifier: Apache-2.0 */
/* A document's rows are kept as CSV in the order of this release's columns, with the header under
 * which they were written; a look-up reads its row with the same reader that checked it. So there
 * is one description of the columns, and a later release reads rows of an earlier one. */
#include "master.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "journal_state.h"
#include "sha256.h"

enum code_space { CODE_GTIN, CODE_INSTORE };

union record {
    struct catalogue_sku sku;
    struct catalogue_party party;
    struct catalogue_bin bin;
    struct catalogue_worker worker;
    struct catalogue_order_line order;
    struct catalogue_sales sales;
};

/* Applying. */

struct applying {
    struct db *db;
    enum document_type type;
};

/* By what a row is found. */
struct row_key {
    const char *key;
    int32_t line;
    int32_t due_day;
    char find[2 * CATALOGUE_NAME_SIZE + CATALOGUE_WORD_SIZE + ENTRY_SKU_SIZE];
};

static struct row_key key_of(enum document_type type, const union record *r)
{
    struct row_key k = {.key = ""};
    switch (type) {
    case DOCUMENT_CATALOGUE:
        k.key = r->sku.sku;
        /* A newline cannot be searched for, so no match spans two of them. */
        snprintf(k.find, sizeof(k.find), "%s\n%s\n%s\n%s", r->sku.sku, r->sku.name, r->sku.name_hi,
                 r->sku.brand);
        break;
    case DOCUMENT_PARTIES:
        k.key = r->party.party;
        break;
    case DOCUMENT_BINS:
        k.key = r->bin.bin;
        break;
    case DOCUMENT_WORKERS:
        k.key = r->worker.worker;
        break;
    case DOCUMENT_ORDERS:
    case DOCUMENT_PLAN:
        k.key = r->order.document;
        k.line = r->order.line;
        k.due_day = r->order.due_day;
        break;
    case DOCUMENT_HISTORY:
        break; /* has a table of its own: it is summed, not looked up */
    }
    return k;
}

static int put_code(struct db *db, enum code_space space, const char *code, const char *sku,
                    struct diag *reterr)
{
    if (code[0] == '\0')
        return 0;
    AUTO(query) q = query_of(db, "INSERT INTO master_code(space, code, sku) VALUES(?1, ?2, ?3)");
    query_int(q, 1, space);
    query_text(q, 2, code);
    query_text(q, 3, sku);
    int err = query_run(q);
    if (err != -EEXIST)
        return err;
    diag_set(reterr, 0, "%s = \"%s\": another pack or SKU has it already",
             space == CODE_GTIN ? "gtin" : "instore_item", code);
    return -EINVAL;
}

static int put_codes(struct db *db, const struct catalogue_sku *sku, struct diag *reterr)
{
    int err = put_code(db, CODE_INSTORE, sku->instore_item, sku->sku, reterr);
    for (size_t i = 0; err == 0 && i < sku->packs_count; i++)
        err = put_code(db, CODE_GTIN, sku->packs[i].gtin, sku->sku, reterr);
    return err;
}

static int put_sales(struct db *db, const struct catalogue_sales *s, struct diag *reterr)
{
    AUTO(query) q = query_of(db, "INSERT INTO history(sku, day, units) VALUES(?1, ?2, ?3)");
    query_text(q, 1, s->sku);
    query_int(q, 2, s->day);
    query_int(q, 3, s->units);
    int err = query_run(q);
    if (err != -EEXIST)
        return err;
    char day[CIVIL_TEXT_SIZE];
    diag_set(reterr, 0, "sku \"%s\", day %s appears twice", s->sku, civil_format(s->day, day));
    return -EINVAL;
}

static int put_row(const void *record, void *context, struct diag *reterr)
{
    const struct applying *a = context;
    if (a->type == DOCUMENT_HISTORY)
        return put_sales(a->db, record, reterr);
    struct row_key k = key_of(a->type, record);
    char text[CATALOGUE_ROW_MAX];
    catalogue_write(a->type, record, text);
    AUTO(query)
    q = query_of(a->db, "INSERT INTO master(type, key, line, due_day, record, find)"
                        " VALUES(?1, ?2, ?3, ?4, ?5, lower(?6))");
    query_int(q, 1, a->type);
    query_text(q, 2, k.key);
    query_int(q, 3, k.line);
    query_int(q, 4, k.due_day);
    query_text(q, 5, text);
    query_text(q, 6, k.find);
    int err = query_run(q);
    if (err == -EEXIST) {
        if (a->type == DOCUMENT_ORDERS || a->type == DOCUMENT_PLAN)
            diag_set(reterr, 0, "document \"%s\", line %d appears twice", k.key, (int)k.line);
        else
            diag_set(reterr, 0, "\"%s\" appears twice", k.key);
        return -EINVAL;
    }
    return err == 0 && a->type == DOCUMENT_CATALOGUE ? put_codes(a->db, record, reterr) : err;
}

static int clear(struct db *db, enum document_type type)
{
    {
        AUTO(query) q = query_of(db, "DELETE FROM master WHERE type = ?1");
        query_int(q, 1, type);
        int err = query_run(q);
        if (err < 0)
            return err;
    }
    if (type != DOCUMENT_CATALOGUE && type != DOCUMENT_HISTORY)
        return 0;
    AUTO(query)
    q = query_of(db,
                 type == DOCUMENT_CATALOGUE ? "DELETE FROM master_code" : "DELETE FROM history");
    return query_run(q);
}

static int put_document(struct db *db, enum document_type type, int32_t version,
                        const uint8_t digest[SHA256_SIZE])
{
    char header[CATALOGUE_ROW_MAX];
    catalogue_write_header(type, header);
    AUTO(query)
    q = query_of(db, "INSERT INTO document(type, version, sha256, header)"
                     " VALUES(?1, ?2, ?3, ?4) ON CONFLICT(type) DO UPDATE"
                     " SET version = ?2, sha256 = ?3, header = ?4");
    query_int(q, 1, type);
    query_int(q, 2, version);
    query_blob(q, 3, digest, SHA256_SIZE);
    query_text(q, 4, header);
    return query_run(q);
}

/* 1 when that version with those bytes is in force. */
static int in_force(struct db *db, enum document_type type, int32_t version,
                    const uint8_t digest[SHA256_SIZE])
{
    AUTO(query)
    q = query_of(db, "SELECT 1 FROM document WHERE type = ?1 AND version = ?2 AND sha256 = ?3");
    query_int(q, 1, type);
    query_int(q, 2, version);
    query_blob(q, 3, digest, SHA256_SIZE);
    return query_step(q);
}

int master_apply(struct journal *j, const struct journal_time *time, enum document_type type,
                 int32_t version, const char *body, size_t len, struct diag *reterr)
{
    assert(j && time && (body || len == 0));
    if (version <= 0) {
        diag_set(reterr, 0, "version %d: 1 or more", (int)version);
        return -EINVAL;
    }
    struct entry applied = entry_new(ENTRY_APPLIED);
    snprintf(applied.document, sizeof(applied.document), "%s", document_name(type));
    applied.line = version;
    sha256(body, len, applied.sha256);
    applied.sha256_len = SHA256_SIZE;
    int known = in_force(j->db, type, version, applied.sha256);
    if (known != 0)
        return known < 0 ? journal_failed(reterr, known, "reading the version") : -EEXIST;

    struct journal_tip before;
    int err = journal_unit_begin(j, &before, reterr);
    if (err < 0)
        return err;
    struct diag why = {0};
    err = clear(j->db, type);
    if (err == 0)
        err = catalogue_read(type, body, len, put_row, &(struct applying){j->db, type}, &why);
    if (err == -EINVAL && reterr)
        *reterr = why;
    else if (err < 0)
        journal_failed(reterr, err, "writing the document");
    if (err == 0 && (err = put_document(j->db, type, version, applied.sha256)) < 0)
        journal_failed(reterr, err, "writing the document");
    if (err == 0)
        err = journal_unit_add(j, time, &applied, 1, reterr);
    return journal_unit_end(j, err, &before, reterr);
}

/* Looking up. */

int master_version(struct journal *j, enum document_type type, int32_t *ret_version)
{
    assert(j && ret_version);
    AUTO(query) q = query_of(j->db, "SELECT version FROM document WHERE type = ?1");
    query_int(q, 1, type);
    int got = query_step(q);
    if (got < 0)
        return got;
    *ret_version = got > 0 ? (int32_t)query_get_int(q, 0) : 0;
    return 0;
}

struct copying {
    void *record;
    size_t size;
};

static int copy_record(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    const struct copying *c = context;
    memcpy(c->record, record, c->size);
    return 0;
}

/* The record of the present row: columns 0 header, 1 row. A row that was accepted once and is not
 * now is damage. */
static int read_record(struct query *q, enum document_type type, void *ret)
{
    char text[2 * CATALOGUE_ROW_MAX];
    size_t header_len = 0;
    size_t row_len = 0;
    const char *header = query_get_text(q, 0, &header_len);
    const char *row = query_get_text(q, 1, &row_len);
    int err = query_get_failed(q);
    if (err < 0)
        return err;
    if (header_len + row_len + 1 > sizeof(text))
        return -EBADMSG;
    memcpy(text, header, header_len);
    text[header_len] = '\n';
    memcpy(text + header_len + 1, row, row_len);
    struct copying c = {ret, catalogue_record_size(type)};
    err = catalogue_read(type, text, header_len + 1 + row_len, copy_record, &c, NULL);
    return err == -EINVAL ? -EBADMSG : err;
}

static int find(struct journal *j, enum document_type type, const char *key, void *ret)
{
    AUTO(query)
    q = query_of(j->db, "SELECT d.header, m.record FROM master m"
                        " JOIN document d ON d.type = m.type"
                        " WHERE m.type = ?1 AND m.key = ?2");
    query_int(q, 1, type);
    query_text(q, 2, key);
    int got = query_step(q);
    if (got <= 0)
        return got;
    int err = read_record(q, type, ret);
    return err < 0 ? err : 1;
}

int master_sku(struct journal *j, const char *sku, struct catalogue_sku *ret)
{
    assert(j && sku && ret);
    return find(j, DOCUMENT_CATALOGUE, sku, ret);
}

int master_party(struct journal *j, const char *party, struct catalogue_party *ret)
{
    assert(j && party && ret);
    return find(j, DOCUMENT_PARTIES, party, ret);
}

int master_bin(struct journal *j, const char *bin, struct catalogue_bin *ret)
{
    assert(j && bin && ret);
    return find(j, DOCUMENT_BINS, bin, ret);
}

int master_worker(struct journal *j, const char *worker, struct catalogue_worker *ret)
{
    assert(j && worker && ret);
    return find(j, DOCUMENT_WORKERS, worker, ret);
}

static int find_code(struct journal *j, enum code_space space, const char *code,
                     struct catalogue_sku *ret)
{
    AUTO(query)
    q = query_of(j->db, "SELECT d.header, m.record FROM master_code c"
                        " JOIN master m ON m.type = ?3 AND m.key = c.sku"
                        " JOIN document d ON d.type = m.type"
                        " WHERE c.space = ?1 AND c.code = ?2");
    query_int(q, 1, space);
    query_text(q, 2, code);
    query_int(q, 3, DOCUMENT_CATALOGUE);
    int got = query_step(q);
    if (got <= 0)
        return got;
    int err = read_record(q, DOCUMENT_CATALOGUE, ret);
    return err < 0 ? err : 1;
}

int master_gtin(struct journal *j, const char *gtin14, struct catalogue_sku *ret, size_t *ret_pack)
{
    assert(j && gtin14 && ret && ret_pack);
    struct catalogue_sku sku;
    int got = find_code(j, CODE_GTIN, gtin14, &sku);
    if (got <= 0)
        return got;
    for (size_t i = 0; i < sku.packs_count; i++)
        if (strcmp(sku.packs[i].gtin, gtin14) == 0) {
            *ret = sku;
            *ret_pack = i;
            return 1;
        }
    return -EBADMSG; /* the index names a SKU that does not have the code */
}

int master_instore(struct journal *j, const char *item, struct catalogue_sku *ret)
{
    assert(j && item && ret);
    return find_code(j, CODE_INSTORE, item, ret);
}

static int walk(struct query *q, enum document_type type, catalogue_row_fn on_row, void *context)
{
    int got = 0;
    while ((got = query_step(q)) > 0) {
        union record record;
        int err = read_record(q, type, &record);
        if (err < 0)
            return err;
        int stop = on_row(&record, context, NULL);
        if (stop != 0)
            return stop;
    }
    return got;
}

int master_each(struct journal *j, enum document_type type, catalogue_row_fn on_row, void *context)
{
    assert(j && on_row);
    AUTO(query)
    q = query_of(j->db, "SELECT d.header, m.record FROM master m"
                        " JOIN document d ON d.type = m.type WHERE m.type = ?1"
                        " ORDER BY m.due_day, m.key, m.line");
    query_int(q, 1, type);
    return walk(q, type, on_row, context);
}

int master_order(struct journal *j, const char *document, catalogue_row_fn on_line, void *context)
{
    assert(j && document && on_line);
    AUTO(query)
    q = query_of(j->db, "SELECT d.header, m.record FROM master m"
                        " JOIN document d ON d.type = m.type"
                        " WHERE m.key = ?3 AND m.type = (SELECT max(type) FROM master"
                        "  WHERE type IN (?1, ?2) AND key = ?3)"
                        " ORDER BY m.line");
    query_int(q, 1, DOCUMENT_ORDERS);
    query_int(q, 2, DOCUMENT_PLAN);
    query_text(q, 3, document);
    return walk(q, DOCUMENT_ORDERS, on_line, context);
}

int master_orders(struct journal *j, catalogue_row_fn on_line, void *context)
{
    assert(j && on_line);
    AUTO(query)
    q = query_of(j->db, "SELECT d.header, m.record FROM master m"
                        " JOIN document d ON d.type = m.type"
                        " WHERE m.type = ?2 OR (m.type = ?1 AND NOT EXISTS(SELECT 1 FROM master p"
                        "  WHERE p.type = ?2 AND p.key = m.key))"
                        " ORDER BY m.due_day, m.key, m.line");
    query_int(q, 1, DOCUMENT_ORDERS);
    query_int(q, 2, DOCUMENT_PLAN);
    return walk(q, DOCUMENT_ORDERS, on_line, context);
}

int master_search(struct journal *j, const char *text, struct catalogue_sku *ret, size_t max)
{
    assert(j && text && ret && max <= INT32_MAX);
    AUTO(query)
    q = query_of(j->db, "SELECT d.header, m.record FROM master m"
                        " JOIN document d ON d.type = m.type"
                        " WHERE m.type = ?1 AND instr(m.find, lower(?2)) > 0"
                        " ORDER BY m.key LIMIT ?3");
    query_int(q, 1, DOCUMENT_CATALOGUE);
    query_text(q, 2, text);
    query_int(q, 3, (int64_t)max);
    int n = 0;
    int got = 0;
    while ((got = query_step(q)) > 0) {
        int err = read_record(q, DOCUMENT_CATALOGUE, &ret[n]);
        if (err < 0)
            return err;
        n++;
    }
    return got < 0 ? got : n;
}

int master_history(struct journal *j, const char *sku, int32_t from_day, int32_t to_day,
                   int64_t *units, int32_t *ret_first_day)
{
    assert(j && sku && from_day <= to_day && units && ret_first_day);
    int32_t first = CIVIL_NONE;
    {
        AUTO(query) q = query_of(j->db, "SELECT min(day) FROM history");
        int got = query_step(q);
        if (got < 0)
            return got;
        if (got > 0 && !query_get_null(q, 0))
            first = (int32_t)query_get_int(q, 0);
    }
    AUTO(query)
    q = query_of(j->db, "SELECT day, units FROM history WHERE sku = ?1 AND day BETWEEN ?2 AND ?3");
    query_text(q, 1, sku);
    query_int(q, 2, from_day);
    query_int(q, 3, to_day);
    int got = 0;
    while ((got = query_step(q)) > 0)
        units[query_get_int(q, 0) - from_day] += query_get_int(q, 1);
    if (got == 0)
        *ret_first_day = first;
    return got;
}
