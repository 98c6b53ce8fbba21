/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the scans that brought goods to the shop that took them, and from one scan to what followed.
 */
#include <errno.h>

#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "text.h"
#include "trace_link.h"

int handle_get_case_trace(struct api_call *call)
{
    static const char select[] =
        "SELECT c.site, c.sku, c.batch, c.expiry_day, c.mrp_paise, c.trace FROM recovery_case c "
        "JOIN"
        " site s ON s.site = c.site WHERE c.case_id = $2 AND ($1 = '' OR replace($1, '+' ||"
        " s.territory || '+', '') <> $1)";
    const char *case_id = api_arg(call, "caseId");
    struct trace_case c = {.case_id = ""};
    {
        AUTO(sql_query) q = sql_query(call->s, select);
        sql_bind_text(q, 1, call->who.territories);
        sql_bind_text(q, 2, case_id);
        int got = sql_step(q);
        if (got <= 0)
            return got < 0 ? got : api_absent(call, "case", case_id);
        c.batch.expiry_day = (int32_t)sql_int(q, 3);
        c.batch.mrp_paise = sql_int(q, 4);
        text_cut(c.case_id, sizeof(c.case_id), case_id);
        sql_copy(q, 0, c.site, sizeof(c.site));
        sql_copy(q, 1, c.sku, sizeof(c.sku));
        sql_copy(q, 2, c.batch.number, sizeof(c.batch.number));
        http_json_text(&call->answer, call->root, "caseId", case_id);
        http_json_text(&call->answer, call->root, "traceId", sql_text(q, 5));
    }
    int err = trace_links_of_case(call, &c);
    return err < 0 ? err : api_add_freshness(call, call->root, c.site);
}

static const char select_entry[] =
    "SELECT e.kind, e.wall_ms, e.came_ms, e.worker, d.site, e.sku, e.batch, e.expiry_day,"
    " e.mrp_paise, e.qty, e.document, e.party, e.reason FROM entry e JOIN device d ON"
    " d.device = e.device JOIN site s ON s.site = d.site WHERE e.device = $2 AND e.epoch = $3 AND"
    " e.seq = $4 AND ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1)";
static const struct api_column entry_columns[] = {
    {"kind", FIELD_SKIP},   {"at", FIELD_INSTANT},     {"cameAt", FIELD_INSTANT},
    {"worker", FIELD_TEXT}, {"site", FIELD_TEXT},      {"sku", FIELD_TEXT},
    {"batch", FIELD_TEXT},  {"expiryDate", FIELD_DAY}, {"mrpPaise", FIELD_INT},
    {"units", FIELD_INT},   {"document", FIELD_TEXT},  {"party", FIELD_TEXT},
    {"reason", FIELD_TEXT},
};

int handle_get_entry_trace(struct api_call *call)
{
    struct trace_entry e = {.epoch = api_arg_int(call, "epoch"),
                            .seq = api_arg_int(call, "sequence")};
    text_cut(e.device, sizeof(e.device), api_arg(call, "device"));
    {
        AUTO(sql_query) q = sql_query(call->s, select_entry);
        sql_bind_text(q, 1, call->who.territories);
        sql_bind_text(q, 2, e.device);
        sql_bind_int(q, 3, e.epoch);
        sql_bind_int(q, 4, e.seq);
        int got = sql_step(q);
        if (got <= 0)
            return got < 0 ? got : api_absent(call, "entry", api_arg(call, "sequence"));
        const char *kind = entry_kind_name((int32_t)sql_int(q, 0));
        http_json_text(&call->answer, call->root, "kind", kind ? kind : "unknown");
        int err = api_row(call, call->root, q, entry_columns, ARRAY_LEN(entry_columns));
        if (err < 0)
            return err;
        sql_copy(q, 4, e.site, sizeof(e.site));
        sql_copy(q, 5, e.sku, sizeof(e.sku));
        sql_copy(q, 6, e.batch.number, sizeof(e.batch.number));
        e.batch.expiry_day = (int32_t)sql_int(q, 7);
        e.batch.mrp_paise = sql_int(q, 8);
        sql_copy(q, 10, e.document, sizeof(e.document));
    }
    int err = trace_add_entry(call, call->root, e.device, e.epoch, e.seq);
    if (err == 0)
        err = trace_links_of_entry(call, &e);
    return err < 0 ? err : api_add_freshness(call, call->root, e.site);
}
