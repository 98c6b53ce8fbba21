/* SPDX-License-Identifier: Apache-2.0 */
#include "topic.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

/* First and last level of each kind. */
static const struct {
    char before;
    char behind; /* '\0': none */
    bool sharded;
} kinds[TOPIC_KIND_COUNT] = {
    [TOPIC_HELLO] = {'u', 'h', true},      [TOPIC_ENTRIES] = {'u', 'e', true},
    [TOPIC_CONTROL] = {'d', 'c', false},   [TOPIC_CHUNKS] = {'d', 'd', false},
    [TOPIC_PRESENCE] = {'p', '\0', false}, [TOPIC_NOTICE] = {'u', 'n', true},
};

const char *topic_client(const char *tenant, const char *device, char buf[TOPIC_CLIENT_SIZE])
{
    assert(tenant && device && buf);
    int n = snprintf(buf, TOPIC_CLIENT_SIZE, "%s.%s", tenant, device);
    assert(n > 0 && n < TOPIC_CLIENT_SIZE);
    return buf;
}

int topic_shard(const char *tenant)
{
    assert(tenant);
    uint32_t h = 2166136261u; /* FNV-1a (Fowler, Noll, Vo), 32 bits */
    for (const char *c = tenant; *c != '\0'; c++)
        h = (h ^ (uint8_t)*c) * 16777619u;
    return (int)(h % TOPIC_SHARDS);
}

const char *topic_format(const struct topic *topic, char buf[TOPIC_SIZE])
{
    assert(topic && buf && topic->shard >= 0 && topic->shard < TOPIC_SHARDS);
    char client[TOPIC_CLIENT_SIZE];
    topic_client(topic->tenant, topic->device, client);
    char before = kinds[topic->kind].before;
    char behind = kinds[topic->kind].behind;
    int n = 0;
    if (kinds[topic->kind].sharded)
        n = snprintf(buf, TOPIC_SIZE, "%c/%d/%s/%c", before, topic->shard, client, behind);
    else if (behind)
        n = snprintf(buf, TOPIC_SIZE, "%c/%s/%c", before, client, behind);
    else
        n = snprintf(buf, TOPIC_SIZE, "%c/%s", before, client);
    assert(n > 0 && n < TOPIC_SIZE);
    return buf;
}

int topic_client_parse(const char *client, char ret_tenant[ORIGIN_TENANT_SIZE],
                       char ret_device[ORIGIN_DEVICE_SIZE])
{
    assert(client && ret_tenant && ret_device);
    const char *point = strchr(client, '.');
    if (!point)
        return -EBADMSG;
    struct origin o = {.epoch = 1};
    if (text_copy_n(o.tenant, sizeof(o.tenant), client, (size_t)(point - client)) < 0 ||
        text_copy(o.device, sizeof(o.device), point + 1) < 0 || origin_check(&o, NULL) < 0)
        return -EBADMSG;
    memcpy(ret_tenant, o.tenant, sizeof(o.tenant));
    memcpy(ret_device, o.device, sizeof(o.device));
    return 0;
}

/* The shard's digits, as topic_format() writes them: no zero in front. Returns how many, or 0. */
static size_t take_shard(const char *text, int *ret)
{
    size_t n = strspn(text, "0123456789");
    if (n == 0 || n > 3 || (n > 1 && text[0] == '0'))
        return 0;
    int shard = 0;
    for (size_t i = 0; i < n; i++)
        shard = 10 * shard + (text[i] - '0');
    *ret = shard;
    return shard < TOPIC_SHARDS ? n : 0;
}

/* The level at *text, which moves behind it and behind its slash. */
static int take_client(const char **text, struct topic *t)
{
    size_t len = strcspn(*text, "/");
    char client[TOPIC_CLIENT_SIZE];
    if (text_copy_n(client, sizeof(client), *text, len) < 0)
        return -EBADMSG;
    *text += len;
    if (**text == '/')
        (*text)++;
    return topic_client_parse(client, t->tenant, t->device);
}

int topic_parse(const char *text, struct topic *ret)
{
    assert(text && ret);
    struct topic t = {.shard = 0};
    char before = text[0];
    if (before == '\0' || text[1] != '/')
        return -EBADMSG;
    const char *at = text + 2;
    if (before == 'u') {
        size_t n = take_shard(at, &t.shard);
        if (n == 0 || at[n] != '/')
            return -EBADMSG;
        at += n + 1;
    }
    if (take_client(&at, &t) < 0)
        return -EBADMSG;
    for (int i = 0; i < TOPIC_KIND_COUNT; i++) {
        if (kinds[i].before != before || kinds[i].behind != at[0])
            continue;
        t.kind = (enum topic_kind)i;
        char again[TOPIC_SIZE]; /* slashes too many or too few differ here */
        if (strcmp(topic_format(&t, again), text) != 0)
            return -EBADMSG;
        *ret = t;
        return 0;
    }
    return -EBADMSG;
}

int topic_check(const struct topic *topic, const char *client, const struct origin *payload,
                struct diag *reterr)
{
    assert(topic);
    char name[TOPIC_CLIENT_SIZE];
    topic_client(topic->tenant, topic->device, name);
    if (client && strcmp(client, name) != 0) {
        diag_set(reterr, 0, "the topic is of %s, the certificate of %.66s", name, client);
        return -EACCES;
    }
    if (payload && (strcmp(payload->tenant, topic->tenant) != 0 ||
                    strcmp(payload->device, topic->device) != 0)) {
        diag_set(reterr, 0, "the topic is of %s, the payload of %s.%s", name, payload->tenant,
                 payload->device);
        return -EACCES;
    }
    return 0;
}

const char *topic_filter_device(const char *tenant, const char *device, char buf[TOPIC_SIZE])
{
    char client[TOPIC_CLIENT_SIZE];
    int n = snprintf(buf, TOPIC_SIZE, "d/%s/#", topic_client(tenant, device, client));
    assert(n > 0 && n < TOPIC_SIZE);
    return buf;
}

const char *topic_filter_shard(int shard, char buf[TOPIC_SIZE])
{
    assert(shard >= -1 && shard < TOPIC_SHARDS);
    if (shard < 0)
        snprintf(buf, TOPIC_SIZE, "u/+/+/#");
    else
        snprintf(buf, TOPIC_SIZE, "u/%d/+/#", shard);
    return buf;
}
