/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Master data: the documents that go down to sites, and the SKUs in force. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "documents.h"

#define DOCUMENTS_MAX 500

static const char select_documents[] =
    "SELECT d.type, d.scope, d.version, d.bytes, d.sha256, d.made_ms, d.made_by FROM document d"
    " WHERE d.version = (SELECT max(n.version) FROM document n WHERE n.scope = d.scope AND"
    " n.type = d.type) AND ($1 = '' OR (d.type = $1 AND d.scope = $2)) ORDER BY d.type, d.scope"
    " LIMIT $3";
static const struct api_column document_columns[] = {
    {"type", FIELD_TEXT},  {"scope", FIELD_TEXT},     {"version", FIELD_INT}, {"bytes", FIELD_INT},
    {"sha256", FIELD_HEX}, {"madeAt", FIELD_INSTANT}, {"madeBy", FIELD_TEXT},
};
/* A device without a document of its own has that of "*". */
static const char select_applied[] =
    "SELECT a.device, a.version, a.wall_ms FROM applied a WHERE a.type = $1 AND (a.device = $2 OR"
    " ($2 = '*' AND NOT EXISTS (SELECT 1 FROM document d WHERE d.scope = a.device AND"
    " d.type = $1))) ORDER BY a.device LIMIT $3";
static const struct api_column applied_columns[] = {
    {"device", FIELD_TEXT}, {"version", FIELD_INT}, {"at", FIELD_INSTANT}};

static int add_document(struct api_call *call, cJSON *to, struct sql_query *q)
{
    int err = api_row(call, to, q, document_columns, ARRAY_LEN(document_columns));
    if (err < 0)
        return err;
    AUTO(sql_query) applied = sql_query(call->s, select_applied);
    sql_bind_text(applied, 1, sql_text(q, 0));
    sql_bind_text(applied, 2, sql_text(q, 1));
    sql_bind_int(applied, 3, DOCUMENTS_MAX);
    return api_rows_into(call, to, "applied", applied, applied_columns, ARRAY_LEN(applied_columns));
}

static struct sql_query *query_documents(struct api_call *call, const char *type, const char *scope)
{
    struct sql_query *q = sql_query(call->s, select_documents);
    sql_bind_text(q, 1, type);
    sql_bind_text(q, 2, scope);
    sql_bind_int(q, 3, DOCUMENTS_MAX);
    return q;
}

int handle_list_documents(struct api_call *call)
{
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    AUTO(sql_query) q = query_documents(call, "", "");
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        int err = add_document(call, http_json_add_object(&call->answer, items, NULL), q);
        if (err < 0)
            return err;
    }
    return n;
}

int handle_get_document(struct api_call *call)
{
    static const char select[] = "SELECT version, body FROM document WHERE type = $1 AND scope = $2"
                                 " ORDER BY version DESC LIMIT 1";
    const char *type = api_arg(call, "type");
    if (strcmp(type, "workers") == 0)
        return api_refuse(call, 403, "secret", "type", "", "workers hold hashes of PINs");
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, type);
    sql_bind_text(q, 2, api_arg(call, "scope"));
    int n = sql_step(q);
    if (n <= 0)
        return n < 0 ? n : api_absent(call, "document", type);
    size_t len = 0;
    const void *body = sql_bytes(q, 1, &len);
    char *csv = strndup(body, len);
    if (!csv)
        return -ENOMEM;
    http_json_text(&call->answer, call->root, "type", type);
    http_json_text(&call->answer, call->root, "scope", api_arg(call, "scope"));
    http_json_number(&call->answer, call->root, "version", sql_int(q, 0));
    http_json_text(&call->answer, call->root, "csv", csv);
    free(csv);
    return 0;
}

/* ---- a new version ---- */

struct keys { /* of the rows seen, to find one that stands twice */
    enum document_type type;
    char **texts;
    size_t count, room;
};

static int add_key(struct keys *k, const char *kind, const char *code)
{
    if (k->count == k->room) {
        size_t room = k->room > 0 ? 2 * k->room : 256;
        char **texts = realloc(k->texts, room * sizeof(*texts));
        if (!texts)
            return -ENOMEM;
        k->texts = texts;
        k->room = room;
    }
    if (asprintf(&k->texts[k->count], "%s %s", kind, code) < 0)
        return -ENOMEM;
    k->count++;
    return 0;
}

static int add_sku_keys(struct keys *k, const struct catalogue_sku *sku)
{
    int err = add_key(k, "sku", sku->sku);
    for (size_t i = 0; i < sku->packs_count && err == 0; i++)
        err = sku->packs[i].gtin[0] != '\0' ? add_key(k, "GTIN", sku->packs[i].gtin) : 0;
    return err;
}

static int on_row(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    struct keys *k = context;
    char text[64];
    switch (k->type) {
    case DOCUMENT_CATALOGUE:
        return add_sku_keys(k, record);
    case DOCUMENT_PARTIES:
        return add_key(k, "party", ((const struct catalogue_party *)record)->party);
    case DOCUMENT_BINS:
        return add_key(k, "bin", ((const struct catalogue_bin *)record)->bin);
    case DOCUMENT_WORKERS:
        return add_key(k, "worker", ((const struct catalogue_worker *)record)->worker);
    case DOCUMENT_HISTORY: {
        const struct catalogue_sales *sales = record;
        snprintf(text, sizeof(text), "%s %" PRId32, sales->sku, sales->day);
        return add_key(k, "sku and day", text);
    }
    case DOCUMENT_ORDERS:
    case DOCUMENT_PLAN:
        break;
    }
    return -EINVAL;
}

