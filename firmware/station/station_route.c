/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "reading.h"
#include "session.h"
#include "station_state.h"
#include "text.h"
#include "undo.h"
#include "words.h"

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
        [ORDER_SUPPLIER_RETURN] = &flow_send_back,
        [ORDER_WRITE_OFF] = &flow_dispose,
    };
    struct first_line first = {.found = false};
    int err = master_order(s->journal, c->text, on_first_line, &first);
    if (err < 0)
        return err;
    if (!first.found) {
        step_say(s, TONE_REJECT, "unknown_document", c->text, NULL);
        return 0;
    }
    if (s->post->role < flows[first.kind]->role) {
        step_add_refused(s, "not_allowed", "", NULL);
        step_say(s, TONE_REJECT, "not_allowed", NULL);
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
    if (p->label.job[0])
        text_cut(e->reason, sizeof(e->reason), "reprint");
    else
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
    struct barcode_settings settings = st->conf.barcode;
    settings.frame.separator = in->separator; /* two scanners of a site may differ in it */
    struct reading r = reading_of(in->bytes, in->len, &settings, s->today);
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

int station_route(struct station *st, struct step *s)
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
