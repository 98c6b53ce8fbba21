/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "event_chain.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Netstrings: what one field holds can never be read as the end of it. */
static char *put(char *at, const char *text)
{
    size_t len = strlen(text);
    at += sprintf(at, "%zu:", len);
    memcpy(at, text, len);
    at[len] = ',';
    return at + len + 1;
}

static char *put_number(char *at, int64_t n)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, n);
    return put(at, text);
}

void event_chain_genesis(const char *tenant, uint8_t ret[SHA256_SIZE])
{
    static const char name[] = "vyapar relay events 1\n";
    assert(tenant && ret);
    sha256_pair(name, sizeof(name) - 1, tenant, strlen(tenant), ret);
}

#define HEADS_MAX 1024 /* all fields but the body, with their lengths */

int event_chain_next(const uint8_t before[SHA256_SIZE], const struct event *e,
                     uint8_t ret[SHA256_SIZE])
{
    assert(before && e && ret);
    char *text = malloc(HEADS_MAX + strlen(e->body));
    if (!text)
        return -ENOMEM;
    char *at = put_number(text, e->seq);
    at = put_number(at, e->wall_ms);
    at = put(at, event_kind_name(e->kind));
    at = put(at, e->type);
    at = put_number(at, e->version);
    at = put(at, e->actor);
    at = put(at, e->subject);
    at = put(at, e->cause);
    at = put(at, e->trace);
    at = put(at, e->body);
    sha256_pair(before, SHA256_SIZE, text, (size_t)(at - text), ret);
    free(text);
    return 0;
}
