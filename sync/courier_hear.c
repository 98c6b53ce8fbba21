/* SPDX-License-Identifier: Apache-2.0 */
#include "courier_state.h"

#include <errno.h>
#include <string.h>

#include "courier_trouble.h"
#include "log.h"
#include "text.h"
#include "topic.h"

/* Only the answer to a HELLO says when the relay's clock was read. */
static void take_time(struct courier *c, const struct control *r, int64_t hello_ms, int64_t now_ms)
{
    struct anchor next;
    if (c->lapse || anchor_measure(1, hello_ms, now_ms, r->resume.now_ms, &next) < 0 ||
        !anchor_worth(c->anchored ? &c->anchor : NULL, &next))
        return;
    c->anchor = next;
    c->anchored = true;
    clock_anchor(c->clock, next.wall_ms, next.mono_ms);
    struct inbox_anchor a = {
        .mono_ms = next.mono_ms, .wall_ms = next.wall_ms, .error_ms = next.error_ms};
    text_cut(a.boot_id, sizeof(a.boot_id), courier_now(c).boot_id);
    int err = inbox_anchor_put(c->inbox, &a);
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "inbox: the relay's time is not kept: %s", strerror(-err));
    bool was_doubtful = c->doubtful;
    courier_tell_clock(c);
    if (was_doubtful && !c->doubtful)
        mqtt_renew(c->mqtt); /* now the dates of certificates are looked at too */
}

static void hear_offer(struct courier *c, const struct control *m)
{
    int64_t hello_ms = 0;
    if (shipper_is_present(c->shipper, m->session, &hello_ms) &&
        fetcher_offered(c->fetcher, &m->fetch, clock_steady_ms()) < 0)
        log_line(LOG_LEVEL_WARNING, "fetch dropped: no such size of a document");
}

/* Kept for stationd, which does it: said again in each session until its answer has gone up. */
static void hear_command(struct courier *c, const struct control *m)
{
    int64_t hello_ms = 0;
    struct inbox_command command = {.id = m->command.id, .expires_ms = m->command.expires_ms};
    if (!shipper_is_present(c->shipper, m->session, &hello_ms))
        return;
    text_cut(command.what, sizeof(command.what), m->command.what);
    int err = inbox_command_put(c->inbox, &command);
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "command %s: not kept: %s", command.what, strerror(-err));
}

static void hear_control(struct courier *c, const struct mqtt_event *e)
{
    struct control m;
    struct diag why = {0};
    int err = control_read((const char *)e->bytes, e->len, &m, &why);
    if (err < 0) {
        log_line(LOG_LEVEL_WARNING, "message dropped: %s", why.text);
        return;
    }
    if (m.kind == CONTROL_FETCH) {
        hear_offer(c, &m);
        return;
    }
    if (m.kind == CONTROL_COMMAND) {
        hear_command(c, &m);
        return;
    }
    int64_t now_ms = clock_steady_ms();
    int64_t hello_ms = 0;
    bool present = shipper_is_present(c->shipper, m.session, &hello_ms);
    int counts = shipper_heard(c->shipper, &m, now_ms);
    if (counts < 0) {
        log_line(LOG_LEVEL_WARNING, "%s dropped: it contradicts itself", control_kind_name(m.kind));
        return;
    }
    if (counts == 1 && m.kind != CONTROL_NACK) {
        courier_set_trouble(c, "");
        c->acked_ms = courier_now(c).wall_ms;
    }
    if (m.kind != CONTROL_RESUME || !present)
        return;
    if (counts == 1)
        take_time(c, &m, hello_ms, now_ms);
    fetcher_wanted(c->fetcher, m.resume.want, m.resume.want_count, now_ms);
}

static void hear_chunk(struct courier *c, const struct mqtt_event *e)
{
    struct chunk chunk;
    struct diag why = {0};
    int err = chunk_decode(e->bytes, e->len, &chunk, &why);
    int64_t hello_ms = 0;
    if (err == 0 && !shipper_is_present(c->shipper, chunk.session, &hello_ms))
        return;
    if (err == 0)
        err = fetcher_chunk(c->fetcher, &chunk, clock_steady_ms());
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "piece of a document dropped: %s",
                 *why.text ? why.text : strerror(-err));
}

void courier_hear(struct courier *c, const struct mqtt_event *e)
{
    struct topic topic;
    const struct origin *o = c->shipper ? shipper_origin(c->shipper) : NULL;
    if (!o || topic_parse(e->topic, &topic) < 0 || strcmp(topic.tenant, o->tenant) != 0 ||
        strcmp(topic.device, o->device) != 0)
        return; /* not for us: the broker's ACL is not as it should be */
    if (topic.kind == TOPIC_CONTROL)
        hear_control(c, e);
    else if (topic.kind == TOPIC_CHUNKS)
        hear_chunk(c, e);
}

void courier_hear_link(struct courier *c, const struct mqtt_event *e)
{
    int64_t now_ms = clock_steady_ms();
    c->up = e->kind == MQTT_UP;
    if (c->up) {
        log_line(LOG_LEVEL_NOTICE, "link: up");
        c->connected_ms = courier_now(c).wall_ms;
        courier_set_trouble(c, "");
        shipper_link_up(c->shipper, now_ms);
        fetcher_link_up(c->fetcher);
        return;
    }
    const char *trouble = e->err == 0 ? "" : courier_trouble_of_link(e->err);
    if (e->err < 0 && (strcmp(trouble, c->trouble) != 0 || c->connected_ms > 0))
        log_line(LOG_LEVEL_WARNING, "link: down, retrying: %s", e->words);
    c->connected_ms = 0;
    courier_set_trouble(c, trouble);
    shipper_link_down(c->shipper, now_ms);
    fetcher_link_down(c->fetcher);
}

void courier_hear_published(struct courier *c, const struct mqtt_event *e)
{
    if (e->err != -EACCES)
        return; /* what was lost is missed by the machines, and said again */
    if (strcmp(c->trouble, COURIER_FORBIDDEN) != 0)
        log_line(LOG_LEVEL_ERROR, "link: the broker does not let us publish (reason %d)",
                 e->reason);
    courier_set_trouble(c, COURIER_FORBIDDEN);
}
