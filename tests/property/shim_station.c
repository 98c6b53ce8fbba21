/* SPDX-License-Identifier: Apache-2.0 */
/* The station, flat. */
#include "shim.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "shim_state.h"
#include "text.h"

int shim_station_open(struct shim *s)
{
    struct station_conf conf = {
        .posts = {{"P1", "DOCK", "QUAR"}, {"P2", "DOCK", "QUAR"}},
        .posts_count = 2,
        .repeat_ms = 700,
        .repeat_count_ms = 250,
        .recount_permille = 100,
    };
    station_free(s->station);
    s->station = NULL;
    return station_open(&conf, s->journal, &s->why, &s->station);
}

int shim_station_input(struct shim *s, int64_t wall_ms, const char *post, const char *kind,
                       const char *text)
{
    struct station_input in = {.kind = INPUT_COMMAND};
    int err = text_copy(in.post, sizeof(in.post), post);
    size_t len = strlen(text);
    if (strcmp(kind, "scan") == 0) {
        in.kind = INPUT_SCAN;
        len = len < sizeof(in.bytes) ? len : sizeof(in.bytes);
        memcpy(in.bytes, text, len);
        in.len = (uint16_t)len;
    } else if (strcmp(kind, "weight") == 0) {
        in.kind = INPUT_WEIGHT;
        in.grams = strtoll(text, NULL, 10);
        in.len =
            (uint16_t)snprintf((char *)in.bytes, sizeof(in.bytes), "ST,NT,%+" PRId64 "g", in.grams);
    } else if (err == 0) {
        err = text_copy(in.command, sizeof(in.command), text);
    }
    snprintf(in.device, sizeof(in.device), "%s-%s", kind, post);
    if (err < 0)
        return err;
    struct journal_time time = shim_time(s, wall_ms);
    return station_input(s->station, &in, &time);
}

static const char *tone_name(enum station_tone tone)
{
    static const char *const names[] = {
        [TONE_NONE] = "none",           [TONE_ACCEPT] = "accept", [TONE_REJECT] = "reject",
        [TONE_ATTENTION] = "attention", [TONE_NOTED] = "noted",
    };
    return names[tone];
}

const char *shim_station_commit(struct shim *s)
{
    int err = station_commit(s->station);
    size_t len = 0;
    FILE *out = shim_begin(s, &len);
    struct station_answer a;
    while (station_answer(s->station, &a) > 0)
        fprintf(out, "%s\t%s\t%s\t%" PRId64 "\t%" PRId64 "\n", a.post, tone_name(a.tone),
                a.message.code, a.first_seq, a.entries);
    return shim_end(s, out, err);
}

const char *shim_station_view(struct shim *s, const char *post, int64_t wall_ms)
{
    struct station_view v;
    int err = station_view(s->station, post, shim_time(s, wall_ms).mono_ms, &v);
    size_t len = 0;
    FILE *out = shim_begin(s, &len);
    if (err == 0) {
        const struct station_item *t = &v.target;
        fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s", v.worker, v.flow, v.keypad_prefix,
                v.has_target ? t->sku : "", v.has_target ? t->batch.number : "",
                v.has_target ? t->bin : "");
        for (size_t i = 0; i < v.choices_count; i++)
            fprintf(out, "\t%s", v.choices[i].command);
    }
    return shim_end(s, out, err);
}
