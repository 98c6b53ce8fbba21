/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Delivery reports of SMS gateways as receipts. A report of a state that is on the way, or of a
 * word that no page of theirs has, is passed over; what is final is told with the vendor's code. */
#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "civil.h"
#include "form.h"
#include "text.h"
#include "webhook.h"

#define WORD_SIZE 48
#define IST_SECONDS INT64_C(19800)

struct teller {
    webhook_fn on_item;
    void *context;
};

/* What a vendor's word means; a list of them ends with a word of NULL. */
struct word {
    const char *word;
    enum receipt_status status;
};

static const struct word *find_word(const struct word *words, const char *text)
{
    for (; words->word; words++)
        if (strcasecmp(words->word, text) == 0)
            return words;
    return NULL;
}

static int tell(const struct teller *t, struct outbox_receipt *r)
{
    struct webhook_item item = {.kind = WEBHOOK_RECEIPT, .channel = CHANNEL_SMS, .at_ms = r->at_ms};
    r->channel = CHANNEL_SMS;
    item.receipt = *r;
    return t->on_item(&item, t->context);
}

/* "2024-05-22 10:06:20" of India. 0: none, or not readable. */
static int64_t instant_of(const char *text)
{
    char date[11];
    int32_t day = 0;
    int h = 0, m = 0, s = 0;
    if (strlen(text) != 19 || text_copy_n(date, sizeof(date), text, 10) < 0 ||
        civil_parse(date, &day) < 0 || day < 1 ||
        sscanf(text + 10, " %2d:%2d:%2d", &h, &m, &s) != 3 || h < 0 || h > 23 || m < 0 || m > 59 ||
        s < 0 || s > 60)
        return 0;
    return (day * INT64_C(86400) + h * INT64_C(3600) + m * INT64_C(60) + s - IST_SECONDS) * 1000;
}

/* Milliseconds since 1970. 0: none, or beyond year 2199. */
static int64_t ms_of(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    int64_t ms = digits > 0 && digits < 14 && text[digits] == '\0' ? strtoll(text, NULL, 10) : 0;
    return ms < INT64_C(7300000000000) ? ms : 0;
}

/* ---- fields: members of an object, or of a form ---- */

struct fields {
    const cJSON *object; /* NULL: a form */
    const char *body;
    size_t len;
};

/* "" where there is none, or where it is no code that fits. */
static void take(const struct fields *f, const char *name, char *dst, size_t size)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(f->object, name);
    const char *text = cJSON_GetStringValue(item);
    char number[24] = "";
    char *decoded = NULL;
    if (cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < 1e15)
        snprintf(number, sizeof(number), "%" PRId64, (int64_t)item->valuedouble);
    if (!f->object && form_find(f->body, f->len, name, &decoded) == 0)
        text = decoded;
    text = text ? text : number;
    if (!text_is_code(text) || text_copy(dst, size, text) < 0)
        dst[0] = '\0';
    free(decoded);
}

/* ---- JSON, plain or in a form's field ---- */

typedef int (*object_fn)(const struct teller *t, const cJSON *object);

static int each(const struct teller *t, const cJSON *list, object_fn on_object)
{
    const cJSON *one = NULL;
    int err = 0;
    cJSON_ArrayForEach(one, list)
    {
        if (err == 0 && cJSON_IsObject(one))
            err = on_object(t, one);
    }
    return err;
}

/* -ENOENT: it is no JSON, nor has a form's field of that name. */
static int read_json(const char *body, size_t len, const char *field, cJSON **ret)
{
    char *inner = NULL;
    cJSON *root = cJSON_ParseWithLength(body, len);
    int err = root ? 0 : form_find(body, len, field, &inner);
    if (err == 0 && !root)
        root = cJSON_Parse(inner);
    free(inner);
    if (err == 0 && !cJSON_IsArray(root) && !cJSON_IsObject(root)) {
        cJSON_Delete(root);
        err = -EBADMSG;
    }
    if (err == 0)
        *ret = root;
    return err;
}

/* ---- MSG91 ---- */

static int msg91_report(const struct teller *t, const char *request_id, const cJSON *report)
{
    static const struct word words[] = {{"1", RECEIPT_DELIVERED}, {"2", RECEIPT_FAILED},
                                        {"9", RECEIPT_FAILED},    {"16", RECEIPT_FAILED},
                                        {"17", RECEIPT_FAILED},   {"25", RECEIPT_FAILED},
                                        {NULL, RECEIPT_SENT}};
    struct fields f = {.object = report};
    struct outbox_receipt r = {.status = RECEIPT_SENT};
    char status[WORD_SIZE];
    const char *date = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(report, "date"));
    take(&f, "status", status, sizeof(status));
    const struct word *word = find_word(words, status);
    if (!word || !text_is_code(request_id) ||
        text_copy(r.provider_id, sizeof(r.provider_id), request_id) < 0)
        return 0;
    r.status = word->status;
    r.at_ms = date ? instant_of(date) : 0;
    if (r.status == RECEIPT_FAILED)
        snprintf(r.code, sizeof(r.code), "msg91_%s", word->word);
    return tell(t, &r);
}

