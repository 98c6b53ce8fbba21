/* SPDX-License-Identifier: Apache-2.0 */
#include "stationd_meaning.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "text.h"

#define MS_PER_MINUTE 60000

/* "NAME DOCK_BIN QUARANTINE_BIN" */
static int read_post(const char *line, size_t number, struct station_post_conf *ret,
                     struct diag *reterr)
{
    char post[32];
    char dock[32];
    char quarantine[32];
    char more;
    if (sscanf(line, "%31s %31s %31s %c", post, dock, quarantine, &more) == 3 &&
        text_copy(ret->post, sizeof(ret->post), post) == 0 &&
        text_copy(ret->dock_bin, sizeof(ret->dock_bin), dock) == 0 &&
        text_copy(ret->quarantine_bin, sizeof(ret->quarantine_bin), quarantine) == 0)
        return 0;
    diag_set(reterr, 0,
             "[floor] post%zu = \"%.40s\": NAME DOCK_BIN QUARANTINE_BIN, each of at most 16 "
             "characters",
             number, line);
    return -EINVAL;
}

static int read_barcode(const struct stationd_conf *conf, struct barcode_settings *ret,
                        struct diag *reterr)
{
    *ret = (struct barcode_settings){.parse_plain_code128 = conf->plain_code128,
                                     .pad_short_gtin = conf->pad_short_gtin,
                                     .usual_batch_len = (uint8_t)conf->usual_batch_length};
    for (size_t i = 0; i < ARRAY_LEN(conf->instore); i++) {
        if (!*conf->instore[i])
            continue;
        int err =
            instore_rule_parse(conf->instore[i], false, &ret->instore[ret->instore_count], reterr);
        if (err < 0)
            return err;
        ret->instore_count++;
    }
    return 0;
}

int stationd_conf_station(const struct stationd_conf *conf, struct station_conf *ret,
                          struct diag *reterr)
{
    assert(conf && ret);
    struct station_conf s = {.repeat_ms = conf->repeat_ms,
                             .repeat_count_ms = conf->repeat_count_ms,
                             .sign_out_ms = conf->sign_out_minutes * MS_PER_MINUTE,
                             .pin_required = conf->pin_required,
                             .recount_permille = (int32_t)conf->recount_permille,
                             .fewest_lots = conf->fewest_lots};
    for (size_t i = 0; i < ARRAY_LEN(conf->posts); i++) {
        if (!*conf->posts[i])
            continue;
        int err = read_post(conf->posts[i], i + 1, &s.posts[s.posts_count], reterr);
        if (err < 0)
            return err;
        s.posts_count++;
    }
    int err = read_barcode(conf, &s.barcode, reterr);
    if (err < 0)
        return err;
    *ret = s;
    return 0;
}

struct detect_conf stationd_conf_detect(const struct stationd_conf *conf)
{
    assert(conf);
    struct detect_conf d = detect_conf_default();
    d.dead.grace_days = (uint32_t)conf->grace_days;
    d.dead.slow_days = (uint32_t)conf->slow_days;
    d.dead.dead_days = (uint32_t)conf->dead_days;
    d.dead_horizon_days = (uint32_t)conf->dead_horizon_days;
    d.expiry.carrying_permille = (uint32_t)conf->carrying_permille;
    d.skus_max = (uint32_t)conf->skus_max;
    d.batches_max = (uint32_t)conf->batches_max;
    return d;
}
