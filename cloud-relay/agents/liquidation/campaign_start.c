/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offers go out: what each of them says, and to whom it goes. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign_plan.h"
#include "campaign_trace.h"
#include "civil.h"
#include "domain_event.h"
#include "event_body.h"
#include "outbox.h"
#include "quota.h"
#include "text.h"

static const char actor[] = "agent:liquidation";

struct round { /* one step of the ladder to all targets */
    struct agent_step *step;
    const struct campaign *c;
    const struct catalogue_sku *facts;
    int32_t ladder_step;
    char trace[EVENT_TRACE_SIZE];
    const char *parties[DOMAIN_EVENT_LIST_MAX];
    size_t count;
};

/* "6.50" */
static const char *rupees(int64_t paise, char buf[32])
{
    snprintf(buf, 32, "%" PRId64 ".%02d", paise / 100, (int)(paise % 100));
    return buf;
}

static int64_t packs(const struct catalogue_sku *facts, int64_t units)
{
    return units / facts->packs[0].units;
}

static char *variables_of(const struct round *r, const struct campaign_target *t, char word)
{
    const struct catalogue_party *party = catalogue_index_party(r->step->catalogue, t->party);
    char mrp[32], usual[32], offer[32], most[32];
    char day[CIVIL_TEXT_SIZE];
    char name[TEMPLATE_VARIABLE_SIZE];
    /* An SMS variable has 30 characters at most. */
    text_cut(name, strcmp(t->channel, "sms") == 0 ? 31 : sizeof(name), r->facts->name);
    snprintf(most, sizeof(most), "%" PRId64, packs(r->facts, t->expected_units));
    AUTO(event_body) b = event_body_new();
    event_body_text(b, "outlet", party ? party->name : t->party);
    event_body_text(b, "sku", name);
    event_body_text(b, "batch", r->c->batch.number[0] ? r->c->batch.number : "-");
    event_body_text(
        b, "expiry",
        r->c->batch.expiry_day == CIVIL_NONE ? "-" : civil_format(r->c->batch.expiry_day, day));
    event_body_text(b, "mrp", r->c->batch.mrp_paise > 0 ? rupees(r->c->batch.mrp_paise, mrp) : "-");
    event_body_text(b, "usual", rupees(r->facts->price_paise, usual));
    event_body_text(b, "offer", rupees(r->c->price_paise, offer));
    event_body_text(b, "most", most);
    event_body_text(b, "until", civil_format(r->c->end_day, day));
    const char letter[2] = {word, '\0'};
    event_body_text(b, "reply", word ? letter : "YES"); /* more are open than there are letters */
    return event_body_write(b);
}

static int offer_one(const struct campaign_target *t, void *context)
{
    struct round *r = context;
    enum message_channel channel;
    if (t->held_out || t->ordered_units > 0 || channel_parse(t->channel, &channel) < 0)
        return 0;
    const struct catalogue_party *party = catalogue_index_party(r->step->catalogue, t->party);
    if (party && r->count < ARRAY_LEN(r->parties))
        r->parties[r->count++] = party->party;
    char word = '\0';
    int err = campaign_word(r->step->s, r->c->id, t->party, &word);
    if (err < 0)
        return err;
    char *variables = variables_of(r, t, word);
    if (!variables)
        return -ENOMEM;
    char key[OUTBOX_KEY_SIZE];
    char cause[EVENT_CAUSE_SIZE];
    snprintf(key, sizeof(key), "campaign:%s:%s:%d", r->c->id, t->party, r->ladder_step);
    snprintf(cause, sizeof(cause), "campaign:%s", r->c->id);
    struct outbox_draft d = {.key = key,
                             .channel = channel,
                             .purpose = PURPOSE_MARKETING,
                             .party = t->party,
                             .template = r->c->template,
                             .language = "",
                             .variables = variables,
                             .rank = OUTBOX_RANK_CAMPAIGN,
                             .cause = cause,
                             .trace = r->trace};
    err = outbox_queue(r->step->s, &d, r->step->now_ms, NULL);
    free(variables);
    return err < 0 ? err : 0;
}

static int send_round(struct round *r)
{
    r->facts = catalogue_index_sku(r->step->catalogue, r->c->sku);
    int err = r->facts ? campaign_trace(r->step->s, r->c->id, r->trace) : -ENOENT;
    return err < 0 ? err : campaign_target_each(r->step->s, r->c->id, offer_one, r);
}

int campaign_send(struct agent_step *step, const struct campaign *c, int32_t ladder_step)
{
    assert(step && c);
    struct round *r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    *r = (struct round){.step = step, .c = c, .ladder_step = ladder_step};
    int err = send_round(r);
    free(r);
    return err;
}

static int tell_triggered(struct agent_step *step, const struct campaign *c, const struct round *r,
                          const char *cause)
{
    char words[sizeof(c->channels)];
    const char *channels[CHANNEL_COUNT];
    size_t n = 0;
    snprintf(words, sizeof(words), "%s", c->channels);
    char *rest = NULL;
    for (char *w = strtok_r(words, ",", &rest); w && n < CHANNEL_COUNT;
         w = strtok_r(NULL, ",", &rest))
        channels[n++] = w;
    const char *sku = c->sku;
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "campaign:%s", c->id);
    struct domain_event e = {.type = DOMAIN_CAMPAIGN_TRIGGERED};
    struct campaign_triggered *t = &e.campaign_triggered;
    text_cut(t->campaign_id, sizeof(t->campaign_id), c->id);
    t->skus = (struct domain_list){&sku, 1};
    t->target_retailers = (struct domain_list){r->parties, r->count};
    t->channels = (struct domain_list){channels, n};
    int err = domain_event_append(
        step->s, &e, &(struct domain_event_origin){actor, subject, cause, r->trace, step->now_ms},
        NULL);
    return err < 0 ? err : 0;
}

int campaign_start(struct agent_step *step, const struct campaign *c, const char *cause)
{
    assert(step && c && cause);
    struct campaign_by by = {actor, cause, step->now_ms};
    struct offer now;
    struct quota_use use;
    int err = quota_read(step->s, step->settings, QUOTA_CAMPAIGNS, step->now_ms, &use);
    if (err < 0 || (use.allowed > 0 && use.used >= use.allowed))
        return err; /* it stays approved, and is looked at again */
    struct round *r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    *r = (struct round){.step = step, .c = c, .ladder_step = 1};
    /* A person's own price stands; the step only names the messages. */
    if (campaign_offer(step, c, 1000, &now) == 0)
        r->ladder_step = now.step;
    err = campaign_move(step->s, c->id, CAMPAIGN_RUNNING, "", &by);
    if (err >= 0)
        err = send_round(r);
    if (err == 0)
        err = tell_triggered(step, c, r, cause);
    free(r);
    return err;
}