static int compare_key(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int check_doubles(struct api_call *call, struct keys *k)
{
    if (k->count > 0)
        qsort(k->texts, k->count, sizeof(*k->texts), compare_key);
    for (size_t i = 1; i < k->count; i++) {
        if (strcmp(k->texts[i - 1], k->texts[i]) == 0)
            return api_refuse(call, 422, "document", "csv", "", "%.80s stands twice", k->texts[i]);
    }
    return 0;
}

static int check_csv(struct api_call *call, enum document_type type, const char *csv)
{
    struct keys keys = {.type = type};
    struct diag why = {.line = 0};
    int err = catalogue_read(type, csv, strlen(csv), on_row, &keys, &why);
    if (err == -EINVAL)
        err = api_refuse(call, 422, "document", "csv", "", "line %d: %.150s", why.line, why.text);
    if (err == 0)
        err = check_doubles(call, &keys);
    for (size_t i = 0; i < keys.count; i++)
        free(keys.texts[i]);
    free(keys.texts);
    return err;
}

static int publish(struct api_call *call, enum document_type type, const char *scope,
                   const char *csv)
{
    struct document document = {
        .scope = scope, .type = type, .body = csv, .len = strlen(csv), .made_by = call->actor};
    struct diag why = {.line = 0};
    int64_t version = 0;
    int err = documents_publish(call->s, &document, call->now_ms, &why, &version);
    return err < 0 ? err : 0; /* 1: it is in force already */
}

int handle_put_document(struct api_call *call)
{
    const char *name = api_arg(call, "type");
    const char *scope = api_body_text(call, "scope", "*");
    const char *csv = api_body_text(call, "csv", "");
    enum document_type type;
    int err = document_parse(name, &type);
    if (err == 0)
        err = check_csv(call, type, csv);
    if (err == 0)
        err = publish(call, type, scope, csv);
    if (err < 0)
        return err;
    AUTO(sql_query) q = query_documents(call, name, scope);
    int n = sql_step(q);
    if (n <= 0)
        return n < 0 ? n : -EIO;
    err = add_document(call, call->root, q);
    if (err < 0)
        return err;
    char subject[EVENT_SUBJECT_SIZE];
    char after[96];
    snprintf(subject, sizeof(subject), "document:%s:%s", name, scope);
    snprintf(after, sizeof(after), "{\"version\":%" PRId64 ",\"bytes\":%zu}", sql_int(q, 2),
             strlen(csv));
    struct api_change change = {
        .type = strcmp(name, "catalogue") == 0 ? "PriceChanged" : "DocumentChanged",
        .subject = subject,
        .place = "",
        .why = api_body_text(call, "reason", ""),
        .before = "",
        .after = after,
    };
    return api_audit(call, &change);
}

/* ---- SKUs ---- */

static bool holds(const char *text, const char *part)
{
    return part[0] == '\0' || strcasestr(text, part) != NULL;
}

static void add_sku(struct api_call *call, cJSON *to, const struct catalogue_sku *sku)
{
    static const char *const units[] = {"piece", "g", "ml"};
    struct http_json *b = &call->answer;
    http_json_text(b, to, "sku", sku->sku);
    http_json_text(b, to, "name", sku->name);
    http_json_text(b, to, "nameHi", sku->name_hi);
    http_json_text(b, to, "brand", sku->brand);
    http_json_text(b, to, "category", sku->category);
    http_json_text(b, to, "hsn", sku->hsn);
    http_json_text(b, to, "unit", units[sku->unit]);
    http_json_number(b, to, "shelfLifeDays", sku->shelf_life_days);
    if (api_sees_value(call))
        http_json_number(b, to, "costPaise", sku->cost_paise);
    else
        http_json_null(b, to, "costPaise");
    http_json_number(b, to, "pricePaise", sku->price_paise);
    http_json_number(b, to, "mrpPaise", sku->mrp_paise);
    int64_t case_units = 0;
    for (size_t i = 0; i < sku->packs_count; i++) {
        if (sku->packs[i].level == PACK_CASE)
            case_units = sku->packs[i].units;
    }
    http_json_number(b, to, "caseUnits", case_units);
}

int handle_list_catalogue(struct api_call *call)
{
    const struct catalogue_index *catalogue = NULL;
    int err = api_catalogue(call, &catalogue);
    if (err < 0)
        return err;
    const char *text = api_arg(call, "text");
    const char *category = api_arg(call, "category");
    const char *after = api_arg(call, "after");
    int64_t limit = api_arg_int(call, "limit");
    int64_t shown = 0;
    const char *next = "";
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    size_t count = 0;
    const struct catalogue_sku *skus = catalogue_index_skus(catalogue, &count);
    for (size_t i = 0; i < count && next[0] == '\0'; i++) {
        const struct catalogue_sku *sku = &skus[i];
        if (strcmp(sku->sku, after) <= 0 || (!holds(sku->sku, text) && !holds(sku->name, text)) ||
            (category[0] != '\0' && strcmp(category, sku->category) != 0))
            continue;
        add_sku(call, http_json_add_object(&call->answer, items, NULL), sku);
        if (++shown == limit)
            next = sku->sku;
    }
    http_json_text_or_null(&call->answer, call->root, "next", next);
    http_json_number(&call->answer, call->root, "version",
                     catalogue_index_version(catalogue, DOCUMENT_CATALOGUE));
    return 0;
}
