/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http_post.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ADDRESS_SIZE 200

struct transfer {
    struct http_answer *answer;
    size_t len;       /* of the answer */
    const char *left; /* of the mail */
};

static void begin_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static CURL *open_curl(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin_curl);
    return curl_easy_init();
}

static size_t on_answer(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t len = size * count;
    if (len > HTTP_POST_ANSWER_MAX - t->len)
        return 0; /* libcurl ends the transfer */
    memcpy(t->answer->body + t->len, bytes, len);
    t->len += len;
    return len;
}

static size_t on_mail(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t len = strnlen(t->left, size * count);
    memcpy(bytes, t->left, len);
    t->left += len;
    return len;
}

static bool is_here(const char *url)
{
    static const char *const hosts[] = {"127.0.0.1:", "[::1]:", "localhost:"};
    const char *host = strstr(url, "://");
    for (size_t i = 0; host && i < ARRAY_LEN(hosts); i++)
        if (strncmp(host + 3, hosts[i], strlen(hosts[i])) == 0)
            return true;
    return false;
}

static void set_common(CURL *curl, const char *url, const char *ca, long timeout_ms,
                       struct transfer *t)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
    if (ca)
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
}

/* Headers of a request that went out count in its request size, bodies in what was uploaded. */
static int verdict(CURL *curl, CURLcode code, long sent)
{
    if (code == CURLE_OUT_OF_MEMORY)
        return -ENOMEM;
    curl_off_t uploaded = 0;
    curl_easy_getinfo(curl, CURLINFO_SIZE_UPLOAD_T, &uploaded);
    return sent > 0 || uploaded > 0 ? -ETIMEDOUT : -EIO;
}

static int perform_post(CURL *curl, struct http_answer *a)
{
    long status = 0;
    long sent = 0;
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
    a->status = status;
    return code == CURLE_OK ? 0 : verdict(curl, code, sent);
}

static struct curl_slist *make_headers(const struct http_post *r)
{
    char type[80];
    snprintf(type, sizeof(type), "Content-Type: %s", r->type ? r->type : "application/json");
    struct curl_slist *list = curl_slist_append(NULL, type);
    for (size_t i = 0; list && i < r->headers_count; i++) {
        struct curl_slist *longer = curl_slist_append(list, r->headers[i]);
        if (!longer) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    return list;
}

int http_post(const struct http_post *r, struct http_answer *ret)
{
    assert(r && r->url && r->body && ret);
    if (strncmp(r->url, "https://", 8) != 0 &&
        !(strncmp(r->url, "http://", 7) == 0 && is_here(r->url)))
        return -EINVAL;
    CURL *curl = open_curl();
    struct curl_slist *headers = make_headers(r);
    int err = -ENOMEM;
    if (curl && headers) {
        memset(ret, 0, sizeof(*ret));
        struct transfer t = {.answer = ret};
        set_common(curl, r->url, r->ca, r->timeout_ms, &t);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body);
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
        if (r->user) {
            curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
            curl_easy_setopt(curl, CURLOPT_USERNAME, r->user);
            curl_easy_setopt(curl, CURLOPT_PASSWORD, r->password);
        }
        err = perform_post(curl, ret);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return err;
}

/* ---- mail ---- */

static void set_mail(CURL *curl, const struct smtp_mail *m, const char *from, struct curl_slist *to,
                     struct transfer *t)
{
    set_common(curl, m->url, m->ca, m->timeout_ms, t);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, is_here(m->url) ? CURLUSESSL_TRY : CURLUSESSL_ALL);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_mail);
    curl_easy_setopt(curl, CURLOPT_READDATA, t);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    if (m->user[0]) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, m->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, m->password);
    }
}

/* A refusal is the reply that ended it; without one, what counts is whether the text went out. */
static int perform_mail(CURL *curl, const struct smtp_mail *m, const struct transfer *t,
                        struct http_answer *a)
{
    long reply = 0;
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
    a->status = reply;
    if (code == CURLE_OK || reply >= 400)
        return 0;
    return verdict(curl, code, t->left != m->text);
}

int smtp_send(const struct smtp_mail *m, struct http_answer *ret)
{
    assert(m && m->url && m->from && m->to && m->text && m->user && m->password && ret);
    char from[ADDRESS_SIZE];
    char to[ADDRESS_SIZE];
    if (snprintf(from, sizeof(from), "<%s>", m->from) >= ADDRESS_SIZE ||
        snprintf(to, sizeof(to), "<%s>", m->to) >= ADDRESS_SIZE)
        return -EINVAL;
    CURL *curl = open_curl();
    struct curl_slist *rcpt = curl_slist_append(NULL, to);
    int err = -ENOMEM;
    if (curl && rcpt) {
        memset(ret, 0, sizeof(*ret));
        struct transfer t = {.answer = ret, .left = m->text};
        set_mail(curl, m, from, rcpt, &t);
        err = perform_mail(curl, m, &t, ret);
    }
    curl_slist_free_all(rcpt);
    curl_easy_cleanup(curl);
    return err;
}
