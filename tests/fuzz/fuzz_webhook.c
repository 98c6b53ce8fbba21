/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever stands in a provider's body, what is told of it has an id that can be stored and
 * printed, a status of ours and clean words; a second reading tells the same; and no signature but
 * the right one passes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hmac.h"
#include "text.h"
#include "utf8.h"
#include "webhook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
    int64_t count;
    uint8_t digest[SHA256_SIZE];
};

static void check_item(const struct webhook_item *i)
{
    if (i->at_ms < 0 || (size_t)i->kind > WEBHOOK_UNSUBSCRIBE)
        abort();
    if (i->kind == WEBHOOK_RECEIPT &&
        (!text_is_code(i->receipt.provider_id) ||
         (size_t)i->receipt.status >= RECEIPT_STATUS_COUNT ||
         (i->receipt.code[0] && !text_is_code(i->receipt.code)) ||
         (i->receipt.message_id[0] && !text_is_code(i->receipt.message_id))))
        abort();
    bool mail = i->channel == CHANNEL_EMAIL; /* a complaint may name its mail alone */
    if (i->kind == WEBHOOK_UNSUBSCRIBE && !text_is_code(i->payload))
        abort();
    bool wish = i->kind == WEBHOOK_REPLY || i->kind == WEBHOOK_PREFERENCE;
    if (wish && !text_is_code(i->from) && !(mail && text_is_code(i->id)))
        abort();
    if (mail && i->to_id[0] && !text_is_code(i->to_id))
        abort();
    if (!utf8_is_clean(i->text) || !utf8_is_clean(i->payload))
        abort();
    struct reply said = reply_read(i->text);
    bool order = said.meaning == REPLY_ORDER;
    if (said.units < 0 || said.units > 1000000 || (!order && (said.units || said.word)) ||
        (said.word && (said.word < 'A' || said.word > 'Z')))
        abort();
}

static int on_item(const struct webhook_item *item, void *context)
{
    struct heard *h = context;
    check_item(item);
    const char *const texts[] = {item->from, item->id,      item->to_id,
                                 item->text, item->payload, item->receipt.provider_id};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        sha256_pair(h->digest, sizeof(h->digest), texts[i], strlen(texts[i]), h->digest);
    h->count++;
    return 0;
}

typedef int (*read_fn)(const char *, size_t, webhook_fn, void *);

static void read_twice(read_fn read, const char *body, size_t size)
{
    struct heard first = {0};
    struct heard second = {0};
    int a = read(body, size, on_item, &first);
    int b = read(body, size, on_item, &second);
    if (a != b || memcmp(&first, &second, sizeof(first)) != 0 || (a < 0 && first.count > 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char nothing[1];
    const char *body = size > 0 ? (const char *)data : nothing;
    read_twice(whatsapp_webhook_read, body, size);
    read_twice(sms_webhook_read, body, size);
    read_twice(msg91_webhook_read, body, size);
    read_twice(exotel_webhook_read, body, size);
    read_twice(gupshup_webhook_read, body, size);
    read_twice(email_webhook_read, body, size);
    uint8_t mac[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    char header[8 + SHA256_HEX_SIZE];
    hmac_sha256("secret", 6, body, size, mac);
    snprintf(header, sizeof(header), "sha256=%s", sha256_hex(mac, hex));
    if (!webhook_signed("secret", body, size, header) ||
        webhook_signed("other", body, size, header))
        abort();
    header[10] = header[10] == '0' ? '1' : '0';
    if (webhook_signed("secret", body, size, header))
        abort();
    return 0;
}