static int msg91_request(const struct teller *t, const cJSON *request)
{
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(request, "requestId"));
    const cJSON *reports = cJSON_GetObjectItemCaseSensitive(request, "report");
    const cJSON *one = NULL;
    int err = 0;
    if (!id)
        return 0;
    if (!reports)
        return msg91_report(t, id, request);
    cJSON_ArrayForEach(one, reports)
    {
        if (err == 0 && cJSON_IsObject(one))
            err = msg91_report(t, id, one);
    }
    return err;
}

int msg91_webhook_read(const char *body, size_t len, webhook_fn on_item, void *context)
{
    assert(body && on_item);
    const struct teller t = {on_item, context};
    cJSON *root = NULL;
    int err = len > WEBHOOK_BODY_MAX ? -EBADMSG : read_json(body, len, "data", &root);
    if (err == 0)
        err = cJSON_IsArray(root) ? each(&t, root, msg91_request) : msg91_request(&t, root);
    cJSON_Delete(root);
    return err == -ENOENT ? -EBADMSG : err;
}

/* ---- Exotel ---- */

/* "sent" is the network's word for it, unless the detail says that the handset has it. */
#define EXOTEL_TO_HANDSET "20005"

int exotel_webhook_read(const char *body, size_t len, webhook_fn on_item, void *context)
{
    static const struct word words[] = {{"submitted", RECEIPT_SENT},
                                        {"sent", RECEIPT_SENT},
                                        {"delivered", RECEIPT_DELIVERED},
                                        {"failed", RECEIPT_FAILED},
                                        {"failed_dnd", RECEIPT_FAILED},
                                        {"failed-dnd", RECEIPT_FAILED},
                                        {"expired", RECEIPT_FAILED},
                                        {"undelivered", RECEIPT_FAILED},
                                        {NULL, RECEIPT_SENT}};
    assert(body && on_item);
    const struct teller t = {on_item, context};
    struct fields f = {.body = body, .len = len};
    struct outbox_receipt r = {.status = RECEIPT_SENT};
    char status[WORD_SIZE], detail[WORD_SIZE];
    char *date = NULL;
    if (len > WEBHOOK_BODY_MAX)
        return -EBADMSG;
    take(&f, "SmsSid", r.provider_id, sizeof(r.provider_id));
    take(&f, "Status", status, sizeof(status));
    take(&f, "DetailedStatusCode", detail, sizeof(detail));
    take(&f, "CustomField", r.message_id, sizeof(r.message_id));
    if (r.provider_id[0] == '\0' || status[0] == '\0')
        return -EBADMSG;
    const struct word *word = find_word(words, status);
    if (!word)
        return 0;
    r.status = word->status;
    if (r.status == RECEIPT_SENT && strcmp(detail, EXOTEL_TO_HANDSET) == 0)
        r.status = RECEIPT_DELIVERED;
    if (r.status == RECEIPT_FAILED)
        text_cut(r.code, sizeof(r.code), detail[0] ? detail : word->word);
    if (form_find(body, len, "DateSent", &date) == 0)
        r.at_ms = instant_of(date);
    free(date);
    return tell(&t, &r);
}

/* ---- Gupshup ---- */

static int gupshup_report(const struct teller *t, const struct fields *f, const char *status_name,
                          const char *at_name)
{
    static const struct word words[] = {
        {"DELIVERED", RECEIPT_DELIVERED}, {"SUCCESS", RECEIPT_DELIVERED}, {"SENT", RECEIPT_SENT},
        {"FAILED", RECEIPT_FAILED},       {"FAILURE", RECEIPT_FAILED},    {NULL, RECEIPT_SENT}};
    struct outbox_receipt r = {.status = RECEIPT_SENT};
    char status[WORD_SIZE], code[WORD_SIZE], at[WORD_SIZE];
    take(f, "externalId", r.provider_id, sizeof(r.provider_id));
    take(f, status_name, status, sizeof(status));
    take(f, at_name, at, sizeof(at));
    take(f, "errCode", code, sizeof(code));
    if (code[0] == '\0')
        take(f, "errorCode", code, sizeof(code));
    if (r.provider_id[0] == '\0' || status[0] == '\0')
        return -EBADMSG;
    const struct word *word = find_word(words, status);
    if (!word)
        return 0;
    r.status = word->status;
    r.at_ms = ms_of(at);
    if (r.status == RECEIPT_FAILED)
        snprintf(r.code, sizeof(r.code), "gupshup_%.20s", code[0] ? code : "failed");
    return tell(t, &r);
}

static int gupshup_event(const struct teller *t, const cJSON *event)
{
    struct fields f = {.object = event};
    int err = gupshup_report(t, &f, "eventType", "eventTs");
    return err == -EBADMSG ? 0 : err; /* one of another kind */
}

int gupshup_webhook_read(const char *body, size_t len, webhook_fn on_item, void *context)
{
    assert(body && on_item);
    const struct teller t = {on_item, context};
    struct fields f = {.body = body, .len = len};
    cJSON *root = NULL;
    int err = len > WEBHOOK_BODY_MAX ? -EBADMSG : read_json(body, len, "response", &root);
    if (err == -ENOENT)
        return gupshup_report(&t, &f, "status", "deliveredTS");
    if (err == 0)
        err = cJSON_IsArray(root) ? each(&t, root, gupshup_event) : -EBADMSG;
    cJSON_Delete(root);
    return err;
}
