/* SPDX-License-Identifier: Apache-2.0 */
#include "station.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "flow.h"
#include "master.h"
#include "session.h"
#include "station_state.h"
#include "stock_effect.h"
#include "text.h"

/* ---- opening ---- */

static int check_bin(struct journal *j, const char *post, const char *bin, struct diag *reterr)
{
    struct catalogue_bin found;
    int r = master_bin(j, bin, &found);
    if (r < 0) {
        diag_set(reterr, 0, "post %s: its bin %s cannot be looked up", post, bin);
        return r;
    }
    if (r > 0)
        return 0;
    int32_t version = 0;
    r = master_version(j, DOCUMENT_BINS, &version);
    if (r < 0) {
        diag_set(reterr, 0, "the version of the bins document cannot be read");
        return r;
    }
    if (version == 0)
        return 0; /* a new appliance: its documents come later, and workers with them */
    diag_set(reterr, 0, "post %s: there is no bin %s", post, bin);
    return -EINVAL;
}

static int check_post(const struct station_conf *conf, size_t i, struct journal *j,
                      struct diag *reterr)
{
    const struct station_post_conf *p = &conf->posts[i];
    if (p->post[0] == '\0') {
        diag_set(reterr, 0, "post %zu has no name", i + 1);
        return -EINVAL;
    }
    for (size_t k = 0; k < i; k++)
        if (strcmp(conf->posts[k].post, p->post) == 0) {
            diag_set(reterr, 0, "two posts are called %s", p->post);
            return -EINVAL;
        }
    int err = check_bin(j, p->post, p->dock_bin, reterr);
    return err < 0 ? err : check_bin(j, p->post, p->quarantine_bin, reterr);
}

int station_open(const struct station_conf *conf, struct journal *journal, struct diag *reterr,
                 struct station **ret)
{
    assert(conf && journal && ret);
    if (conf->posts_count < 1 || conf->posts_count > STATION_POSTS_MAX) {
        diag_set(reterr, 0, "%zu posts: 1 to %d", conf->posts_count, STATION_POSTS_MAX);
        return -EINVAL;
    }
    for (size_t i = 0; i < conf->posts_count; i++) {
        int err = check_post(conf, i, journal, reterr);
        if (err < 0)
            return err;
    }
    struct station *s = calloc(1, sizeof(*s));
    if (!s) {
        diag_set(reterr, 0, "out of memory");
        return -ENOMEM;
    }
    s->conf = *conf;
    s->journal = journal;
    s->time.wall_ms = journal_last_wall_ms(journal);
    for (size_t i = 0; i < conf->posts_count; i++) {
        s->posts[i] = (struct post){.place = i, .version = 1, .work = work_new()};
        text_cut(s->posts[i].language, sizeof(s->posts[i].language), "en");
    }
    *ret = s;
    return 0;
}

void station_free(struct station *s)
{
    free(s);
}

/* ---- one input ---- */

struct post *station_find_post(struct station *s, const char *name)
{
    for (size_t i = 0; i < s->conf.posts_count; i++)
        if (strcmp(s->conf.posts[i].post, name) == 0)
            return &s->posts[i];
    return NULL;
}

void station_begin_step(struct station *s, struct post *p, const struct journal_time *time,
                        const struct station_input *in)
{
    struct step *step = &s->step;
    step->journal = s->journal;
    step->conf = &s->conf;
    step->place = &s->conf.posts[p->place];
    step->post = p;
    step->time = *time;
    step->today = civil_ist_day(time->wall_ms);
    step->doubtful = (int)time->trust <= (int)CLOCK_TRUST_DOUBTFUL;
    step->judged_day = step->today + (step->doubtful ? STEP_DOUBT_DAYS : 0);
    step->in = in;
    step->tone = TONE_NONE;
    step->message = (struct station_message){0};
    step->entries_count = 0;
    step->booked = false;
    step->labels_count = 0;
}

static unsigned device_row(struct repeats *r, const char *device)
{
    for (unsigned i = 0; i < SCAN_REPEAT_SCANNERS_MAX; i++)
        if (strcmp(r->devices[i], device) == 0)
            return i;
    unsigned row = (unsigned)(r->next++ % SCAN_REPEAT_SCANNERS_MAX);
    text_cut(r->devices[row], sizeof(r->devices[row]), device);
    memset(r->seen.seen[row], 0, sizeof(r->seen.seen[row]));
    return row;
}

static bool is_repeat(struct station *s, const struct post *p, const struct station_input *in)
{
    struct repeats *r = &s->repeats[p->place];
    bool singly = p->flow && p->flow->counts_singly;
    int64_t window = singly ? s->conf.repeat_count_ms : s->conf.repeat_ms;
    return scan_repeat_check(&r->seen, device_row(r, in->device), in->bytes, in->len,
                             s->time.mono_ms, (int32_t)window);
}

/* ---- the group ---- */

static void touch(struct station *s, const char *sku)
{
    for (size_t i = 0; i < s->touched_count; i++)
        if (strcmp(s->touched[i], sku) == 0)
            return;
    if (s->touched_count < TOUCHED_MAX)
        memcpy(s->touched[s->touched_count++], sku, ENTRY_SKU_SIZE);
}

static void begin_group(struct station *s)
{
    if (!s->committed && s->answers_count > 0)
        return; /* it is open */
    s->answers_count = s->answers_next = 0;
    s->labels_count = s->labels_next = 0;
    s->touched_count = s->touched_next = 0;
    s->committed = false;
    memcpy(s->kept, s->posts, s->conf.posts_count * sizeof(s->kept[0]));
}

