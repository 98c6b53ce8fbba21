/* SPDX-License-Identifier: Apache-2.0 */
/* The bodies of an enrolment, as either side reads them: what is accepted is in its bounds, and
 * written and read again it is the same. The first byte says which body it is. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "enrolment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void run_request(const char *text, size_t len)
{
    static struct enrolment_request one, back;
    memset(&one, 0, sizeof(one));
    if (enrolment_request_read(text, len, NULL, &one) < 0)
        return;
    require((one.claim[0] == '\0') != (one.certificate[0] == '\0') && one.csr[0] != '\0');
    char *again = enrolment_request_write(&one);
    memset(&back, 0, sizeof(back));
    require(again && enrolment_request_read(again, strlen(again), NULL, &back) == 0);
    require(strcmp(one.claim, back.claim) == 0 && strcmp(one.certificate, back.certificate) == 0 &&
            strcmp(one.csr, back.csr) == 0 && strcmp(one.name, back.name) == 0 &&
            one.epoch == back.epoch && strcmp(one.serial, back.serial) == 0 &&
            strcmp(one.hardware, back.hardware) == 0 && strcmp(one.release, back.release) == 0);
    free(again);
}

static void run_grant(const char *text, size_t len)
{
    static struct enrolment_grant one, back;
    memset(&one, 0, sizeof(one));
    if (enrolment_grant_read(text, len, NULL, &one) < 0)
        return;
    require(origin_check(&one.origin, NULL) == 0);
    require(one.shard >= 0 && one.shard <= ENROLMENT_SHARD_MAX && one.brokers_count >= 1 &&
            one.brokers_count <= ENROLMENT_BROKERS_MAX);
    char *again = enrolment_grant_write(&one);
    memset(&back, 0, sizeof(back));
    require(again && enrolment_grant_read(again, strlen(again), NULL, &back) == 0);
    require(strcmp(one.origin.tenant, back.origin.tenant) == 0 &&
            strcmp(one.origin.device, back.origin.device) == 0 &&
            one.origin.epoch == back.origin.epoch && one.shard == back.shard &&
            strcmp(one.site, back.site) == 0 && one.brokers_count == back.brokers_count &&
            memcmp(one.brokers, back.brokers, sizeof(one.brokers)) == 0 &&
            strcmp(one.certificate, back.certificate) == 0 && strcmp(one.ca, back.ca) == 0 &&
            one.now_ms == back.now_ms);
    free(again);
}

static void run_refusal(const char *text, size_t len)
{
    enum enrolment_refusal why = ENROLMENT_MALFORMED;
    enum enrolment_refusal back = ENROLMENT_MALFORMED;
    char words[ENROLMENT_WORDS_SIZE];
    char words_back[ENROLMENT_WORDS_SIZE];
    if (enrolment_refusal_read(text, len, NULL, &why, words) < 0)
        return;
    require(why < ENROLMENT_REFUSAL_COUNT && strlen(words) < sizeof(words));
    char *again = enrolment_refusal_write(why, words);
    require(again && enrolment_refusal_read(again, strlen(again), NULL, &back, words_back) == 0);
    require(why == back && strcmp(words, words_back) == 0);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const runs[])(const char *, size_t) = {run_request, run_grant, run_refusal};
    if (size == 0 || size > ENROLMENT_BODY_MAX)
        return 0;
    char *text = malloc(size); /* exactly as long as it is, so that a step beyond is seen */
    require(text != NULL);
    memcpy(text, data + 1, size - 1);
    runs[data[0] % 3](text, size - 1);
    free(text);
    return 0;
}
