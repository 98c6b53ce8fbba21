/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The link in our mails (RFC 8058). Scanners and previews follow links: GET shows a page with a
 * button and changes nothing; the button's POST, or the mail program's, withdraws consent to offers
 * by mail, without a cookie, a login or a redirect. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_handlers.h"
#include "api_state.h"
#include "channel_secret.h"
#include "log.h"
#include "webhook.h"

#define SEAT_WAIT_MS 3000
#define TRIES_MAX 3 /* of a transaction that waited for another in vain */
#define PAGE_SIZE 2048

enum page { PAGE_ASK, PAGE_DONE, PAGE_OLD, PAGE_UNKNOWN };

static const struct {
    unsigned status;
    const char *title; /* English, and Hindi: a scanner's request does not say who reads it */
    const char *text;
} pages[] = {
    [PAGE_ASK] = {200, "Stop offers by e-mail / ई-मेल पर ऑफ़र बंद करें",
                  "<form method=\"post\"><p>You will get no more offers by e-mail. Messages about"
                  " your orders still come.</p><p lang=\"hi\">आपको ई-मेल पर और ऑफ़र नहीं मिलेंगे। आपके"
                  " ऑर्डर के संदेश आते रहेंगे।</p><input type=\"hidden\" name=\"List-Unsubscribe\""
                  " value=\"One-Click\"><button>Stop offers / <span lang=\"hi\">ऑफ़र बंद करें</span>"
                  "</button></form>"},
    [PAGE_DONE] = {200, "Offers by e-mail are stopped / ई-मेल पर ऑफ़र बंद हैं",
                   "<p>You will get no more offers by e-mail.</p><p lang=\"hi\">आपको ई-मेल पर और ऑफ़र"
                   " नहीं मिलेंगे।</p>"},
    [PAGE_OLD] = {410, "This link is too old / यह लिंक पुराना है",
                  "<p>Please use the link in a newer mail, or tell your distributor.</p>"
                  "<p lang=\"hi\">कृपया नए मेल का लिंक खोलें, या अपने वितरक को बताएँ।</p>"},
    [PAGE_UNKNOWN] = {404, "This link is not ours / यह लिंक मान्य नहीं है",
                      "<p>Please open the whole link of the mail.</p>"
                      "<p lang=\"hi\">कृपया मेल का पूरा लिंक खोलें।</p>"},
};

static int show(struct api_call *call, enum page page)
{
    char text[PAGE_SIZE];
    int n = snprintf(text, sizeof(text),
                     "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                     "<meta name=\"robots\" content=\"noindex\"><title>%s</title></head>"
                     "<body><main><h1>%s</h1>%s</main></body></html>\n",
                     pages[page].title, pages[page].title, pages[page].text);
    call->text = n > 0 && n < PAGE_SIZE ? strdup(text) : NULL;
    call->type = "text/html; charset=utf-8";
    call->own_status = pages[page].status;
    call->form = page == PAGE_ASK;
    return call->text ? 0 : -ENOMEM;
}

static int read_secret(const struct api_call *call, char ret[CHANNEL_SECRET_SIZE])
{
    struct diag why = {.line = 0};
    const char *folder = call->api->conf.channels_folder;
    ret[0] = '\0';
    int err = channel_secret_read(folder ? folder : "", api_arg(call, "tenant"), SECRET_UNSUBSCRIBE,
                                  ret, &why);
    if (err < 0 && err != -ENOENT)
        log_line(LOG_LEVEL_ERROR, "api: nobody can unsubscribe: %s", why.text);
    return err == -ENOMEM ? err : 0;
}

/* The page for a token that does not hold; other errors are passed on. */
static int show_refusal(struct api_call *call, int err)
{
    return err == -ETIME                     ? show(call, PAGE_OLD)
           : err == -EPERM || err == -ENOENT ? show(call, PAGE_UNKNOWN)
                                             : err;
}

int handle_show_unsubscribe(struct api_call *call)
{
    char secret[CHANNEL_SECRET_SIZE];
    char party[CONTACT_PARTY_SIZE];
    int err = read_secret(call, secret);
    if (err == 0)
        err = unsubscribe_read(secret, api_arg(call, "token"), call->now_ms, party);
    explicit_bzero(secret, sizeof(secret));
    return err < 0 ? show_refusal(call, err) : show(call, PAGE_ASK);
}

static int withdraw(struct api_call *call, const char *secret)
{
    int err = sql_begin(call->s, SQL_WRITE);
    if (err == 0)
        err = unsubscribe_take(call->s, secret, api_arg(call, "token"), call->now_ms);
    call->wrote = err == 0;
    if (err >= 0)
        err = sql_commit(call->s);
    if (err < 0)
        sql_rollback(call->s);
    return err;
}

/* RFC 8058, 3.1: the body says so, as a form of either encoding. */
static bool is_one_click(const struct api_call *call)
{
    static const char name[] = "List-Unsubscribe";
    static const char value[] = "One-Click";
    size_t len = 0;
    const char *body = http_body(call->request, &len);
    return memmem(body, len, name, sizeof(name) - 1) && memmem(body, len, value, sizeof(value) - 1);
}

static int unsubscribe(struct api_call *call, const char *secret)
{
    char party[CONTACT_PARTY_SIZE];
    const char *tenant = api_arg(call, "tenant");
    /* Before the store is touched. */
    int err = unsubscribe_read(secret, api_arg(call, "token"), call->now_ms, party);
    if (err == 0)
        err = api_seat_take(call->api->seats, tenant, SEAT_WAIT_MS, &call->seat);
    if (err < 0)
        return err;
    call->s = call->seat.s;
    snprintf(call->who.tenant, sizeof(call->who.tenant), "%s", tenant);
    err = withdraw(call, secret);
    for (int i = 1; i < TRIES_MAX && err == -EBUSY; i++)
        err = withdraw(call, secret);
    api_seat_give(call->api->seats, &call->seat);
    call->s = NULL;
    return err;
}

int handle_unsubscribe(struct api_call *call)
{
    char secret[CHANNEL_SECRET_SIZE];
    if (!is_one_click(call))
        return api_refuse(call, 400, "malformed", "", "List-Unsubscribe=One-Click",
                          "the body does not say what is wanted");
    int err = read_secret(call, secret);
    if (err == 0)
        err = unsubscribe(call, secret);
    explicit_bzero(secret, sizeof(secret));
    return err < 0 ? show_refusal(call, err) : show(call, PAGE_DONE);
}
