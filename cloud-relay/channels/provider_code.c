/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider_code.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_MS INT64_C(1000)
#define HOUR_MS INT64_C(3600000)

static const struct provider_code rows[] = {
    /* WhatsApp: Meta's error codes. */
    {CHANNEL_WHATSAPP, "", 130429, 130429, CODE_RETRY, 10 * SECOND_MS, true, "rate limit"},
    {CHANNEL_WHATSAPP, "", 80007, 80007, CODE_RETRY, 10 * SECOND_MS, false, "rate limit"},
    {CHANNEL_WHATSAPP, "", 131056, 131056, CODE_RETRY, 6 * SECOND_MS, true, "too fast to one user"},
    {CHANNEL_WHATSAPP, "", 131049, 131049, CODE_RETRY, 24 * HOUR_MS, true,
     "marketing cap of the user"},
    {CHANNEL_WHATSAPP, "", 131050, 131050, CODE_SUPPRESS, 0, false, "user stopped marketing"},
    {CHANNEL_WHATSAPP, "", 131026, 131026, CODE_UNREACHABLE, 0, true, "cannot receive"},
    {CHANNEL_WHATSAPP, "", 131047, 131047, CODE_FAIL, 0, false,
     "outside 24 hours: needs a template"},
    {CHANNEL_WHATSAPP, "", 130472, 130472, CODE_OTHER_CHANNEL, 0, false,
     "held out in an experiment"},
    {CHANNEL_WHATSAPP, "", 132000, 132014, CODE_FAIL, 0, false, "template or its variables"},
    {CHANNEL_WHATSAPP, "", 132015, 132016, CODE_STOP_CAMPAIGN, 0, false,
     "template paused or disabled"},
    {CHANNEL_WHATSAPP, "", 131048, 131048, CODE_PAUSE_CHANNEL, 24 * HOUR_MS, false, "spam rate"},
    {CHANNEL_WHATSAPP, "", 131000, 131000, CODE_RETRY, 0, false,
     "something went wrong at the server"},
    {CHANNEL_WHATSAPP, "", 131016, 131016, CODE_RETRY, 0, false, "service unavailable"},
    {CHANNEL_WHATSAPP, "", 1, 2, CODE_RETRY, 0, false, "server side"},
    {CHANNEL_WHATSAPP, "", 0, 0, CODE_PAUSE_CHANNEL, HOUR_MS, false, "authorisation"},
    {CHANNEL_WHATSAPP, "", 10, 10, CODE_PAUSE_CHANNEL, HOUR_MS, false, "permission"},
    {CHANNEL_WHATSAPP, "", 190, 190, CODE_PAUSE_CHANNEL, HOUR_MS, false, "access token"},
    {CHANNEL_WHATSAPP, "", 200, 299, CODE_PAUSE_CHANNEL, HOUR_MS, false, "permission"},
    /* SMS: codes of our contract are the operators'. */
    {CHANNEL_SMS, "", 651, 651, CODE_RETRY, HOUR_MS, true, "invalid promotional time"},
    {CHANNEL_SMS, "", 23005, 23005, CODE_OTHER_CHANNEL, 0, true, "number is on do not disturb"},
    {CHANNEL_SMS, "", 23080, 23082, CODE_STOP_CAMPAIGN, 0, true,
     "DLT scrubbing: entity or template"},
    {CHANNEL_SMS, "", 23083, 23083, CODE_SUPPRESS, 0, true, "DLT consent"},
    {CHANNEL_SMS, "", 23010, 23010, CODE_UNREACHABLE, 0, true, "no such number"},
    {CHANNEL_SMS, "", 23020, 23020, CODE_OTHER_CHANNEL, 0, true, "number is on a black list"},
    {CHANNEL_SMS, "", 23072, 23072, CODE_STOP_CAMPAIGN, 0, true, "header is not approved"},
    {CHANNEL_SMS, "", 23084, 23084, CODE_SUPPRESS, 0, true, "DLT consent"},
    {CHANNEL_SMS, "", 401, 403, CODE_PAUSE_CHANNEL, HOUR_MS, false, "key or permission"},
    {CHANNEL_SMS, "", 429, 429, CODE_RETRY, 10 * SECOND_MS, false, "rate limit"},
    /* Those of vendors, from their help pages and from an integrator's. */
    {CHANNEL_SMS, "msg91", 2, 2, CODE_FAIL, 0, true, "failed"},
    {CHANNEL_SMS, "msg91", 9, 9, CODE_OTHER_CHANNEL, 0, true, "number is on do not disturb"},
    {CHANNEL_SMS, "msg91", 16, 16, CODE_FAIL, 0, true, "rejected"},
    {CHANNEL_SMS, "msg91", 17, 17, CODE_OTHER_CHANNEL, 0, true, "number is blocked"},
    {CHANNEL_SMS, "msg91", 25, 25, CODE_FAIL, 0, true, "rejected"},
    {CHANNEL_SMS, "gupshup", 1, 1, CODE_OTHER_CHANNEL, 0, false, "subscriber is absent"},
    {CHANNEL_SMS, "gupshup", 3, 3, CODE_UNREACHABLE, 0, true, "unknown subscriber"},
    {CHANNEL_SMS, "gupshup", 6, 8, CODE_OTHER_CHANNEL, 0, false, "do not disturb, or blocked"},
    {CHANNEL_SMS, "gupshup", 9, 9, CODE_RETRY, HOUR_MS, false, "outside the hours of offers"},
    {CHANNEL_SMS, "gupshup", 102, 102, CODE_PAUSE_CHANNEL, HOUR_MS, false, "user or password"},
    {CHANNEL_SMS, "gupshup", 105, 105, CODE_UNREACHABLE, 0, false, "no such number"},
    /* Email: SMTP replies (RFC 5321); 4xx is worth another try, 5xx is not. */
    {CHANNEL_EMAIL, "", 530, 538, CODE_PAUSE_CHANNEL, HOUR_MS, true, "authentication"},
    {CHANNEL_EMAIL, "", 550, 551, CODE_UNREACHABLE, 0, true, "no such mailbox"},
    {CHANNEL_EMAIL, "", 553, 553, CODE_UNREACHABLE, 0, true, "mailbox name not allowed"},
    {CHANNEL_EMAIL, "", 400, 499, CODE_RETRY, 0, true, "for the time being"},
    {CHANNEL_EMAIL, "", 500, 599, CODE_FAIL, 0, true, "for good"},
    /* Delivery reports (RFC 3463): class, subject and detail, as enhanced() writes them. */
    {CHANNEL_EMAIL, "", 5001000, 5001999, CODE_UNREACHABLE, 0, true, "no such address"},
    {CHANNEL_EMAIL, "", 5002001, 5002001, CODE_UNREACHABLE, 0, true, "mailbox is disabled"},
    {CHANNEL_EMAIL, "", 4000000, 4999999, CODE_FAIL, 0, true, "given up after many tries"},
    {CHANNEL_EMAIL, "", 5000000, 5999999, CODE_FAIL, 0, true, "for good"},
};

