/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_host FOLDER STORE OWNER WORLD.sql: the API on a real store, for tests from outside. It makes
 * the tenants acme and blue with the same ids in both and other figures and names (WORLD.sql, whose
 * @t is the tenant and @n a factor), users of every role, a chained journal, and an authority;
 * prints "port N"; and ends with its standard input. A line "wake TENANT" rings the bell of its
 * streams. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alert.h"
#include "api.h"
#include "api_account.h"
#include "authority.h"
#include "chain.h"
#include "event.h"
#include "event_type.h"
#include "file_text.h"
#include "sql.h"

#define TENANTS 2
#define TEXT_MAX (1 << 20)
#define STATEMENT_MAX 8192
#define STATEMENTS_MAX 256

static const char *const tenants[TENANTS] = {"acme", "blue"};
static const char *const factors[TENANTS] = {"1", "7"};

static void check(int err, const char *what)
{
    if (err >= 0)
        return;
    fprintf(stderr, "api_host: %s: %s\n", what, strerror(-err));
    exit(1);
}

static int64_t now_ms(void *context)
{
    (void)context;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The statement with @t and @n written out; the caller frees. */
static char *write_out(const char *from, const char *tenant, const char *factor)
{
    char *text = calloc(1, STATEMENT_MAX);
    size_t len = 0;
    for (; *from != '\0' && text && len + 40 < STATEMENT_MAX; from++) {
        if (from[0] == '@' && (from[1] == 't' || from[1] == 'n' || from[1] == 'w')) {
            char now[24];
            snprintf(now, sizeof(now), "%" PRId64, now_ms(NULL));
            const char *word = from[1] == 't' ? tenant : from[1] == 'n' ? factor : now;
            len += (size_t)snprintf(text + len, STATEMENT_MAX - len, "%s", word);
            from++;
        } else {
            text[len++] = *from;
        }
    }
    return text;
}

static void run_world(struct sql *s, const char *world, const char *tenant, const char *factor,
                      char *texts[STATEMENTS_MAX], size_t *count)
{
    while (*world != '\0') {
        const char *end = strstr(world, ";\n");
        if (!end)
            break;
        char *one = strndup(world, (size_t)(end - world));
        char *begin = one;
        while (strncmp(begin, "--", 2) == 0 || *begin == '\n') /* comments stand before it */
            begin = *begin == '\n' ? begin + 1 : strchr(begin, '\n') + 1;
        texts[*count] = write_out(begin, tenant, factor);
        free(one);
        AUTO(sql_query) q = sql_query(s, texts[(*count)++]);
        int err = sql_run(q);
        if (err < 0)
            fprintf(stderr, "%s\n%s\n", texts[*count - 1], sql_words(s));
        check(err, "world");
        world = end + 2;
    }
}

static void make_users(struct sql *s)
{
    static const struct account accounts[] = {
        {"owner", "Olga", ROLE_OWNER, "", "correct horse 1"},
        {"manager", "Manu", ROLE_MANAGER, "", "correct horse 1"},
        {"procurement", "Priya", ROLE_PROCUREMENT, "", "correct horse 1"},
        {"field", "Farid", ROLE_FIELD, "", "correct horse 1"},
        {"technician", "Tara", ROLE_TECHNICIAN, "", "correct horse 1"},
        {"auditor", "Anil", ROLE_AUDITOR, "", "correct horse 1"},
        {"agent", "Feed", ROLE_AGENT, "", "correct horse 1"},
        {"north", "Nita", ROLE_MANAGER, "North", "correct horse 1"},
    };
    for (size_t i = 0; i < ARRAY_LEN(accounts); i++)
        check(account_make(s, &accounts[i], now_ms(NULL)), "user");
}

struct scan {
    int64_t kind;
    const char *sku, *batch;
    int64_t expiry_day, mrp_paise, qty;
    const char *document;
};

/* Entries of a device, chained as ingest chains them; their bodies are any bytes. */
static void make_journal(struct sql *s, const char *tenant, const char *device,
                         const struct scan *scans, int64_t n)
{
    static const char insert_entry[] =
        "INSERT INTO entry(device, epoch, seq, wall_ms, came_ms, kind, worker, sku, batch,"
        " expiry_day, mrp_paise, qty, value_paise, document, line, party, reason, body) VALUES"
        " ($1, 1, $2, $3, $3, $4, 'W01', $5, $6, $7, $8, $9, 7000, $10, 0, '', '', $11)";
    static const char insert_mark[] =
        "INSERT INTO watermark(device, epoch, wm, head_hash, safe, session, fork_seq,"
        " entries_bytes, wire_bytes, batches, first_ms, last_ms) VALUES($1, 1, $2, $3, $2, 1, 0,"
        " 300, 60, 1, $4, $4)";
    struct origin origin = {.epoch = 1};
    snprintf(origin.tenant, sizeof(origin.tenant), "%s", tenant);
    snprintf(origin.device, sizeof(origin.device), "%s", device);
    struct chain_head head = chain_genesis(&origin);
    for (int64_t seq = 1; seq <= n; seq++) {
        const struct scan *scan = &scans[seq - 1];
        char body[64];
        int len = snprintf(body, sizeof(body), "%s entry %" PRId64, tenant, seq);
        head = chain_next(&head, body, (size_t)len);
        AUTO(sql_query) q = sql_query(s, insert_entry);
        sql_bind_text(q, 1, device);
        sql_bind_int(q, 2, seq);
        sql_bind_int(q, 3, now_ms(NULL) - 60000);
        sql_bind_int(q, 4, scan->kind);
        sql_bind_text(q, 5, scan->sku);
        sql_bind_text(q, 6, scan->batch);
        sql_bind_int(q, 7, scan->expiry_day);
        sql_bind_int(q, 8, scan->mrp_paise);
        sql_bind_int(q, 9, scan->qty);
        sql_bind_text(q, 10, scan->document);
        sql_bind_bytes(q, 11, body, (size_t)len);
        check(sql_run(q), "entry");
    }
    AUTO(sql_query) q = sql_query(s, insert_mark);
    sql_bind_text(q, 1, device);
    sql_bind_int(q, 2, n);
    sql_bind_bytes(q, 3, head.hash, sizeof(head.hash));
    sql_bind_int(q, 4, now_ms(NULL) - 60000);
    check(sql_run(q), "watermark");
}

static void make_journals(struct sql *s, const char *tenant)
{
    static const struct scan at_1[] = {{11, "BISC-80", "L1", 21000, 1000, 10, "D"},
                                       {13, "BISC-80", "L1", 21000, 1000, 10, "D"},
                                       {19, "BISC-80", "L1", 21000, 1000, 10, "D"},
                                       {16, "TEA-250", "T1", 21200, 12500, 5, "TR-1"}};
    static const struct scan at_2[] = {{15, "TEA-250", "T1", 21200, 12500, 5, "TR-1"}};
    make_journal(s, tenant, "wh-2", at_2, ARRAY_LEN(at_2));
    make_journal(s, tenant, "wh-1", at_1, ARRAY_LEN(at_1));
}

static void make_events(struct sql *s, const char *tenant)
{
    static const struct {
        const char *type, *subject, *body, *cause;
    } events[] = {
        {EVENT_CASE_OPENED, "case:C1", "{\"case\":\"C1\",\"site\":\"WH-1\"}", "day:1"},
        {EVENT_DEAD_STOCK_DETECTED, "sku:BISC-80",
         "{\"sku\":\"BISC-80\",\"territory\":\"North\",\"deadStockScore\":90}", "day:1"},
        {EVENT_COMPLIANCE_VIOLATION, "proposal:P1",
         "{\"rule\":\"expired\",\"subject\":\"proposal:P1\",\"severity\":\"critical\","
         "\"blocking\":true,\"evidence\":\"past its date\",\"territory\":\"South\"}",
         "day:1"},
        {EVENT_INVENTORY_UPDATED, "sku:WH-1:BISC-80",
         "{\"sku\":\"BISC-80\",\"territory\":\"North\",\"batch\":\"L1\"}", "entry:wh-1:1:1"},
        {EVENT_ALERT_RAISED, "alert:surge:1", "{\"site\":\"WH-1\"}", "entry:wh-1:1:1"},
        {EVENT_CASE_CHANGED, "case:C1",
         "{\"case\":\"C1\",\"site\":\"WH-1\",\"state\":\"assessed\"}", "event:5>assessed"},
        {EVENT_CASE_CHANGED, "case:C2", "{\"case\":\"C2\",\"site\":\"WH-2\"}", "entry:wh-1:1:10"},
    };
    for (size_t i = 0; i < ARRAY_LEN(events); i++) {
        struct event_draft draft = {
            .kind = EVENT_HAPPENED,
            .type = events[i].type,
            .version = 1,
            .actor = "agent:analysis",
            .subject = events[i].subject,
            .cause = events[i].cause,
            .trace = tenant,
            .body = events[i].body,
            .wall_ms = now_ms(NULL),
        };
        check(event_append(s, &draft, NULL), "event");
    }
    struct alert alert = {.id = "negative_stock:WH-1:BISC-80:1",
                          .type = "negative_stock",
                          .severity = ALERT_HIGH,
                          .site = "WH-1",
                          .sku = "BISC-80",
                          .message = "The books of WH-1 say -3.",
                          .action = "Count the bin.",
                          .cause = "day:1",
                          .trace = tenant,
                          .at_ms = now_ms(NULL)};
    check(alert_raise(s, &alert, "agent:monitoring"), "alert");
}

static void make_tenant(const char *store, const char *owner, const char *world, size_t i)
{
    struct diag why = {.line = 0};
    struct sql *s = NULL;
    int err = sql_tenant_create(owner, tenants[i], &why);
    if (err == 0)
        err = sql_open(store, tenants[i], &why, &s);
    check(err, why.text);
    char *texts[STATEMENTS_MAX];
    size_t count = 0;
    check(sql_begin(s, SQL_WRITE), "begin");
    run_world(s, world, tenants[i], factors[i], texts, &count);
    make_users(s);
    make_journals(s, tenants[i]);
    make_events(s, tenants[i]);
    check(sql_commit(s), "commit");
    sql_free(s);
    for (size_t t = 0; t < count; t++)
        free(texts[t]);
}

static void put_file(const char *folder, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *out = fopen(path, "we");
    if (!out || fputs(text, out) < 0 || fclose(out) != 0)
        check(-EIO, path);
}

/* A root, and an authority under it for each tenant. */
static void make_authorities(const char *folder)
{
    char path[512];
    char name[64];
    snprintf(path, sizeof(path), "%s/root.key.pem", folder);
    AUTO(key) root_key = NULL;
    check(key_open(path, &root_key), "key");
    static char root[CERTIFICATE_PEM_SIZE];
    int64_t now = now_ms(NULL);
    check(authority_root(root_key, "test root", now - 1000, now + INT64_C(864000000), root),
          "root");
    put_file(folder, "root.pem", root);
    for (size_t i = 0; i < TENANTS; i++) {
        snprintf(path, sizeof(path), "%s/%s.key.pem", folder, tenants[i]);
        AUTO(key) key = NULL;
        check(key_open(path, &key), "key");
        static char request[CERTIFICATE_REQUEST_SIZE];
        static char pem[CERTIFICATE_PEM_SIZE];
        check(certificate_request(key, tenants[i], request), "request");
        struct authority_order order = {.role = AUTHORITY_TENANT,
                                        .name = tenants[i],
                                        .request = request,
                                        .from_ms = now - 1000,
                                        .to_ms = now + INT64_C(864000000)};
        check(authority_issue(root_key, root, &order, pem), "authority");
        snprintf(name, sizeof(name), "%s.chain.pem", tenants[i]);
        put_file(folder, name, pem);
    }
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("usage: api_host FOLDER STORE OWNER WORLD.sql\n", stderr);
        return 2;
    }
    const char *folder = argv[1];
    char *world = NULL;
    size_t len = 0;
    check(file_text(argv[4], TEXT_MAX, &world, &len), argv[4]);
    for (size_t i = 0; i < TENANTS; i++)
        make_tenant(argv[2], argv[3], world, i);
    free(world);
    make_authorities(folder);
    char secret[512];
    snprintf(secret, sizeof(secret), "%s/secret", folder);
    struct api_conf conf = {
        .address = "127.0.0.1",
        .host_name = "",
        .certificate_file = "",
        .key_file = "",
        .store = argv[2],
        .secret_file = secret,
        .metrics_token = "metrics-token",
        .release = "test",
        .authority_folder = folder,
        .brokers = {"127.0.0.1:8883"},
        .user_per_s = 10000,
        .tenant_per_s = 10000,
        .beat_ms = 500,
        .now_ms = now_ms,
    };
    struct diag why = {.line = 0};
    AUTO(api) api = NULL;
    check(api_open(&conf, &why, &api), why.text);
    printf("port %u\n", (unsigned)api_port(api));
    fflush(stdout);
    char line[128];
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "wake ", 5) == 0)
            api_wake(api, line + 5);
    }
    return 0;
}
