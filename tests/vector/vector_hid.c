/* SPDX-License-Identifier: Apache-2.0 */
/* Kind hid: a stream of key events, and the frames that it holds. An event is ms:code:value, its
 * milliseconds counted from the event before; ms:DROP:0 is the kernel's SYN_DROPPED. Frames are
 * joined by "|"; "!text" is a partial frame, "!" alone a lost one. After the last event the line
 * stays silent. */
#include <errno.h>
#include <inttypes.h>
#include <linux/input-event-codes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid_decode.h"
#include "vector.h"

#define EVENTS_MAX 4096
#define ANSWER_MAX 4096

struct terminator {
    const char *name;
    uint8_t byte; /* as scan_frame_conf wants it: Enter ends a frame in any case */
};

static const struct terminator terminators[] = {{"enter", 0}, {"kpenter", 0}, {"tab", '\t'}};

static int read_conf(const struct csv_row *row, struct scan_frame_conf *ret, struct diag *reterr)
{
    const char *gap = csv_row_get(row, "gap_ms");
    char *rest = NULL;
    unsigned long gap_ms = strtoul(gap, &rest, 10);
    if (*rest != '\0' || gap_ms == 0 || gap_ms > UINT16_MAX) {
        diag_set(reterr, 0, "gap_ms \"%s\" is not a number from 1 to 65535", gap);
        return -EINVAL;
    }
    const char *terminator = csv_row_get(row, "terminator");
    for (size_t i = 0; i < ARRAY_LEN(terminators); i++) {
        if (strcmp(terminators[i].name, terminator) != 0)
            continue;
        *ret = (struct scan_frame_conf){.idle_ms = (uint16_t)gap_ms,
                                        .terminator = terminators[i].byte};
        return 0;
    }
    diag_set(reterr, 0, "terminator \"%s\" is none of enter, kpenter, tab", terminator);
    return -EINVAL;
}

static int read_events(const char *text, struct hid_event *events, size_t *ret_n,
                       struct diag *reterr)
{
    int64_t ms = 0;
    size_t n = 0;
    for (const char *at = text; *at != '\0'; n++) {
        if (n == EVENTS_MAX) {
            diag_set(reterr, 0, "more than %d events", EVENTS_MAX);
            return -E2BIG;
        }
        uint32_t delta_ms = 0;
        unsigned code = 0;
        int value = 0;
        int used = 0;
        struct hid_event *e = &events[n];
        if (sscanf(at, "%" SCNu32 ":DROP:%d%n", &delta_ms, &value, &used) == 2 && used > 0) {
            *e = (struct hid_event){.type = EV_SYN, .code = SYN_DROPPED};
        } else if (sscanf(at, "%" SCNu32 ":%u:%d%n", &delta_ms, &code, &value, &used) == 3 &&
                   code <= UINT16_MAX) {
            *e = (struct hid_event){.type = EV_KEY, .code = (uint16_t)code, .value = value};
        } else {
            diag_set(reterr, 0, "event %zu is neither ms:code:value nor ms:DROP:0", n + 1);
            return -EINVAL;
        }
        ms += delta_ms;
        e->ms = ms;
        at += used;
        at += strspn(at, " ");
    }
    *ret_n = n;
    return 0;
}

struct answer {
    char text[ANSWER_MAX];
    size_t len;
    int frames;
};

static void add(struct answer *a, const char *mark, const struct scan_frame *f)
{
    size_t frame_len = f ? f->len : 0;
    if (a->len + 2 + frame_len + 1 > sizeof(a->text))
        return; /* cut: then it agrees with no row */
    if (a->frames++ > 0)
        a->text[a->len++] = '|';
    for (; *mark != '\0'; mark++)
        a->text[a->len++] = *mark;
    if (frame_len > 0)
        memcpy(a->text + a->len, f->bytes, frame_len);
    a->len += frame_len;
    a->text[a->len] = '\0';
}

static void note(struct answer *a, enum scan_frame_end how, const struct hid_decode *d)
{
    switch (how) {
    case SCAN_FRAME_OPEN:
        return;
    case SCAN_FRAME_WHOLE:
        add(a, "", &d->frame);
        return;
    case SCAN_FRAME_PARTIAL:
        add(a, "!", &d->frame);
        return;
    case SCAN_FRAME_LOST:
        add(a, "!", NULL);
        return;
    }
}

static int check(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    static struct hid_event events[EVENTS_MAX];
    struct scan_frame_conf conf;
    size_t n = 0;
    int err = read_conf(row, &conf, reterr);
    if (err == 0)
        err = read_events(csv_row_get(row, "events"), events, &n, reterr);
    char want[ANSWER_MAX];
    size_t want_len = 0;
    if (err == 0)
        err = vector_unescape(csv_row_get(row, "expect"), want, sizeof(want), &want_len, reterr);
    if (err < 0)
        return err;

    struct hid_decode d;
    err = hid_decode_init(&d, &conf, false);
    if (err < 0)
        return err;
    struct answer got = {0};
    for (size_t at = 0; at < n;) {
        size_t used = 0;
        note(&got, hid_decode_next(&d, events + at, n - at, &used), &d);
        at += used;
    }
    note(&got, hid_decode_cut(&d), &d);
    vector_expect_text(run, "frames", got.text, want);
    return 0;
}

static const char *const columns[] = {"gs_mode", "terminator", "gap_ms", "events", "expect", NULL};

/* gs_mode says how the scanner sends GS. It is not told to the decoder, which reads all ways. */
const struct vector_kind vector_hid_kinds[] = {{"hid", columns, check, "id"}, {0}};