/* Nothing of the group happened: posts stand where they stood, and every answer says so. */
static void forget_group(struct station *s)
{
    for (size_t i = 0; i < s->conf.posts_count; i++) {
        int64_t version = s->posts[i].version;
        int64_t answers = s->posts[i].answers;
        s->posts[i] = s->kept[i];
        s->posts[i].version = version + 1;
        s->posts[i].answers = answers;
    }
    memset(s->repeats, 0, sizeof(s->repeats)); /* the same code again is no repeat now */
    s->labels_count = 0;
    s->touched_count = 0;
    for (size_t i = 0; i < s->answers_count; i++) {
        struct station_answer *a = &s->answers[i];
        a->tone = TONE_REJECT;
        a->message = (struct station_message){.code = "not_saved"};
        a->first_seq = 0;
        a->entries = 0;
        struct post *p = station_find_post(s, a->post);
        p->answer = a->message;
        p->answer_tone = a->tone;
    }
}

/* Appends what the step gathered. Negative: the step did not happen. */
static int append(struct station *s, struct station_answer *a)
{
    struct step *step = &s->step;
    if (step->entries_count == 0)
        return 0;
    struct diag diag;
    int64_t first = 0;
    int err =
        journal_append(s->journal, &step->time, step->entries, step->entries_count, &diag, &first);
    if (err < 0)
        return err;
    a->first_seq = first;
    a->entries = (int64_t)step->entries_count;
    for (size_t i = 0; i < step->entries_count; i++)
        if (stock_account(&step->entries[i]) != ACCOUNT_NONE)
            touch(s, step->entries[i].sku);
    for (size_t i = 0; i < step->labels_count && s->labels_count < STATION_GROUP_MAX; i++)
        s->labels[s->labels_count++] = step->labels[i];
    if (step->booked) {
        step->post->last_seq = first;
        step->post->last_entries = a->entries;
    }
    return 0;
}

/* Looks up what the post turns to next. A failure leaves the booking as it is: the screen asks
 * again by its next input. */
static void look_ahead(struct station *s)
{
    const struct flow *flow = s->step.post->flow;
    if (flow && flow->next && flow->next(&s->step) < 0)
        s->step.post->work.has_target = false;
}

static void run(struct station *s, struct post *p, struct station_answer *a)
{
    struct step *step = &s->step;
    struct post before = *p;
    if (session_idle(p, s->conf.sign_out_ms, s->time.mono_ms))
        session_end(step, "idle");
    p->active_mono_ms = s->time.mono_ms;
    int err = station_route(s, step);
    if (err == 0 && step->message.code[0] == '\0')
        step_say(step, TONE_REJECT, "command_not_here", NULL);
    const char *failed = err < 0 ? "journal_failed" : "not_saved";
    if (err == 0)
        err = append(s, a);
    if (err < 0) {
        *p = before;
        step_say(step, TONE_REJECT, failed, NULL);
    } else {
        look_ahead(s);
    }
    a->tone = step->tone;
    a->message = step->message;
    p->answer = step->message;
    p->answer_tone = step->tone;
    p->answers++;
    p->clock_doubtful = step->doubtful;
    p->version++;
}

int station_input(struct station *s, const struct station_input *in,
                  const struct journal_time *time)
{
    assert(s && in && time && in->len <= sizeof(in->bytes));
    struct post *p = station_find_post(s, in->post);
    if (!p)
        return -ENOENT;
    begin_group(s);
    if (s->answers_count == STATION_GROUP_MAX)
        return -EAGAIN;
    struct station_answer *a = &s->answers[s->answers_count++];
    *a = (struct station_answer){.tone = TONE_NONE};
    memcpy(a->post, in->post, sizeof(a->post));
    s->time = *time;
    if (in->kind == INPUT_SCAN && !in->partial && in->len > 0 && is_repeat(s, p, in)) {
        a->message = (struct station_message){.code = "repeat"};
        return 0;
    }
    int pending = journal_pending(s->journal);
    station_begin_step(s, p, time, in);
    run(s, p, a);
    if (pending > 0 && journal_pending(s->journal) == 0)
        forget_group(s); /* the failure ended the transaction: earlier inputs are gone too */
    return 0;
}

int station_commit(struct station *s)
{
    assert(s);
    if (s->committed || s->answers_count == 0)
        return 0;
    s->committed = true;
    int err = journal_commit(s->journal);
    if (err < 0)
        forget_group(s);
    return err;
}

int station_answer(struct station *s, struct station_answer *ret)
{
    assert(s && ret);
    if (!s->committed || s->answers_next == s->answers_count)
        return 0;
    *ret = s->answers[s->answers_next++];
    return 1;
}

int station_print(struct station *s, struct station_label *ret)
{
    assert(s && ret);
    if (!s->committed || s->labels_next == s->labels_count)
        return 0;
    *ret = s->labels[s->labels_next++];
    return 1;
}

int station_touched(struct station *s, char ret_sku[ENTRY_SKU_SIZE])
{
    assert(s && ret_sku);
    if (!s->committed || s->touched_next == s->touched_count)
        return 0;
    memcpy(ret_sku, s->touched[s->touched_next++], ENTRY_SKU_SIZE);
    return 1;
}

void station_unlock(struct station *s)
{
    assert(s);
    s->guard = (struct pin_guard){.workers = {{.wrong = 0}}};
}

void station_refresh(struct station *s)
{
    assert(s);
    for (size_t i = 0; i < s->conf.posts_count; i++)
        s->posts[i].version++;
}
