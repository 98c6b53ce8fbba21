/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mails that come to us, as items: those to the address of a List-Unsubscribe, whose token is what
 * it is believed by, and those that a mail server sends back: delivery reports (RFC 3464) and
 * complaints (RFC 5965), both of them multipart/report (RFC 6522): words for people, fields for
 * machines, and the mail that it is about, or its headers. Our Message-ID in the last part is what
 * a report is believed by. Lines may end with LF alone; what is longer than a line of ours is cut.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text.h"
#include "webhook.h"

#define FIELD_SIZE 512
#define NAME_SIZE 40
#define BOUNDARY_SIZE 73 /* RFC 2046, 5.1.1: at most 70 characters */
#define HEADERS_MAX 200  /* of one part */

struct text { /* what is left to read */
    const char *at;
    const char *end;
};

struct field {
    char name[NAME_SIZE];
    char value[FIELD_SIZE];
};

struct report {
    bool failed, delivered; /* RFC 3464, 2.3.3 */
    char status[33];        /* RFC 3463: "5.1.1" */
    bool complaint;
    char complainer[CONTACT_ADDRESS_SIZE];
    char provider_id[OUTBOX_PROVIDER_ID_SIZE]; /* our Message-ID */
};

/* ---- lines and fields ---- */

/* The next line without its end; false: no more. */
static bool next_line(struct text *in, struct text *ret)
{
    if (in->at >= in->end)
        return false;
    const char *newline = memchr(in->at, '\n', (size_t)(in->end - in->at));
    ret->at = in->at;
    ret->end = newline ? newline : in->end;
    in->at = newline ? newline + 1 : in->end;
    if (ret->end > ret->at && ret->end[-1] == '\r')
        ret->end--;
    return true;
}

static void append(char *dst, size_t size, const char *from, const char *end)
{
    size_t len = strlen(dst);
    for (; from < end && len + 1 < size; from++)
        dst[len++] = *from >= 0x20 && *from < 0x7f ? *from : ' ';
    dst[len] = '\0';
}

static void trim(char *text)
{
    size_t blanks = strspn(text, " ");
    memmove(text, text + blanks, strlen(text + blanks) + 1);
    for (size_t len = strlen(text); len > 0 && text[len - 1] == ' '; len--)
        text[len - 1] = '\0';
}

/* One header field, unfolded (RFC 5322, 2.2.3). false: the empty line behind them, or the end. */
static bool next_field(struct text *in, struct field *ret)
{
    struct text line;
    *ret = (struct field){.name = ""};
    if (!next_line(in, &line) || line.at == line.end)
        return false;
    const char *colon = memchr(line.at, ':', (size_t)(line.end - line.at));
    if (colon) {
        append(ret->name, sizeof(ret->name), line.at, colon);
        append(ret->value, sizeof(ret->value), colon + 1, line.end);
    }
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t') && next_line(in, &line))
        append(ret->value, sizeof(ret->value), line.at, line.end);
    trim(ret->name);
    trim(ret->value);
    return true;
}

static bool is_named(const struct field *f, const char *name)
{
    return strcasecmp(f->name, name) == 0;
}

/* Whether a Content-Type is this one, and perhaps a parameter of it (RFC 2045, 5.1). */
static bool is_type(const char *value, const char *type)
{
    size_t len = strlen(type);
    return strncasecmp(value, type, len) == 0 && strchr("; ", value[len]);
}

static bool take_parameter(const char *value, const char *name, char *dst, size_t size)
{
    size_t len = strlen(name);
    const char *at = strchr(value, ';');
    while (at) {
        at += 1 + strspn(at + 1, " ");
        if (strncasecmp(at, name, len) == 0 && at[len] == '=') {
            at += len + 1;
            bool quoted = *at == '"';
            at += quoted;
            size_t n = quoted ? strcspn(at, "\"") : strcspn(at, "; ");
            return n > 0 && text_copy_n(dst, size, at, n) == 0;
        }
        at = strchr(at, ';');
    }
    return false;
}

