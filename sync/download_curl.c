/* SPDX-License-Identifier: Apache-2.0 */
#include "download.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relay_curl.h"
#include "text.h"

#define CA_SIZE 256

struct download {
    struct download_conf conf;
    char ca[CA_SIZE];
    CURLM *multi;
    CURL *curl;
    struct curl_slist *headers;
    int64_t at; /* of the first byte in piece */
    uint8_t piece[CHUNK_DATA_MAX];
    size_t len;
    bool ranged; /* the answer begins where it was asked to */
    int err;     /* of take(), or of the answer */
};

void download_free(struct download *d)
{
    if (!d)
        return;
    if (d->multi && d->curl)
        curl_multi_remove_handle(d->multi, d->curl);
    curl_easy_cleanup(d->curl);
    curl_multi_cleanup(d->multi);
    curl_slist_free_all(d->headers);
    free(d);
}

/* "Content-Range: bytes 8192-409599/409600" is the only answer that may be taken. */
static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct download *d = context;
    size_t len = size * count;
    char want[96];
    int n = snprintf(want, sizeof(want), "Content-Range: bytes %" PRId64 "-%" PRId64 "/%" PRId64,
                     d->conf.offset, d->conf.total - 1, d->conf.total);
    if (len >= (size_t)n && curl_strnequal(bytes, want, (size_t)n) && strchr("\r\n", bytes[n]))
        d->ranged = true;
    return len;
}

static int hand_over(struct download *d)
{
    int err = d->conf.take(d->at, d->piece, d->len, d->conf.context);
    if (err < 0)
        return err;
    d->at += (int64_t)d->len;
    d->len = 0;
    return 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct download *d = context;
    size_t given = size * count;
    long status = 0;
    curl_easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 206)
        return given; /* words of a refusal: the status says enough */
    if (!d->ranged || (int64_t)given > d->conf.total - d->at - (int64_t)d->len) {
        d->err = -EBADMSG;
        return 0;
    }
    for (size_t done = 0; done < given;) {
        size_t room = sizeof(d->piece) - d->len;
        size_t n = given - done < room ? given - done : room;
        memcpy(d->piece + d->len, bytes + done, n);
        d->len += n;
        done += n;
        bool last = d->at + (int64_t)d->len == d->conf.total;
        if ((d->len == sizeof(d->piece) || last) && (d->err = hand_over(d)) < 0)
            return 0;
    }
    return given;
}

static int set_options(struct download *d, const char *url)
{
    char range[32];
    char bearer[CONTROL_TICKET_SIZE + 32];
    snprintf(range, sizeof(range), "%" PRId64 "-", d->conf.offset);
    snprintf(bearer, sizeof(bearer), "Authorization: Bearer %s", d->conf.ticket);
    d->headers = curl_slist_append(NULL, bearer);
    if (!d->headers)
        return -ENOMEM;
    relay_curl_aim(d->curl, url, &d->conf.server);
    curl_easy_setopt(d->curl, CURLOPT_RANGE, range);
    curl_easy_setopt(d->curl, CURLOPT_HTTPHEADER, d->headers);
    curl_easy_setopt(d->curl, CURLOPT_CONNECTTIMEOUT, (long)DOWNLOAD_CONNECT_S);
    curl_easy_setopt(d->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(d->curl, CURLOPT_LOW_SPEED_TIME, (long)DOWNLOAD_STALL_S);
    curl_easy_setopt(d->curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(d->curl, CURLOPT_HEADERDATA, d);
    curl_easy_setopt(d->curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(d->curl, CURLOPT_WRITEDATA, d);
    return curl_multi_add_handle(d->multi, d->curl) == CURLM_OK ? 0 : -ENOMEM;
}

int download_open(const struct download_conf *conf, struct diag *reterr, struct download **ret)
{
    assert(conf && conf->take && conf->offset >= 0 && conf->offset < conf->total && ret);
    assert(conf->offset % CHUNK_DATA_MAX == 0);
    AUTO(download) d = calloc(1, sizeof(*d));
    if (!d)
        return -ENOMEM;
    d->conf = *conf;
    d->at = conf->offset;
    char url[RELAY_URL_SIZE];
    int err = relay_curl_url(&conf->server, CONTROL_FETCH_PATH, reterr, url);
    if (err == 0 && text_copy(d->ca, sizeof(d->ca), conf->server.ca) < 0)
        err = -EINVAL;
    if (err < 0)
        return err;
    d->conf.server.ca = d->ca;
    d->multi = curl_multi_init();
    d->curl = curl_easy_init();
    err = d->multi && d->curl ? set_options(d, url) : -ENOMEM;
    d->conf.server.url = d->conf.ticket = NULL; /* the caller's */
    if (err < 0)
        return err;
    *ret = TAKE(d);
    return 0;
}

static int judge(struct download *d, CURLcode code, struct diag *reterr)
{
    long status = 0;
    curl_easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &status);
    if (d->err < 0) {
        diag_set(reterr, 0, "%s", strerror(-d->err));
        return d->err;
    }
    if (code != CURLE_OK) {
        diag_set(reterr, 0, "%s", curl_easy_strerror(code));
        return -EIO;
    }
    if (status == 206 && d->at == d->conf.total)
        return 0;
    diag_set(reterr, 0, "the relay answers %ld", status);
    return status == 206 ? -EIO : status == 200 ? -EBADMSG : -EACCES;
}

int download_step(struct download *d, struct diag *reterr)
{
    assert(d);
    int running = 0;
    if (curl_multi_perform(d->multi, &running) != CURLM_OK)
        return -EIO;
    int left = 0;
    const CURLMsg *m = curl_multi_info_read(d->multi, &left);
    return m && m->msg == CURLMSG_DONE ? judge(d, m->data.result, reterr) : 1;
}
