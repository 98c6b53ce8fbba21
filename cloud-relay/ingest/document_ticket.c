/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document_ticket.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "decimal.h"
#include "hmac.h"
#include "text.h"

#define FIELDS 5 /* behind the format, before the authenticator */

struct document_key document_key(const void *secret, size_t len)
{
    assert(secret && len > 0);
    static const char purpose[] = "vyapar document ticket 1";
    struct document_key key;
    hmac_sha256(secret, len, purpose, strlen(purpose), key.bytes);
    return key;
}

/* The authenticator over what stands before it, in hexadecimal. */
static void sign(const struct document_key *key, const char *text, size_t len,
                 char ret[SHA256_HEX_SIZE])
{
    uint8_t mac[SHA256_SIZE];
    hmac_sha256(key->bytes, sizeof(key->bytes), text, len, mac);
    sha256_hex(mac, ret);
}

void document_ticket_write(const struct document_key *key, const struct document_ticket *ticket,
                           char ret[DOCUMENT_TICKET_SIZE])
{
    assert(key && ticket && ret);
    int n =
        snprintf(ret, DOCUMENT_TICKET_SIZE, "1:%s:%s:%s:%" PRId64 ":%" PRId64 ":", ticket->tenant,
                 ticket->device, ticket->type, ticket->version, ticket->expires_s);
    assert(n > 0 && n + SHA256_HEX_SIZE <= DOCUMENT_TICKET_SIZE);
    char mac[SHA256_HEX_SIZE];
    sign(key, ret, (size_t)n, mac);
    memcpy(ret + n, mac, sizeof(mac));
}

static int read_fields(char *text, struct document_ticket *ret)
{
    char *fields[FIELDS];
    char *rest = text;
    size_t n = 0;
    while (n < FIELDS && (fields[n] = strsep(&rest, ":")) != NULL)
        n++;
    if (n < FIELDS || !rest || *rest != '\0' ||
        text_copy(ret->tenant, sizeof(ret->tenant), fields[0]) < 0 ||
        text_copy(ret->device, sizeof(ret->device), fields[1]) < 0 ||
        text_copy(ret->type, sizeof(ret->type), fields[2]) < 0 ||
        decimal_parse(fields[3], 0, &ret->version) < 0 ||
        decimal_parse(fields[4], 0, &ret->expires_s) < 0)
        return -EBADMSG;
    return 0;
}

int document_ticket_read(const struct document_key *key, const char *text, int64_t now_s,
                         struct document_ticket *ret)
{
    assert(key && text && ret);
    char copy[DOCUMENT_TICKET_SIZE];
    char mac[SHA256_HEX_SIZE];
    const size_t mac_len = SHA256_HEX_SIZE - 1;
    if (strncmp(text, "1:", 2) != 0 || text_copy(copy, sizeof(copy), text) < 0 ||
        strlen(copy) <= mac_len)
        return -EBADMSG;
    size_t signed_len = strlen(copy) - mac_len;
    sign(key, copy, signed_len, mac);
    if (!hmac_equal(mac, copy + signed_len, mac_len))
        return -EBADMSG;
    copy[signed_len] = '\0';
    struct document_ticket ticket = {.version = 0};
    int err = read_fields(copy + 2, &ticket);
    if (err < 0)
        return err;
    if (now_s > ticket.expires_s)
        return -ETIME;
    *ret = ticket;
    return 0;
}
