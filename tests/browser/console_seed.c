/* SPDX-License-Identifier: Apache-2.0 */
#include "console_seed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_account.h"
#include "chain.h"
#include "civil.h"
#include "documents.h"
#include "entry.h"
#include "entry_codec.h"
#include "event.h"
#include "file_text.h"
#include "text.h"

#define PATH_SIZE 512
#define FILE_MAX (256 << 10)
#define MINUTE_MS 60000

/* ---- users ---- */

static const struct account users[] = {
    {"ravi", "Ravi Deshmukh", ROLE_OWNER, "", CONSOLE_PASSWORD},
    {"anita", "Anita Kulkarni", ROLE_MANAGER, "", CONSOLE_PASSWORD},
    {"vikram", "Vikram Rao", ROLE_MANAGER, "Vidarbha", CONSOLE_PASSWORD},
    {"meena", "Meena Joshi", ROLE_PROCUREMENT, "", CONSOLE_PASSWORD},
    {"farid", "Farid Shaikh", ROLE_FIELD, "", CONSOLE_PASSWORD},
    {"tara", "Tara Iyer", ROLE_TECHNICIAN, "", CONSOLE_PASSWORD},
    {"arun", "Arun Bhat", ROLE_AUDITOR, "", CONSOLE_PASSWORD},
};

static int make_users(struct sql *s, int64_t now_ms)
{
    int err = 0;
    for (size_t i = 0; i < ARRAY_LEN(users) && err == 0; i++)
        err = account_make(s, &users[i], now_ms);
    return err;
}

/* ---- appliances: how many entries are here, how many more it has, when it was last heard ---- */

static const struct appliance {
    const char *device, *site, *release;
    int64_t here, head, heard_min_ago, skew_ms;
} appliances[] = {
    {"ind-1", "IND", "1.3.2", 37, 212, 205, -4200},
    {"nag-1", "NAG", "1.4.0", 64, 64, 0, 120},
    {"pun-1", "PUN", "1.4.0", 51, 51, 17, 900},
};

static int put_entry(struct sql *s, const struct appliance *a, const struct entry *e,
                     struct chain_head *head)
{
    static const char insert[] =
        "INSERT INTO entry(device, epoch, seq, wall_ms, came_ms, kind, worker, sku, batch,"
        " expiry_day, mrp_paise, qty, value_paise, document, line, party, reason, body) VALUES"
        " ($1, 1, $2, $3, $3, $4, 'W02', $5, $6, $7, $8, $9, 0, $10, 1, 'OUT-001', '', $11)";
    uint8_t body[ENTRY_ENCODED_MAX];
    size_t len = entry_encode(e, body);
    *head = chain_next(head, body, len);
    AUTO(sql_query) q = sql_query(s, insert);
    sql_bind_text(q, 1, a->device);
    sql_bind_int(q, 2, e->seq);
    sql_bind_int(q, 3, e->wall_ms);
    sql_bind_int(q, 4, e->kind);
    sql_bind_text(q, 5, e->sku);
    sql_bind_text(q, 6, e->batch.number);
    sql_bind_int(q, 7, e->batch.expiry_day);
    sql_bind_int(q, 8, e->batch.mrp_paise);
    sql_bind_int(q, 9, e->qty);
    sql_bind_text(q, 10, e->document);
    sql_bind_bytes(q, 11, body, len);
    return sql_run(q);
}

static int put_journal(struct sql *s, const struct appliance *a, int64_t heard_ms,
                       struct chain_head *ret)
{
    struct origin origin = {.epoch = 1};
    text_cut(origin.tenant, sizeof(origin.tenant), sql_tenant(s));
    text_cut(origin.device, sizeof(origin.device), a->device);
    *ret = chain_genesis(&origin);
    struct entry e = {.kind = ENTRY_PICKED, .version = 1, .boot = 1, .qty = 12};
    text_cut(e.sku, sizeof(e.sku), "BIS-GLU80");
    text_cut(e.batch.number, sizeof(e.batch.number), "SU5521");
    e.batch.expiry_day = civil_ist_day(heard_ms) + 118;
    e.batch.mrp_paise = 1000;
    int err = 0;
    for (e.seq = 1; e.seq <= a->here && err == 0; e.seq++) {
        e.wall_ms = heard_ms - (a->here - e.seq) * 2 * MINUTE_MS;
        snprintf(e.document, sizeof(e.document), "SO-%lld", (long long)e.seq);
        err = put_entry(s, a, &e, ret);
    }
    return err;
}

