/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "flow.h"
#include "session.h"
#include "station_state.h"
#include "text.h"
#include "words.h"

static void view_item(struct step *s, struct station_view *v)
{
    const struct draft *d = &s->post->work.draft;
    char qty[STATION_ARG_SIZE];
    /* Of a product whose line is booked nothing is in hand any more. */
    if (!d->has_product || (d->qty == 0 && (v->has_target || v->total > 0)))
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
    struct post *p = station_find_post(s, post);
    if (!p)
        return -ENOENT;
    static const struct station_input none = {.kind = INPUT_COMMAND};
    struct journal_time now = s->time;
    if (now_mono_ms > now.mono_ms) {
        now.wall_ms += now_mono_ms - now.mono_ms;
        now.mono_ms = now_mono_ms;
    }
    station_begin_step(s, p, &now, &none);
    struct station_view v = {.version = p->version,
                             .answers = p->answers,
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
