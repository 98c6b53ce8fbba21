/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalogue_index.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Records of one kind, ascending by the code that each begins with. */
struct shelf {
    int64_t version;
    char *records;
    size_t size; /* of a record */
    size_t count;
    size_t room;
};

struct catalogue_index {
    struct shelf skus;
    struct shelf parties;
    struct shelf sites;
};

/* Looked up and ordered by their first bytes: the code stands first in all three. */
_Static_assert(offsetof(struct catalogue_sku, sku) == 0, "code first");
_Static_assert(offsetof(struct catalogue_party, party) == 0, "code first");
_Static_assert(offsetof(struct site, site) == 0, "code first");

static int by_code(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int shelf_put(struct shelf *f, const void *record)
{
    if (f->count == f->room) {
        size_t room = f->room ? 2 * f->room : 64;
        char *more = realloc(f->records, room * f->size);
        if (!more)
            return -ENOMEM;
        f->records = more;
        f->room = room;
    }
    memcpy(f->records + f->count++ * f->size, record, f->size);
    return 0;
}

static void shelf_sort(struct shelf *f)
{
    if (f->count > 0)
        qsort(f->records, f->count, f->size, by_code);
}

static const void *shelf_find(const struct shelf *f, const char *code)
{
    return f->count > 0 ? bsearch(code, f->records, f->count, f->size, by_code) : NULL;
}

static void shelf_swap(struct shelf *into, struct shelf *from)
{
    free(into->records);
    *into = *from;
    *from = (struct shelf){0};
}

/* ---- documents ---- */

static int newest_version(struct sql *s, const char *type, int64_t *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT coalesce(max(version), 0) FROM document"
                     " WHERE scope = '*' AND type = $1");
    sql_bind_text(q, 1, type);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = sql_int(q, 0);
    return 0;
}

static int take_record(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    return shelf_put(context, record);
}

static int read_document(struct sql *s, enum document_type type, struct shelf *f,
                         struct diag *reterr)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT body FROM document WHERE scope = '*' AND type = $1 AND version = $2");
    sql_bind_text(q, 1, document_name(type));
    sql_bind_int(q, 2, f->version);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -EBADMSG;
    size_t len = 0;
    const char *body = sql_bytes(q, 0, &len);
    int err = catalogue_read(type, body, len, take_record, f, reterr);
    if (err == 0)
        shelf_sort(f);
    return err;
}

/* 1: there is a newer one, and it is on the shelf now. */
static int refresh_document(struct sql *s, enum document_type type, struct shelf *shelf,
                            struct diag *reterr)
{
    int64_t version = 0;
    int err = newest_version(s, document_name(type), &version);
    if (err < 0 || version == shelf->version)
        return err;
    struct shelf fresh = {.version = version, .size = shelf->size};
    err = read_document(s, type, &fresh, reterr);
    if (err == 0)
        shelf_swap(shelf, &fresh);
    free(fresh.records);
    return err < 0 ? err : 1;
}

/* ---- sites ---- */

static int read_sites(struct sql *s, struct shelf *f)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT site, name, territory, gstin, state, pincode, latitude_e6,"
                     " longitude_e6, receive_kg FROM site ORDER BY site");
    for (;;) {
        int got = sql_step(q);
        if (got <= 0)
            return got;
        struct site t;
        memset(&t, 0, sizeof(t)); /* padding too: rows are compared by bytes */
        t.state = (int32_t)sql_int(q, 4);
        t.latitude_e6 = sql_int(q, 6);
        t.longitude_e6 = sql_int(q, 7);
        t.receive_kg = sql_int(q, 8);
        sql_copy(q, 0, t.site, sizeof(t.site));
        sql_copy(q, 1, t.name, sizeof(t.name));
        sql_copy(q, 2, t.territory, sizeof(t.territory));
        sql_copy(q, 3, t.gstin, sizeof(t.gstin));
        sql_copy(q, 5, t.pincode, sizeof(t.pincode));
        got = shelf_put(f, &t);
        if (got < 0)
            return got;
    }
}

static int refresh_sites(struct sql *s, struct shelf *shelf)
{
    struct shelf fresh = {.size = shelf->size};
    int err = read_sites(s, &fresh);
    bool changed =
        err == 0 &&
        (fresh.count != shelf->count ||
         (fresh.count > 0 && memcmp(fresh.records, shelf->records, fresh.count * fresh.size) != 0));
    if (changed)
        shelf_swap(shelf, &fresh);
    free(fresh.records);
    return err < 0 ? err : changed;
}

/* ---- the index ---- */

int catalogue_index_open(struct sql *s, struct diag *reterr, struct catalogue_index **ret)
{
    assert(s && ret);
    AUTO(catalogue_index) c = calloc(1, sizeof(*c));
    if (!c)
        return -ENOMEM;
    c->skus.size = sizeof(struct catalogue_sku);
    c->parties.size = sizeof(struct catalogue_party);
    c->sites.size = sizeof(struct site);
    int err = catalogue_index_refresh(c, s, reterr);
    if (err < 0)
        return err;
    *ret = TAKE(c);
    return 0;
}

int catalogue_index_refresh(struct catalogue_index *c, struct sql *s, struct diag *reterr)
{
    assert(c && s);
    int skus = refresh_document(s, DOCUMENT_CATALOGUE, &c->skus, reterr);
    if (skus < 0)
        return skus;
    int parties = refresh_document(s, DOCUMENT_PARTIES, &c->parties, reterr);
    if (parties < 0)
        return parties;
    int sites = refresh_sites(s, &c->sites);
    return sites < 0 ? sites : skus || parties || sites;
}

void catalogue_index_free(struct catalogue_index *c)
{
    if (!c)
        return;
    free(c->skus.records);
    free(c->parties.records);
    free(c->sites.records);
    free(c);
}

int64_t catalogue_index_version(const struct catalogue_index *c, enum document_type type)
{
    assert(c);
    if (type == DOCUMENT_CATALOGUE)
        return c->skus.version;
    return type == DOCUMENT_PARTIES ? c->parties.version : 0;
}

const struct catalogue_sku *catalogue_index_sku(const struct catalogue_index *c, const char *sku)
{
    assert(c && sku);
    return shelf_find(&c->skus, sku);
}

const struct catalogue_party *catalogue_index_party(const struct catalogue_index *c,
                                                    const char *party)
{
    assert(c && party);
    return shelf_find(&c->parties, party);
}

const struct site *catalogue_index_site(const struct catalogue_index *c, const char *site)
{
    assert(c && site);
    return shelf_find(&c->sites, site);
}

static const void *all(const struct shelf *f, size_t *ret_count)
{
    *ret_count = f->count;
    return f->records;
}

const struct catalogue_sku *catalogue_index_skus(const struct catalogue_index *c, size_t *ret_count)
{
    assert(c && ret_count);
    return all(&c->skus, ret_count);
}

const struct catalogue_party *catalogue_index_parties(const struct catalogue_index *c,
                                                      size_t *ret_count)
{
    assert(c && ret_count);
    return all(&c->parties, ret_count);
}

const struct site *catalogue_index_sites(const struct catalogue_index *c, size_t *ret_count)
{
    assert(c && ret_count);
    return all(&c->sites, ret_count);
}