static int put_appliance(struct sql *s, const struct appliance *a, int64_t now_ms)
{
    static const char device[] =
        "INSERT INTO device(device, site, shard, epoch, state, certificate, release, wire, head,"
        " floor, last_heard_ms, skew_ms, facts) VALUES ($1, $2, 7, 1, 'active', '', $3, 1, $4, 0,"
        " $5, $6, '{}')";
    static const char watermark[] = "INSERT INTO watermark(device, epoch, wm, head_hash, safe, "
                                    "session, fork_seq, entries_bytes,"
                                    " wire_bytes, batches, first_ms, last_ms) VALUES ($1, 1, $2, "
                                    "$3, $2, 1, 0, $2 * 96, $2 * 13,"
                                    " $2 / 8 + 1, $4 - 86400000, $4)";
    int64_t heard_ms = now_ms - a->heard_min_ago * MINUTE_MS;
    struct chain_head head;
    int err = put_journal(s, a, heard_ms, &head);
    if (err < 0)
        return err;
    AUTO(sql_query) d = sql_query(s, device);
    sql_bind_text(d, 1, a->device);
    sql_bind_text(d, 2, a->site);
    sql_bind_text(d, 3, a->release);
    sql_bind_int(d, 4, a->head);
    sql_bind_int(d, 5, heard_ms);
    sql_bind_int(d, 6, a->skew_ms);
    err = sql_run(d);
    if (err < 0)
        return err;
    AUTO(sql_query) w = sql_query(s, watermark);
    sql_bind_text(w, 1, a->device);
    sql_bind_int(w, 2, a->here);
    sql_bind_bytes(w, 3, head.hash, sizeof(head.hash));
    sql_bind_int(w, 4, heard_ms);
    return sql_run(w);
}

/* ---- the trail ---- */

static const struct happening {
    int64_t min_ago;
    enum event_kind kind;
    const char *type, *actor, *subject, *trace, *body;
} happenings[] = {
    {5760, EVENT_HAPPENED, "DeadStockDetected", "agent:analysis", "sku:NAG:SHA-180", "trace-c4",
     "{\"sku\":\"SHA-180\",\"site\":\"NAG\",\"territory\":\"Vidarbha\",\"deadStockScore\":86,"
     "\"daysWithoutMovement\":118}"},
    {5760, EVENT_HAPPENED, "CaseOpened", "agent:analysis", "case:C4", "trace-c4",
     "{\"site\":\"NAG\",\"sku\":\"SHA-180\",\"riskUnits\":940}"},
    {2880, EVENT_HAPPENED, "ProposalMade", "agent:reallocation", "proposal:P5", "trace-c4",
     "{\"site\":\"NAG\",\"fromSite\":\"NAG\",\"toSite\":\"PUN\",\"units\":480}"},
    {2880, EVENT_HAPPENED, "ApprovalGiven", "user:anita", "proposal:P5", "trace-c4",
     "{\"site\":\"NAG\",\"reason\":\"Pune asked for it\"}"},
    {1440, EVENT_HAPPENED, "TransferLeft", "agent:reallocation", "proposal:P5", "trace-c4",
     "{\"site\":\"NAG\",\"fromSite\":\"NAG\",\"toSite\":\"PUN\",\"units\":480,\"sent\":480,"
     "\"inTransit\":480,\"document\":\"TR-0001\"}"},
    {1440, EVENT_HAPPENED, "CaseChanged", "agent:reallocation", "case:C4", "trace-c4",
     "{\"site\":\"NAG\",\"state\":\"executing\"}"},
    {300, EVENT_AUDIT, "SettingChanged", "user:ravi", "setting:dead.days", "",
     "{\"old\":\"75\",\"new\":\"90\",\"reason\":\"too many false ones\"}"},
    {90, EVENT_HAPPENED, "CaseOpened", "agent:analysis", "case:C1", "trace-c1",
     "{\"site\":\"NAG\",\"sku\":\"OIL-MUS1\",\"riskUnits\":960}"},
    {60, EVENT_HAPPENED, "ProposalMade", "agent:reallocation", "proposal:P1", "trace-c1",
     "{\"site\":\"NAG\",\"toSite\":\"PUN\",\"units\":600}"},
    {59, EVENT_HAPPENED, "CaseChanged", "agent:orchestrator", "case:C1", "trace-c1",
     "{\"site\":\"NAG\",\"state\":\"proposed\"}"},
    {58, EVENT_HAPPENED, "ApprovalWanted", "agent:orchestrator", "proposal:P1", "trace-c1",
     "{\"site\":\"NAG\",\"sku\":\"OIL-MUS1\",\"persons\":1,\"limits\":\"value+units\","
     "\"compliance\":\"compliant\",\"why\":\"600 litres to Pune, beyond 25,000 rupees\"}"},
    {40, EVENT_HAPPENED, "TransferOverdue", "agent:reallocation", "proposal:P5", "trace-c4",
     "{\"site\":\"PUN\",\"sku\":\"SHA-180\",\"why\":\"TR-0001 left Nagpur a day ago\"}"},
    {10, EVENT_HAPPENED, "LetterDead", "agent:monitoring", "agent:monitoring", "",
     "{\"site\":\"IND\",\"why\":\"unknown kind of entry 77\"}"},
};

