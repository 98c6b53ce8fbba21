/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever an appliance with a good certificate publishes: its own journal's rows are 1..wm, which
 * never falls, and another's rows are not touched. The first byte chooses the topic. */
#include <ftw.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "chain.h"
#include "entry_codec.h"
#include "ingest.h"
#include "projection.h"
#include "wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ENTRIES 3 /* of the other's journal */

static struct sql *store;
static struct ingest *subject;
static char folder[] = "/tmp/vyapar-fuzz-XXXXXX";
static uint8_t other_head[SHA256_SIZE];
static int64_t last_wm;

static void require(bool fine)
{
    if (!fine)
        abort();
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static void clean(void)
{
    ingest_free(subject);
    sql_free(store);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void on_reply(const char *topic, const void *bytes, size_t len, void *context)
{
    (void)context;
    require(strncmp(topic, "d/fuzz.", 7) == 0 && bytes && len > 0);
}

static void on_alarm(const char *device, const char *words, void *context)
{
    (void)context;
    require(device && words[0] != '\0');
}

static int64_t give(const char *topic, const uint8_t *bytes, size_t len)
{
    static int64_t mono_ms;
    const struct ingest_listener listener = {on_reply, on_alarm, NULL};
    const struct ingest_message message = {topic, bytes, len};
    return ingest_take(subject, &message, 1, INT64_C(1800000000000), mono_ms += 1000, &listener);
}

static void other_speaks(void)
{
    struct entry entries[ENTRIES];
    struct batch_head head = {.wire = WIRE_VERSION,
                              .origin = {.tenant = "fuzz", .device = "wh-2", .epoch = 1},
                              .session = 65537,
                              .first_seq = 1,
                              .count = ENTRIES};
    struct chain_head chain = chain_genesis(&head.origin);
    for (int i = 0; i < ENTRIES; i++) {
        uint8_t raw[ENTRY_ENCODED_MAX];
        entries[i] = entry_new(ENTRY_RECEIVED);
        entries[i].seq = i + 1;
        entries[i].qty = 10;
        strcpy(entries[i].sku, "TEA");
        strcpy(entries[i].bin, "A-01");
        chain = chain_next(&chain, raw, entry_encode(&entries[i], raw));
    }
    memcpy(head.head_hash, chain.hash, sizeof(head.head_hash));
    memcpy(other_head, chain.hash, sizeof(other_head));
    struct batch_encoder *x = NULL;
    const uint8_t *bytes = NULL;
    size_t len = 0;
    require(batch_encoder_new(&x) == 0);
    require(batch_encode(x, BATCH_ZSTD, &head, entries, &bytes, &len) == 0);
    require(give("u/7/fuzz.wh-2/e", bytes, len) == ENTRIES);
    batch_encoder_free(x);
}

static void set_up(void)
{
    char address[64];
    struct diag why;
    require(mkdtemp(folder) != NULL);
    snprintf(address, sizeof(address), "sqlite:%s", folder);
    require(sql_tenant_create(address, "fuzz", &why) == 0);
    require(sql_open(address, "fuzz", &why, &store) == 0);
    require(sql_begin(store, SQL_WRITE) == 0);
    {
        AUTO(sql_query)
        q = sql_query(store, "INSERT INTO device(device, site, shard, epoch, state, certificate,"
                             " release, wire, head, floor, last_heard_ms, skew_ms, facts) VALUES"
                             "('wh-1', 'nagpur', 7, 2, 'claimed', '', '', 0, 0, 0, 0, 0, ''),"
                             "('wh-2', 'pune', 7, 1, 'claimed', '', '', 0, 0, 0, 0, 0, '')");
        require(sql_run(q) == 0);
    }
    require(sql_commit(store) == 0);
    require(projection_ensure(store) == 1);
    const struct ingest_conf conf = {.safe = INGEST_SAFE_COMMIT, .window = 8};
    require(ingest_open(store, &conf, &subject) == 0);
    other_speaks();
    atexit(clean);
}

static int64_t number(const char *text)
{
    AUTO(sql_query) q = sql_query(store, text);
    require(sql_step(q) == 1);
    return sql_int(q, 0);
}

static void look(void)
{
    require(sql_begin(store, SQL_READ) == 0);
    require(number("SELECT count(*) FROM watermark w WHERE w.wm <> (SELECT count(*) FROM entry e"
                   " WHERE e.device = w.device AND e.epoch = w.epoch)") == 0);
    require(number("SELECT count(*) FROM watermark WHERE device NOT IN ('wh-1', 'wh-2')") == 0);
    require(number("SELECT wm FROM watermark WHERE device = 'wh-2'") == ENTRIES);
    require(number("SELECT fork_seq FROM watermark WHERE device = 'wh-2'") == 0);
    require(number("SELECT qty FROM stock WHERE site = 'pune'") == 10 * ENTRIES);
    int64_t wm = number("SELECT coalesce(CAST(sum(wm) AS BIGINT), 0) FROM watermark"
                        " WHERE device = 'wh-1'");
    require(wm >= last_wm);
    last_wm = wm;
    {
        AUTO(sql_query)
        q = sql_query(store, "SELECT head_hash FROM watermark"
                             " WHERE device = 'wh-2'");
        size_t len = 0;
        require(sql_step(q) == 1);
        const void *head = sql_bytes(q, 0, &len);
        require(len == sizeof(other_head) && memcmp(head, other_head, len) == 0);
    }
    sql_rollback(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const topics[] = {"u/7/fuzz.wh-1/e", "u/7/fuzz.wh-1/h", "u/9/fuzz.wh-1/e",
                                         "u/7/other.wh-1/e"};
    if (!store)
        set_up();
    if (size < 1)
        return 0;
    uint8_t *bytes = malloc(size); /* so that a sanitizer sees reading beyond its end */
    require(bytes != NULL);
    memcpy(bytes, data + 1, size - 1);
    require(give(topics[data[0] % 4], bytes, size - 1) >= 0);
    free(bytes);
    look();
    return 0;
}
