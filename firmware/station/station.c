/* SPDX-License-Identifier: Apache-2.0 */
#include "station.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "flow.h"
#include "hand.h"
#include "lines.h"
#include "message.h"
#include "reading.h"
#include "scan_repeat.h"
#include "session.h"
#include "stock_effect.h"
#include "text.h"
#include "undo.h"
#include "words.h"

#define TOUCHED_MAX (STATION_GROUP_MAX * JOURNAL_UNIT_MAX)

/* Which frames a post's scanners sent last. */
struct repeats {
    struct scan_repeat seen;
    char devices[SCAN_REPEAT_SCANNERS_MAX][ENTRY_DEVICE_SIZE];
    size_t next; /* device row that makes room when all are taken */
};

struct station {
    struct station_conf conf;
    struct journal *journal;  /* borrowed */
    struct journal_time time; /* of the last input */

    struct post posts[STATION_POSTS_MAX];
    struct post kept[STATION_POSTS_MAX]; /* where they stood before the group */
    struct repeats repeats[STATION_POSTS_MAX];
    struct pin_guard guard;

    struct step step;
    struct station_answer answers[STATION_GROUP_MAX];
    size_t answers_count;
    size_t answers_next;
    bool committed; /* the answers may be given out */

    struct station_label labels[STATION_GROUP_MAX];
    size_t labels_count;
    size_t labels_next;
    char touched[TOUCHED_MAX][ENTRY_SKU_SIZE];
    size_t touched_count;
    size_t touched_next;
};

/* ---- opening ---- */