static int tell(struct sql *s, int64_t now_ms)
{
    int err = 0;
    for (size_t i = 0; i < ARRAY_LEN(happenings) && err >= 0; i++) {
        const struct happening *h = &happenings[i];
        char cause[32];
        snprintf(cause, sizeof(cause), "seed:%zu", i);
        struct event_draft draft = {.kind = h->kind,
                                    .type = h->type,
                                    .version = 1,
                                    .actor = h->actor,
                                    .subject = h->subject,
                                    .cause = cause,
                                    .trace = h->trace,
                                    .body = h->body,
                                    .wall_ms = now_ms - h->min_ago * MINUTE_MS};
        err = event_append(s, &draft, NULL);
    }
    return err < 0 ? err : 0;
}

/* ---- master data and rows ---- */

static int publish(struct sql *s, const char *folder, enum document_type type, int64_t now_ms,
                   struct diag *reterr)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s.csv", folder, document_name(type));
    char *text = NULL;
    size_t len = 0;
    int err = file_text(path, FILE_MAX, &text, &len);
    if (err < 0) {
        diag_set(reterr, 0, "%s: %s", path, strerror(-err));
        return err;
    }
    struct document d = {.scope = DOCUMENTS_EVERYBODY,
                         .type = type,
                         .body = text,
                         .len = len,
                         .made_by = "user:ravi"};
    int64_t version = 0;
    err = documents_publish(s, &d, now_ms, reterr, &version);
    free(text);
    return err;
}

static int run_statement(struct sql *s, const char *text, int64_t now_ms, struct diag *reterr)
{
    AUTO(sql_query) q = sql_query(s, text);
    if (strstr(text, "$1"))
        sql_bind_int(q, 1, now_ms);
    if (strstr(text, "$2"))
        sql_bind_int(q, 2, civil_ist_day(now_ms));
    int err = sql_run(q);
    if (err < 0)
        diag_set(reterr, 0, "%.60s: %s", text, sql_words(s));
    return err;
}

/* The text must outlive the connection, which keeps prepared statements by their address. */
static int run_file(struct sql *s, char *text, int64_t now_ms, struct diag *reterr)
{
    int err = 0;
    for (char *end = NULL; err == 0 && (end = strstr(text, ";\n")); text = end + 2) {
        *end = '\0';
        err = run_statement(s, text, now_ms, reterr);
    }
    return err;
}

static int fill(struct sql *s, const char *folder, char *rows, int64_t now_ms, struct diag *reterr)
{
    int err = publish(s, folder, DOCUMENT_CATALOGUE, now_ms, reterr);
    if (err >= 0)
        err = publish(s, folder, DOCUMENT_PARTIES, now_ms, reterr);
    if (err >= 0)
        err = run_file(s, rows, now_ms, reterr);
    for (size_t i = 0; i < ARRAY_LEN(appliances) && err >= 0; i++)
        err = put_appliance(s, &appliances[i], now_ms);
    if (err >= 0)
        err = tell(s, now_ms);
    return err < 0 ? err : make_users(s, now_ms);
}

int console_seed(struct sql *s, const char *folder, int64_t now_ms, char **ret_rows,
                 struct diag *reterr)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/seed.sql", folder);
    char *rows = NULL;
    size_t len = 0;
    int err = file_text(path, FILE_MAX, &rows, &len);
    if (err < 0) {
        diag_set(reterr, 0, "%s: %s", path, strerror(-err));
        return err;
    }
    *ret_rows = rows;
    err = sql_begin(s, SQL_WRITE);
    if (err == 0)
        err = fill(s, folder, rows, now_ms, reterr);
    if (err < 0) {
        sql_rollback(s);
        return err;
    }
    return sql_commit(s);
}
