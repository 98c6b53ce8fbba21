/* SPDX-License-Identifier: Apache-2.0 */
#include "indicator.h"

#include <assert.h>
#include <stddef.h>

#include "indicator_driver.h"

#define STEPS_MAX 6

struct step {
    int32_t ms; /* 0 ends the pattern */
    struct indicator_out out;
};

struct pattern {
    const char *name;
    bool stands;
    struct step steps[STEPS_MAX];
};

/* Accept is one high, short tone; reject is low, long and threefold, so that no one takes one for
 * the other in a noisy hall or without looking. Red and green together are amber. */
static const struct pattern patterns[INDICATOR_SIGNALS] = {
    [INDICATOR_ACCEPT] = {"accept",
                          false,
                          {{80, {.green = true, .tone_hz = 2700}}, {220, {.green = true}}}},
    [INDICATOR_REJECT] = {"reject",
                          false,
                          {{250, {.red = true, .tone_hz = 400}},
                           {100, {0}},
                           {250, {.red = true, .tone_hz = 400}},
                           {100, {0}},
                           {500, {.red = true, .tone_hz = 400}}}},
    [INDICATOR_ATTENTION] = {"attention",
                             true,
                             {{120, {.green = true, .red = true, .tone_hz = 1500}},
                              {880, {.green = true, .red = true}},
                              {1000, {0}},
                              {1000, {.green = true, .red = true}},
                              {7000, {0}}}},
    [INDICATOR_ALERT] = {"alert",
                         true,
                         {{200, {.red = true, .tone_hz = 1000}},
                          {200, {.tone_hz = 2000}},
                          {200, {.red = true, .tone_hz = 1000}},
                          {1400, {0}}}},
};

const char *indicator_signal_name(enum indicator_signal signal)
{
    return patterns[signal].name;
}

static int64_t length_ms(const struct pattern *p)
{
    int64_t ms = 0;
    for (size_t i = 0; i < STEPS_MAX; i++)
        ms += p->steps[i].ms;
    return ms;
}

/* What the pattern shows elapsed_ms after its begin, and for how long still. */
static const struct indicator_out *at(const struct pattern *p, int64_t elapsed_ms, int64_t *ret_ms)
{
    for (const struct step *s = p->steps;; s++) {
        if (elapsed_ms < s->ms) {
            *ret_ms = s->ms - elapsed_ms;
            return &s->out;
        }
        elapsed_ms -= s->ms;
    }
}

/* The signal that is to be seen now; false for none. */
static bool find_signal(struct indicator *i, int64_t now_ms, enum indicator_signal *ret)
{
    if (i->playing && now_ms - i->began_ms[i->signal] >= length_ms(&patterns[i->signal]))
        i->playing = false;
    if (i->playing) {
        *ret = i->signal;
        return true;
    }
    static const enum indicator_signal by_rank[] = {INDICATOR_ALERT, INDICATOR_ATTENTION};
    for (size_t k = 0; k < ARRAY_LEN(by_rank); k++) {
        if (!i->standing[by_rank[k]])
            continue;
        *ret = by_rank[k];
        return true;
    }
    return false;
}

static void set(struct indicator *i, const struct indicator_out *out, int64_t now_ms)
{
    if (out->green == i->out.green && out->red == i->out.red && out->tone_hz == i->out.tone_hz)
        return;
    i->out = *out;
    if (i->ops->set(i, out, now_ms) < 0)
        i->failures++;
}

int64_t indicator_step(struct indicator *i, int64_t now_mono_ms)
{
    assert(i);

    enum indicator_signal signal;
    if (!find_signal(i, now_mono_ms, &signal)) {
        set(i, &(struct indicator_out){0}, now_mono_ms);
        return INT64_MAX;
    }
    const struct pattern *p = &patterns[signal];
    int64_t elapsed_ms = now_mono_ms - i->began_ms[signal];
    if (elapsed_ms < 0)
        elapsed_ms = 0;
    int64_t left_ms = 0;
    set(i, at(p, elapsed_ms % length_ms(p), &left_ms), now_mono_ms);
    return now_mono_ms + left_ms;
}

int64_t indicator_show(struct indicator *i, enum indicator_signal signal, int64_t now_mono_ms)
{
    assert(i && signal < INDICATOR_SIGNALS);

    if (!patterns[signal].stands) {
        i->playing = true;
        i->signal = signal;
        i->began_ms[signal] = now_mono_ms;
    } else if (!i->standing[signal]) {
        i->standing[signal] = true;
        i->began_ms[signal] = now_mono_ms;
    }
    return indicator_step(i, now_mono_ms);
}

int64_t indicator_clear(struct indicator *i, enum indicator_signal signal, int64_t now_mono_ms)
{
    assert(i && signal < INDICATOR_SIGNALS);
    i->standing[signal] = false;
    return indicator_step(i, now_mono_ms);
}

uint64_t indicator_failures(const struct indicator *i)
{
    assert(i);
    return i->failures;
}

void indicator_free(struct indicator *i)
{
    if (!i)
        return;
    set(i, &(struct indicator_out){0}, 0);
    i->ops->free(i);
}