/* ---- the parts ---- */

/* "rfc822; shop@example.in", "<shop@example.in>": the address. */
static void take_address(const char *value, char *dst, size_t size)
{
    const char *from = strchr(value, ';');
    from = from ? from + 1 : value;
    const char *open = strchr(from, '<');
    from = open ? open + 1 : from + strspn(from, " ");
    size_t len = strcspn(from, "> ");
    char address[CONTACT_ADDRESS_SIZE];
    if (text_copy_n(address, sizeof(address), from, len) == 0 && text_is_code(address))
        text_cut(dst, size, address);
}

/* message/delivery-status: fields of the mail, then of each of its recipients; ours have one. */
static void read_status(struct text part, struct report *r)
{
    struct field f;
    while (part.at < part.end) {
        if (!next_field(&part, &f))
            continue; /* the next recipient's fields */
        if (is_named(&f, "Action") && !r->failed && !r->delivered) {
            r->failed = strcasecmp(f.value, "failed") == 0;
            r->delivered = strcasecmp(f.value, "delivered") == 0;
        }
        if (is_named(&f, "Status") && r->status[0] == '\0') {
            char code[sizeof(r->status)]; /* a comment may stand behind it */
            size_t len = strspn(f.value, "0123456789.");
            if (len > 0 && text_copy_n(code, sizeof(code), f.value, len) == 0)
                memcpy(r->status, code, sizeof(code));
        }
    }
}

/* message/feedback-report; "not-spam" takes one back, and is none. */
static void read_feedback(struct text part, struct report *r)
{
    struct field f;
    while (next_field(&part, &f)) {
        if (is_named(&f, "Feedback-Type"))
            r->complaint = strcasecmp(f.value, "not-spam") != 0;
        if (is_named(&f, "Original-Rcpt-To"))
            take_address(f.value, r->complainer, sizeof(r->complainer));
    }
}

/* The mail that came back, or its headers. */
static void read_original(struct text part, struct report *r)
{
    struct field f;
    for (int i = 0; i < HEADERS_MAX && next_field(&part, &f); i++) {
        char id[OUTBOX_PROVIDER_ID_SIZE];
        size_t len = f.value[0] == '<' ? strcspn(f.value + 1, "> ") : 0;
        if (is_named(&f, "Message-ID") && len > 0 && f.value[1 + len] == '>' &&
            text_copy_n(id, sizeof(id), f.value + 1, len) == 0 && text_is_code(id))
            memcpy(r->provider_id, id, sizeof(id));
    }
}

static void read_part(struct text part, struct report *r)
{
    static const struct {
        const char *type;
        void (*read)(struct text, struct report *);
    } kinds[] = {
        {"message/delivery-status", read_status},
        {"message/feedback-report", read_feedback},
        {"message/rfc822", read_original},
        {"text/rfc822-headers", read_original},
    };
    struct field f;
    char type[FIELD_SIZE] = "";
    for (int i = 0; i < HEADERS_MAX && next_field(&part, &f); i++)
        if (is_named(&f, "Content-Type"))
            snprintf(type, sizeof(type), "%s", f.value);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (is_type(type, kinds[i].type))
            kinds[i].read(part, r);
}

static bool is_boundary(const struct text *line, const char *boundary)
{
    size_t len = strlen(boundary);
    return (size_t)(line->end - line->at) >= len + 2 && memcmp(line->at, "--", 2) == 0 &&
           memcmp(line->at + 2, boundary, len) == 0;
}

static void read_parts(struct text in, const char *boundary, struct report *r)
{
    struct text line;
    struct text part = {NULL, NULL};
    while (next_line(&in, &line)) {
        if (!is_boundary(&line, boundary))
            continue;
        if (part.at) {
            part.end = line.at;
            read_part(part, r);
        }
        part.at = in.at;
    }
    if (part.at && part.at < in.end) { /* cut behind its last boundary */
        part.end = in.end;
        read_part(part, r);
    }
}