static const struct provider_code server_side = {
    CHANNEL_WHATSAPP, "", -1, -1, CODE_RETRY, 0, false, "not in the table, at the server"};
static const struct provider_code unknown = {CHANNEL_WHATSAPP, "", -1,    -1,
                                             CODE_FAIL,        0,  false, "not in the table"};

const char *code_treatment_name(enum code_treatment treatment)
{
    static const char *const names[CODE_TREATMENT_COUNT] = {
        "retry",    "fail",          "other_channel", "unreachable",
        "suppress", "stop_campaign", "pause_channel"};
    assert((size_t)treatment < ARRAY_LEN(names));
    return names[treatment];
}

/* "5.1.1" as 5001001; -1: it is none. */
static long long enhanced(const char *code)
{
    unsigned class = 0, subject = 0, detail = 0;
    int end = 0;
    bool is_one = sscanf(code, "%1u.%3u.%3u%n", &class, &subject, &detail, &end) == 3 &&
                  code[end] == '\0' && class >= 2 && class <= 5;
    return is_one ? class * 1000000LL + subject * 1000LL + detail : -1;
}

const struct provider_code *provider_code_find(enum message_channel channel, const char *code,
                                               int64_t http_status)
{
    assert(code);
    char *end = NULL;
    size_t named = strcspn(code, "_"); /* a vendor's own: "gupshup_102" */
    size_t vendor = code[named] == '_' ? named : 0;
    errno = 0;
    const char *digits = code + vendor + (vendor > 0);
    long long number = strtoll(digits, &end, 10);
    bool is_number = end != digits && *end == '\0' && errno == 0;
    if (channel == CHANNEL_EMAIL && enhanced(code) >= 0) {
        number = enhanced(code);
        is_number = true;
    }
    for (size_t i = 0; is_number && i < ARRAY_LEN(rows); i++)
        if (rows[i].channel == channel && strlen(rows[i].vendor) == vendor &&
            strncmp(rows[i].vendor, code, vendor) == 0 && number >= rows[i].from &&
            number <= rows[i].to)
            return &rows[i];
    return http_status >= 500 || http_status == 429 ? &server_side : &unknown;
}

const struct provider_code *provider_codes(size_t *ret_count)
{
    assert(ret_count);
    *ret_count = ARRAY_LEN(rows);
    return rows;
}

int64_t provider_backoff_ms(int64_t attempts)
{
    assert(attempts >= 1);
    int64_t wait = 10 * SECOND_MS;
    for (int64_t i = 1; i < attempts && wait < HOUR_MS; i++)
        wait *= 2;
    return wait < HOUR_MS ? wait : HOUR_MS;
}
