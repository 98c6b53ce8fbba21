/* SPDX-License-Identifier: Apache-2.0 */
#include "floor_lamp.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device_line.h"
#include "indicator_sysfs.h"
#include "text.h"

#define LAMPS_MAX 8

struct lamp {
    char post[STATION_POST_SIZE];
    struct indicator *indicator;
};

struct floor_lamps {
    struct lamp lamps[LAMPS_MAX];
    size_t count;
};

void floor_lamps_free(struct floor_lamps *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->count; i++)
        indicator_free(f->lamps[i].indicator);
    free(f);
}

/* What was booked sounds as booked even where the screen has more to say: a worker who hears a
 * refusal scans again. A question is answered by scanning on, so nothing of it stands. */
static enum indicator_signal signal_of(const struct station_answer *a)
{
    bool booked = a->tone == TONE_ACCEPT || (a->tone == TONE_ATTENTION && a->entries > 0);
    return booked ? INDICATOR_ACCEPT : INDICATOR_REJECT;
}

void floor_lamps_show(struct floor_lamps *f, const struct station_answer *answer,
                      int64_t now_mono_ms)
{
    assert(f && answer);
    for (size_t i = 0; i < f->count; i++) {
        if (strcmp(f->lamps[i].post, answer->post) != 0)
            continue;
        indicator_clear(f->lamps[i].indicator, INDICATOR_ALERT, now_mono_ms); /* somebody is here */
        /* The scanner's own click and the screen tell that a scan was read. */
        if (answer->tone != TONE_NONE && answer->tone != TONE_NOTED)
            indicator_show(f->lamps[i].indicator, signal_of(answer), now_mono_ms);
    }
}

void floor_lamps_alert(struct floor_lamps *f, int64_t now_mono_ms)
{
    assert(f);
    for (size_t i = 0; i < f->count; i++)
        indicator_show(f->lamps[i].indicator, INDICATOR_ALERT, now_mono_ms);
}

int64_t floor_lamps_step(struct floor_lamps *f, int64_t now_mono_ms)
{
    assert(f);
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < f->count; i++) {
        int64_t due = indicator_step(f->lamps[i].indicator, now_mono_ms);
        if (due < next)
            next = due;
    }
    return next;
}

int floor_lamps_open(const char *const lines[], size_t count, const struct floor_hooks *hooks,
                     struct diag *reterr, struct floor_lamps **ret)
{
    assert(count <= LAMPS_MAX && hooks && ret);
    static const char *const drivers[] = {"sysfs", NULL};
    static const char *const keys[] = {"post", "red", "pwm", "buzzer", NULL};
    AUTO(floor_lamps) f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        if (!*lines[i])
            continue;
        char what[32];
        snprintf(what, sizeof(what), "indicator%zu", i + 1);
        struct device_line l;
        int err = device_line_parse(what, lines[i], drivers, keys, &l, reterr);
        if (err < 0)
            return err;
        struct lamp *lamp = &f->lamps[f->count];
        if (text_copy(lamp->post, sizeof(lamp->post), device_line_text(&l, "post", "")) < 0 ||
            !*lamp->post) {
            diag_set(reterr, 0, "%s: post=NAME must be there", what);
            return -EINVAL;
        }
        const struct floor_device device = {what, "lamp", lamp->post, false};
        err = hooks->on_claim(what, &device, hooks->context, reterr);
        if (err < 0)
            return err;
        struct indicator_sysfs_conf conf = {.green_dir = strcmp(l.path, "-") == 0 ? NULL : l.path,
                                            .red_dir = device_line_text(&l, "red", NULL),
                                            .buzzer_pwm = device_line_text(&l, "pwm", NULL),
                                            .buzzer_file = device_line_text(&l, "buzzer", NULL)};
        err = indicator_sysfs_open(&conf, &lamp->indicator);
        if (err < 0)
            return err;
        f->count++;
    }
    *ret = TAKE(f);
    return 0;
}
