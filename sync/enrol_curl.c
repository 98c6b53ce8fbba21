/* SPDX-License-Identifier: Apache-2.0 */
#include "enrol.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "relay_curl.h"

struct answer {
    char text[ENROLMENT_BODY_MAX + 1];
    size_t len;
};

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct answer *a = context;
    size_t len = size * count;
    if (len > ENROLMENT_BODY_MAX - a->len)
        return 0; /* libcurl ends the transfer */
    memcpy(a->text + a->len, bytes, len);
    a->len += len;
    return len;
}

static void set_options(CURL *curl, struct curl_slist *headers, const char *body, struct answer *a)
{
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ENROL_TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, a);
}

static int post(const struct relay_server *server, const char *url, const char *body,
                struct answer *a, long *ret_status, struct diag *reterr)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    int err = -ENOMEM;
    if (curl && headers) {
        relay_curl_aim(curl, url, server);
        set_options(curl, headers, body, a);
        CURLcode code = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
        if (code != CURLE_OK)
            diag_set(reterr, 0, "%s", curl_easy_strerror(code));
        err = code == CURLE_OK ? 0 : code == CURLE_OUT_OF_MEMORY ? -ENOMEM : -EIO;
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return err;
}

static int read_refusal(const struct answer *a, long status, struct diag *reterr,
                        enum enrolment_refusal *ret_why)
{
    char words[ENROLMENT_WORDS_SIZE];
    enum enrolment_refusal why = ENROLMENT_BUSY;
    if (enrolment_refusal_read(a->text, a->len, NULL, &why, words) < 0) {
        diag_set(reterr, 0, "the relay answers %ld", status);
        return -EIO; /* somebody before the relay, or one that is starting */
    }
    diag_set(reterr, 0, "%s: %s", enrolment_refusal_name(why), words);
    *ret_why = why;
    return -EACCES;
}

int enrol_ask(const struct relay_server *at, const struct enrolment_request *request,
              struct diag *reterr, struct enrolment_grant *ret, enum enrolment_refusal *ret_why)
{
    assert(at && request && ret && ret_why);
    char url[RELAY_URL_SIZE];
    int err = relay_curl_url(at, ENROLMENT_PATH, reterr, url);
    if (err < 0)
        return err;
    char *body = enrolment_request_write(request);
    struct answer *a = calloc(1, sizeof(*a));
    long status = 0;
    err = body && a ? 0 : -ENOMEM;
    if (err == 0)
        err = post(at, url, body, a, &status, reterr);
    if (err == 0)
        err = status == 200 ? enrolment_grant_read(a->text, a->len, reterr, ret)
                            : read_refusal(a, status, reterr, ret_why);
    free(a);
    free(body);
    return err;
}