static int check_bin(struct journal *j, const char *post, const char *bin, struct diag *reterr)
{
    struct catalogue_bin found;
    int r = master_bin(j, bin, &found);
    if (r < 0) {
        diag_set(reterr, 0, "post %s: its bin %s cannot be looked up", post, bin);
        return r;
    }
    if (r == 0) {
        diag_set(reterr, 0, "post %s: there is no bin %s", post, bin);
        return -EINVAL;
    }
    return 0;
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

static struct post *find_post(struct station *s, const char *name)
{
    for (size_t i = 0; i < s->conf.posts_count; i++)
        if (strcmp(s->conf.posts[i].post, name) == 0)
            return &s->posts[i];
    return NULL;
}

static void begin_step(struct station *s, struct post *p, const struct journal_time *time,
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

static int enter_flow(struct step *s, const char *name)
{
    struct post *p = s->post;
    bool home = strcmp(name, "home") == 0;
    const struct flow *flow = home ? NULL : flow_find(name);
    char title[STATION_CODE_SIZE];
    if (!home && !flow) {
        step_say(s, TONE_REJECT, "command_unknown", name, NULL);
        return 0;
    }
    if (p->work.draft.qty > 0 || p->work.lines_count > 0) {
        step_say(s, TONE_REJECT, "finish_first", NULL);
        return 0;
    }
    if (flow && p->role < flow->role) {
        step_add_refused(s, "not_allowed", "", NULL);
        step_say(s, TONE_REJECT, "not_allowed", NULL);
        return 0;
    }
    post_enter(p, flow);
    snprintf(title, sizeof(title), "flow_%s", flow ? flow->name : "home");
    step_say(s, TONE_NOTED, title, NULL);
    return flow && flow->begin ? flow->begin(s) : 0;
}

struct first_line {
    enum order_kind kind;
    bool found;
};

static int on_first_line(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    struct first_line *f = context;
    f->kind = ((const struct catalogue_order_line *)record)->kind;
    f->found = true;
    return 1;
}

/* A document's label scanned on the home screen opens the flow that it is for. */
static int enter_by_document(struct step *s, const struct command *c)
{
    static const struct flow *const flows[] = {
        [ORDER_SALE] = &flow_pick,
        [ORDER_PURCHASE] = &flow_receive,
        [ORDER_TRANSFER_OUT] = &flow_dispatch,
        [ORDER_TRANSFER_IN] = &flow_arrive,
    };
    struct first_line first = {.found = false};
    int err = master_order(s->journal, c->text, on_first_line, &first);
    if (err < 0)
        return err;
    if (!first.found) {
        step_say(s, TONE_REJECT, "unknown_document", c->text, NULL);
        return 0;
    }
    post_enter(s->post, flows[first.kind]);
    return s->post->flow->command(s, c);
}

static int print_labels(struct step *s, int64_t copies)
{
    struct post *p = s->post;
    char n[STATION_ARG_SIZE];
    if (!p->has_label) {
        step_say(s, TONE_REJECT, "nothing_to_print", NULL);
        return 0;
    }
    struct entry *e = step_add(s, ENTRY_PRINTED, false);
    snprintf(p->label.job, sizeof(p->label.job), "label-%" PRId64,
             journal_head(s->journal) + (int64_t)s->entries_count);
    p->label.copies = (int32_t)copies;
    memcpy(e->document, p->label.job, sizeof(e->document));
    memcpy(e->sku, p->label.sku, sizeof(e->sku));
    e->batch = p->label.batch;
    e->qty = copies;
    snprintf(e->note, sizeof(e->note), "%s/1", p->label.template);
    s->labels[s->labels_count++] = p->label;
    step_say(s, TONE_ACCEPT, "printing", words_number(copies, n), NULL);
    return 0;
}

static int route_command(struct station *st, struct step *s, const struct command *given)
{
    struct post *p = s->post;
    struct command c = *given;
    if (c.verb == VERB_WORKER && p->worker[0] && p->work.ask == ASK_WITNESS)
        c.verb = VERB_WITNESS; /* the badge that was asked for */
    int r = session_command(s, &st->guard, &c);
    if (r != 0)
        return r < 0 ? r : 0;
    if (!p->worker[0]) {
        step_say(s, TONE_REJECT, "sign_in_first", NULL);
        return 0;
    }
    if (c.verb == VERB_FLOW)
        return enter_flow(s, c.text);
    if (c.verb == VERB_UNDO)
        return undo_last(s);
    if (c.verb == VERB_PRINT)
        return print_labels(s, c.number);
    if (p->flow)
        return p->flow->command(s, &c);
    if (c.verb == VERB_DOCUMENT)
        return enter_by_document(s, &c);
    step_say(s, TONE_REJECT, "choose_flow", NULL);
    return 0;
}

static int route_goods(struct step *s, const struct goods *g)
{
    struct post *p = s->post;
    if (!p->worker[0])
        step_say(s, TONE_REJECT, "sign_in_first", NULL);
    else if (!p->flow)
        step_say(s, TONE_REJECT, "choose_flow", NULL);
    else if (p->work.ask != ASK_NOTHING)
        step_say(s, TONE_REJECT, "answer_first", NULL);
    else
        return p->flow->goods(s, g);
    return 0;
}

static int take_text(struct station *st, struct step *s, const char *text)
{
    struct command c;
    int err = command_parse(text, s->today, &c);
    if (err == 0)
        return route_command(st, s, &c);
    step_say(s, TONE_REJECT, err == -ENOENT ? "command_unknown" : "command_argument", NULL);
    return 0;
}

static int take_scan(struct station *st, struct step *s)
{
    const struct station_input *in = s->in;
    struct reading r = reading_of(in->bytes, in->len, &st->conf.barcode, s->today);
    switch (r.kind) {
    case READING_COMMAND:
        return route_command(st, s, &r.command);
    case READING_GOODS:
        return route_goods(s, &r.goods);
    case READING_BAD_COMMAND:
        step_say(s, TONE_REJECT, "command_unknown", NULL);
        return 0;
    case READING_MALFORMED:
        step_say(s, TONE_REJECT, "code_malformed", NULL);
        return 0;
    }
    return 0;
}

static int take_weight(struct step *s)
{
    struct post *p = s->post;
    if (!p->worker[0])
        step_say(s, TONE_REJECT, "sign_in_first", NULL);
    else if (s->in->grams <= 0 || s->in->grams > DRAFT_QTY_MAX)
        step_say(s, TONE_REJECT, "weight_not_bookable", NULL);
    else if (!p->flow || !p->flow->weight)
        step_say(s, TONE_REJECT, "no_weight_here", NULL);
    else if (p->work.ask != ASK_NOTHING)
        step_say(s, TONE_REJECT, "answer_first", NULL);
    else
        return p->flow->weight(s, s->in->grams);
    return 0;
}

static int take(struct station *st, struct step *s)
{
    const struct station_input *in = s->in;
    switch (in->kind) {
    case INPUT_LOST:
        step_say(s, TONE_REJECT, "scan_lost", NULL);
        return 0;
    case INPUT_COMMAND:
        return take_text(st, s, in->command);
    case INPUT_WEIGHT:
        return take_weight(s);
    case INPUT_SCAN:
        if (in->partial || in->len == 0) {
            step_say(s, TONE_REJECT, "scan_partial", NULL);
            return 0;
        }
        return take_scan(st, s);
    }
    return 0;
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
    memcpy(s->kept, s->posts, sizeof(s->kept));
}

/* Nothing of the group happened: posts stand where they stood, and every answer says so. */
static void forget_group(struct station *s)
{
    for (size_t i = 0; i < s->conf.posts_count; i++) {
        int64_t version = s->posts[i].version;
        s->posts[i] = s->kept[i];
        s->posts[i].version = version + 1;
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
        struct post *p = find_post(s, a->post);
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
    int err = take(s, step);
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
    p->clock_doubtful = step->doubtful;
    p->version++;
}

int station_input(struct station *s, const struct station_input *in,
                  const struct journal_time *time)
{
    assert(s && in && time && in->len <= sizeof(in->bytes));
    struct post *p = find_post(s, in->post);
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
    begin_step(s, p, time, in);
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

void station_refresh(struct station *s)
{
    assert(s);
    for (size_t i = 0; i < s->conf.posts_count; i++)
        s->posts[i].version++;
}

/* ---- views ---- */

static void view_item(struct step *s, struct station_view *v)
{
    const struct draft *d = &s->post->work.draft;
    char qty[STATION_ARG_SIZE];
    if (!d->has_product || (v->has_target && d->qty == 0))
        return;
    int32_t kind = 0;
    v->has_item = true;
    v->item = (struct station_item){.made_day = d->made_day, .qty = d->qty};
    v->item.batch = draft_key(d, &kind);
    v->item.expiry_kind = kind;
    text_cut(v->item.sku, sizeof(v->item.sku), d->product.sku);
    text_cut(v->item.name, sizeof(v->item.name), d->product.name);
    text_cut(v->item.name_hi, sizeof(v->item.name_hi), d->product.name_hi);
    text_cut(v->item.qty_text, sizeof(v->item.qty_text),
             words_qty(&d->product, d->qty, step_in_hindi(s), qty));
    if (s->post->work.has_lot)
        text_cut(v->item.bin, sizeof(v->item.bin), s->post->work.lot.bin);
    v->item.days_left =
        v->item.batch.expiry_day == CIVIL_NONE ? INT32_MAX : v->item.batch.expiry_day - s->today;
}

static void view_home(const struct step *s, struct station_view *v)
{
    size_t n = 0;
    const struct flow *const *flows = flow_list(&n);
    view_prompt(v, "choose_flow", NULL);
    for (size_t i = 0; i < n; i++) {
        char command[STATION_COMMAND_SIZE];
        char title[STATION_CODE_SIZE];
        if (s->post->role < flows[i]->role)
            continue;
        snprintf(command, sizeof(command), "flow:%s", flows[i]->name);
        snprintf(title, sizeof(title), "flow_%s", flows[i]->name);
        view_choice(v, command, i < 3, false, title, NULL);
    }
}

static int view_work(struct step *s, struct station_view *v)
{
    struct post *p = s->post;
    if (!p->flow) {
        view_home(s, v);
        return 0;
    }
    text_cut(v->flow, sizeof(v->flow), p->flow->name);
    int err = p->flow->view(s, v);
    if (err < 0)
        return err;
    view_item(s, v);
    if (p->has_label && p->work.draft.qty == 0)
        view_choice(v, "print:labels:1", false, false, "print_label", p->label.batch.number, NULL);
    if (p->last_seq > 0 && p->work.draft.qty == 0)
        view_choice(v, "undo", false, false, "undo", NULL);
    return 0;
}

int station_view(struct station *s, const char *post, int64_t now_mono_ms, struct station_view *ret)
{
    assert(s && post && ret);
    struct post *p = find_post(s, post);
    if (!p)
        return -ENOENT;
    static const struct station_input none = {.kind = INPUT_COMMAND};
    struct journal_time now = s->time;
    if (now_mono_ms > now.mono_ms) {
        now.wall_ms += now_mono_ms - now.mono_ms;
        now.mono_ms = now_mono_ms;
    }
    begin_step(s, p, &now, &none);
    struct station_view v = {.version = p->version,
                             .answer = p->answer,
                             .answer_tone = p->answer_tone,
                             .clock_doubtful = p->clock_doubtful,
                             .recent_count = p->recent_count};
    text_cut(v.post, sizeof(v.post), post);
    memcpy(v.language, p->language, sizeof(v.language));
    memcpy(v.recent, p->recent, sizeof(v.recent));
    memcpy(v.document, p->work.document, sizeof(v.document));
    if (p->worker[0] && !p->candidate[0] && !session_idle(p, s->conf.sign_out_ms, now_mono_ms)) {
        memcpy(v.worker, p->worker, sizeof(v.worker));
        text_cut(v.worker_name, sizeof(v.worker_name), p->worker_name);
        int err = view_work(&s->step, &v);
        if (err < 0)
            return err;
    } else {
        session_view(&s->step, &v);
    }
    *ret = v;
    return 0;
}
