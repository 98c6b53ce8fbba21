/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suppliers and what they take back. Terms are the orchestrator's supplier_terms.h, what is left of
 * their quotas its supplier_return.h. */
#include <errno.h>
#include <string.h>

#include "api_handlers.h"
#include "api_order.h"
#include "civil.h"
#include "supplier_return.h"
#include "text.h"

#define VERSIONS_MAX 200

static void write_terms(struct http_json *b, cJSON *to, const struct supplier_terms_row *row)
{
    const struct supplier_terms *t = &row->terms;
    http_json_text(b, to, "brand", t->brand);
    http_json_number(b, to, "version", t->version);
    http_json_bool(b, to, "returnable", t->returnable);
    http_json_number(b, to, "windowFromDays", t->window_from_days);
    http_json_number(b, to, "windowToDays", t->window_to_days);
    http_json_number(b, to, "quotaPermille", t->quota_permille);
    http_json_number(b, to, "quotaUnits", t->quota_units);
    http_json_number(b, to, "quotaPaise", t->quota_paise);
    http_json_number(b, to, "creditPermille", t->credit_permille);
    http_json_text(b, to, "freightBy", t->freight_ours ? "distributor" : "supplier");
    http_json_number(b, to, "freightPaisePerKg", t->freight_paise_kg);
    http_json_number(b, to, "leastClaimPaise", t->least_claim_paise);
    http_json_text(b, to, "route", t->supplied ? "supply" : "credit_note");
    http_json_instant(b, to, "changedAt", row->made_ms);
    http_json_text(b, to, "changedBy", row->made_by);
    http_json_text(b, to, "reason", row->reason);
}

struct writing {
    struct api_call *call;
    const struct catalogue_index *catalogue;
    cJSON *terms;
    bool with_quota;
    int64_t left; /* rows that are still written */
};

static void add_left(struct http_json *b, cJSON *to, const char *name, int64_t left)
{
    if (left == SUPPLIER_NO_LIMIT)
        http_json_null(b, to, name);
    else
        http_json_number(b, to, name, left);
}

/* What the quarter has seen, and leaves. */
static int add_quota(struct writing *w, cJSON *to, const struct supplier_terms *t)
{
    struct http_json *b = &w->call->answer;
    struct supplier_flow seen;
    int err =
        supplier_flow_read(w->call->s, w->catalogue, t, civil_ist_day(w->call->now_ms), "", &seen);
    if (err < 0)
        return err;
    struct supplier_quota left = supplier_quota_left(t, &seen);
    cJSON *quota = http_json_add_object(b, to, "quarter");
    http_json_number(b, quota, "boughtPaise", seen.bought_paise);
    http_json_number(b, quota, "backUnits", seen.back_units);
    http_json_number(b, quota, "backPaise", seen.back_paise);
    add_left(b, quota, "leftUnits", left.units);
    add_left(b, quota, "leftPaise", left.paise);
    return 0;
}

static int add_row(const struct supplier_terms_row *row, void *context)
{
    struct writing *w = context;
    if (w->left-- <= 0)
        return 1;
    cJSON *to = http_json_add_object(&w->call->answer, w->terms, NULL);
    write_terms(&w->call->answer, to, row);
    return w->with_quota ? add_quota(w, to, &row->terms) : 0;
}

static int add_terms(struct writing *w, cJSON *to, const char *name, const char *supplier,
                     bool in_force)
{
    w->terms = http_json_add_array(&w->call->answer, to, name);
    w->with_quota = in_force;
    w->left = VERSIONS_MAX;
    int err = supplier_terms_each(w->call->s, supplier, in_force, add_row, w);
    return err < 0 ? err : 0;
}

static int add_supplier(struct writing *w, cJSON *to, const struct catalogue_party *party)
{
    struct http_json *b = &w->call->answer;
    http_json_text(b, to, "supplier", party->party);
    http_json_text(b, to, "name", party->name);
    http_json_text(b, to, "gstNumber", party->gstin);
    return add_terms(w, to, "terms", party->party, true);
}

int handle_list_suppliers(struct api_call *call)
{
    struct writing w = {.call = call};
    int err = api_catalogue(call, &w.catalogue);
    if (err < 0)
        return err;
    size_t count = 0;
    const struct catalogue_party *parties = catalogue_index_parties(w.catalogue, &count);
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    for (size_t i = 0; i < count && err == 0; i++)
        if (parties[i].kind == PARTY_SUPPLIER)
            err = add_supplier(&w, http_json_add_object(&call->answer, items, NULL), &parties[i]);
    return err;
}

static int answer(struct api_call *call, const char *supplier)
{
    struct writing w = {.call = call};
    int err = api_catalogue(call, &w.catalogue);
    if (err < 0)
        return err;
    const struct catalogue_party *party = catalogue_index_party(w.catalogue, supplier);
    if (!party || party->kind != PARTY_SUPPLIER)
        return api_absent(call, "supplier", supplier);
    err = add_supplier(&w, call->root, party);
    return err < 0 ? err : add_terms(&w, call->root, "versions", supplier, false);
}

int handle_get_supplier_terms(struct api_call *call)
{
    return answer(call, api_arg(call, "supplier"));
}

/* Whether any SKU has the brand; "" is all. */
static int check_brand(struct api_call *call, const char *brand)
{
    const struct catalogue_index *catalogue = NULL;
    int err = api_catalogue(call, &catalogue);
    if (err < 0 || brand[0] == '\0')
        return err;
    size_t count = 0;
    const struct catalogue_sku *skus = catalogue_index_skus(catalogue, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(skus[i].brand, brand) == 0)
            return 0;
    return api_refuse(call, 422, "unknown_brand", "brand", "a brand of the catalogue, or none",
                      "no SKU has that brand");
}

int handle_put_supplier_terms(struct api_call *call)
{
    const char *supplier = api_arg(call, "supplier");
    const char *brand = api_body_text(call, "brand", "");
    int err = order_check_party(call, supplier, PARTY_SUPPLIER, "supplier");
    if (err == 0)
        err = check_brand(call, brand);
    if (err < 0)
        return err;
    struct supplier_terms_change change = {
        .terms = {.returnable =
                      cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(call->body, "returnable")),
                  .window_from_days = (int32_t)api_body_int(call, "windowFromDays", 0),
                  .window_to_days = (int32_t)api_body_int(call, "windowToDays", 0),
                  .quota_permille = api_body_int(call, "quotaPermille", 0),
                  .quota_units = api_body_int(call, "quotaUnits", 0),
                  .quota_paise = api_body_int(call, "quotaPaise", 0),
                  .credit_permille = api_body_int(call, "creditPermille", 0),
                  .freight_ours = strcmp(api_body_text(call, "freightBy", ""), "distributor") == 0,
                  .freight_paise_kg = api_body_int(call, "freightPaisePerKg", 0),
                  .least_claim_paise = api_body_int(call, "leastClaimPaise", 0),
                  .supplied = strcmp(api_body_text(call, "route", ""), "supply") == 0},
        .by = call->actor,
        .reason = api_body_text(call, "reason", ""),
        .cause = call->cause,
        .wall_ms = call->now_ms};
    text_cut(change.terms.supplier, sizeof(change.terms.supplier), supplier);
    text_cut(change.terms.brand, sizeof(change.terms.brand), brand);
    struct diag why = {.line = 0};
    err = supplier_terms_change(call->s, &change, &why);
    if (err == -EINVAL)
        return api_refuse(call, 422, "terms", "", "", "%s", why.text);
    return err < 0 ? err : answer(call, supplier);
}
