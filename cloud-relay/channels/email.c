/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "email.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "webhook.h"

#define LOCAL_PART_MAX 64 /* RFC 5321, 4.5.3.1.1 */

/* Base64 (RFC 4648) in lines of 76: any text passes any server, no line is too long, and none is a
 * dot. */
static void write_base64(FILE *f, const char *bytes, size_t len, size_t line_bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        uint32_t group = 0;
        size_t n = len - i < 3 ? len - i : 3;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (k < n ? (unsigned char)bytes[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            fputc(k <= n ? digits[group >> (18 - 6 * k) & 63] : '=', f);
        if (line_bytes > 0 && (i + 3) % line_bytes == 0)
            fputs("\r\n", f);
    }
}

/* A subject of any script as encoded words (RFC 2047) of at most 75 characters, cut at characters.
 */
static void write_subject(FILE *f, const char *subject)
{
    fputs("Subject:", f);
    while (*subject) {
        size_t n = strlen(subject) < 42 ? strlen(subject) : 42;
        while (subject[n] && ((unsigned char)subject[n] & 0xc0) == 0x80)
            n--;
        fputs(" =?UTF-8?B?", f);
        write_base64(f, subject, n, 0);
        fputs(subject[n] ? "?=\r\n" : "?=", f);
        subject += n;
    }
    fputs("\r\n", f);
}

/* RFC 5322, in UTC. */
static void write_date(FILE *f, int64_t now_ms)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t s = now_ms / 1000;
    int32_t day = (int32_t)(s / 86400);
    struct civil_date d = civil_date(day);
    fprintf(f, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[day % 7], d.day,
            months[d.month - 1], d.year, (int)(s / 3600 % 24), (int)(s / 60 % 60), (int)(s % 60));
}

static int write_unsubscribe(FILE *f, const struct email_sender *sender,
                             const struct outbox_message *m, int64_t now_ms)
{
    char token[UNSUBSCRIBE_TOKEN_SIZE];
    if (m->purpose != PURPOSE_MARKETING)
        return 0;
    int err = unsubscribe_token(sender->secret, m->party, now_ms, token);
    if (err < 0)
        return err;
    const char *at = strchr(sender->unsubscribe_mail, '@');
    int user = at ? (int)(at - sender->unsubscribe_mail) : 0;
    fprintf(f, "List-Unsubscribe: <%s%s>", sender->unsubscribe_url, token);
    /* Where the party's code is so long that no mail could be sent there, the link stands alone. */
    if (at && (size_t)user + 1 + strlen(token) <= LOCAL_PART_MAX)
        fprintf(f, ",\r\n <mailto:%.*s+%s%s>", user, sender->unsubscribe_mail, token, at);
    fputs("\r\n", f);
    fputs("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", f);
    return 0;
}

static void write_part(FILE *f, const char *boundary, const char *type, const char *text)
{
    fprintf(f,
            "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            boundary, type);
    write_base64(f, text, strlen(text), 57);
    fputs("\r\n", f);
}

static char *as_html(const char *text)
{
    char *out = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&out, &len);
    if (!f)
        return NULL;
    fputs("<!doctype html><html><body><p>", f);
    for (; *text; text++) {
        static const struct {
            char c;
            const char *is;
        } escapes[] = {
            {'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&quot;"}, {'\n', "<br>"}};
        size_t i = 0;
        while (i < ARRAY_LEN(escapes) && escapes[i].c != *text)
            i++;
        if (i < ARRAY_LEN(escapes))
            fputs(escapes[i].is, f);
        else
            fputc(*text, f);
    }
    fputs("</p></body></html>", f);
    if (fclose(f) != 0) {
        free(out);
        return NULL;
    }
    return out;
}

static const char *domain_of(const struct email_sender *sender)
{
    const char *at = strchr(sender->from, '@');
    return at ? at + 1 : "localhost";
}

static int write_mail(FILE *f, const struct email_sender *sender, const struct outbox_message *m,
                      const char *html, int64_t now_ms)
{
    fprintf(f, "From: <%s>\r\nTo: <%s>\r\nMessage-ID: <%s@%s>\r\n", sender->from, m->address, m->id,
            domain_of(sender));
    write_date(f, now_ms);
    write_subject(f, m->template.provider_name);
    int err = write_unsubscribe(f, sender, m, now_ms);
    if (err < 0)
        return err;
    fprintf(f, "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n",
            m->id);
    write_part(f, m->id, "text/plain", m->text);
    write_part(f, m->id, "text/html", html);
    fprintf(f, "--%s--\r\n", m->id);
    return 0;
}

char *email_write(const struct email_sender *sender, const struct outbox_message *m, int64_t now_ms)
{
    assert(sender && m);
    char *html = as_html(m->text);
    char *out = NULL;
    size_t len = 0;
    FILE *f = html ? open_memstream(&out, &len) : NULL;
    int err = f ? write_mail(f, sender, m, html, now_ms) : -1;
    if (f && fclose(f) != 0)
        err = -1;
    free(html);
    if (err == 0)
        return out;
    free(out);
    return NULL;
}

struct send_outcome email_answer(const struct outbox_message *m, const struct email_sender *sender,
                                 const struct http_answer *a)
{
    assert(m && sender && a);
    struct send_outcome o = {.result = SENT_ACCEPTED, .http_status = a->status};
    if (a->status >= 400) {
        o.result = SENT_REFUSED;
        snprintf(o.code, sizeof(o.code), "%" PRId64, a->status);
        return o;
    }
    snprintf(o.provider_id, sizeof(o.provider_id), "%s@%.100s", m->id, domain_of(sender));
    return o;
}