/* ---- a wish to end (RFC 2369, 3.2) ---- */

/* The token in "u+TOKEN@example.in", wherever among the addresses it stands. */
static void read_token(const struct field *f, char token[UNSUBSCRIBE_TOKEN_SIZE])
{
    static const char *const names[] = {"To", "Cc", "Delivered-To", "X-Original-To"};
    bool addressed = false;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        addressed |= is_named(f, names[i]);
    for (const char *at = f->value; addressed && (at = strchr(at, '+')); at++) {
        size_t len = strspn(at + 1, "0123456789abcdef-");
        if (len > 0 && at[1 + len] == '@' && token[0] == '\0' &&
            text_copy_n(token, UNSUBSCRIBE_TOKEN_SIZE, at + 1, len) < 0)
            token[0] = '\0'; /* longer than ours */
    }
}

static int tell_token(const char *token, webhook_fn on_item, void *context)
{
    struct webhook_item item = {.kind = WEBHOOK_UNSUBSCRIBE, .channel = CHANNEL_EMAIL};
    text_cut(item.payload, sizeof(item.payload), token);
    return token[0] ? on_item(&item, context) : 0;
}

/* ---- telling ---- */

static int tell(const struct report *r, webhook_fn on_item, void *context)
{
    struct webhook_item item = {.channel = CHANNEL_EMAIL};
    struct outbox_receipt *receipt = &item.receipt;
    if (r->provider_id[0] == '\0' && !(r->complaint && r->complainer[0]))
        return 0; /* nothing says which mail of ours it is about */
    size_t len = strcspn(r->provider_id, "@");
    char id[OUTBOX_ID_SIZE] = "";
    if (text_copy_n(id, sizeof(id), r->provider_id, len) < 0)
        return 0; /* not a mail of ours */
    if (r->complaint) {
        item.kind = WEBHOOK_PREFERENCE;
        item.stop = true;
        memcpy(item.from, r->complainer, sizeof(item.from));
        memcpy(item.id, r->provider_id, sizeof(item.id));
        memcpy(item.to_id, id, sizeof(id));
        return on_item(&item, context);
    }
    if (!r->failed && !r->delivered)
        return 0;
    item.kind = WEBHOOK_RECEIPT;
    receipt->channel = CHANNEL_EMAIL;
    receipt->status = r->failed ? RECEIPT_FAILED : RECEIPT_DELIVERED;
    memcpy(receipt->provider_id, r->provider_id, sizeof(receipt->provider_id));
    memcpy(receipt->message_id, id, sizeof(id));
    if (r->failed)
        memcpy(receipt->code, r->status, sizeof(receipt->code));
    return on_item(&item, context);
}

int email_webhook_read(const char *body, size_t len, webhook_fn on_item, void *context)
{
    assert(body && on_item);
    struct text in = {body, body + len};
    struct field f;
    char type[FIELD_SIZE] = "";
    char boundary[BOUNDARY_SIZE] = "";
    char token[UNSUBSCRIBE_TOKEN_SIZE] = "";
    int fields = 0;
    if (len > WEBHOOK_BODY_MAX)
        return -EBADMSG;
    for (; fields < HEADERS_MAX && next_field(&in, &f); fields++) {
        if (is_named(&f, "Content-Type"))
            snprintf(type, sizeof(type), "%s", f.value);
        if (f.name[0] == '\0')
            return -EBADMSG; /* no header field: no mail */
        read_token(&f, token);
    }
    if (fields == 0)
        return -EBADMSG;
    struct report r = {.failed = false};
    if (!is_type(type, "multipart/report") ||
        !take_parameter(type, "boundary", boundary, sizeof(boundary)))
        return tell_token(token, on_item, context); /* of a mail of another kind nothing is told */
    read_parts(in, boundary, &r);
    return tell(&r, on_item, context);
}
