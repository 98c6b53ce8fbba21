/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "contact.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static int read_contact(struct sql_query *q, struct contact *ret)
{
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    struct contact c = {0};
    sql_copy(q, 0, c.party, sizeof(c.party));
    sql_copy(q, 2, c.address, sizeof(c.address));
    sql_copy(q, 3, c.language, sizeof(c.language));
    sql_copy(q, 4, c.state, sizeof(c.state));
    int err = channel_parse(sql_text(q, 1), &c.channel);
    if (err < 0)
        return -EBADMSG;
    err = sql_step(q); /* whether all fitted; no second row is asked for */
    if (err < 0)
        return err;
    *ret = c;
    return 0;
}

int contact_find(struct sql *s, const char *party, enum message_channel channel,
                 struct contact *ret)
{
    assert(s && party && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT party, channel, address, language, state FROM contact"
                     " WHERE party = $1 AND channel = $2");
    sql_bind_text(q, 1, party);
    sql_bind_text(q, 2, channel_name(channel));
    return read_contact(q, ret);
}

int contact_next_address(struct sql *s, enum message_channel channel, const char *address,
                         const char *after, struct contact *ret)
{
    assert(s && address && after && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT party, channel, address, language, state FROM contact"
                     " WHERE channel = $1 AND address = $2 AND party > $3 ORDER BY party LIMIT 1");
    sql_bind_text(q, 1, channel_name(channel));
    sql_bind_text(q, 2, address);
    sql_bind_text(q, 3, after);
    return read_contact(q, ret);
}

/* ---- addresses ---- */

static bool is_indian_mobile(const char *a)
{
    return strlen(a) == 12 && strspn(a, "0123456789") == 12 && strncmp(a, "91", 2) == 0 &&
           a[2] >= '6';
}

/* Of another country, or a business-scoped id: two capital letters, a point and what follows. */
static bool is_whatsapp(const char *a)
{
    size_t len = strlen(a);
    if (strspn(a, "0123456789") == len)
        return len >= 8 && len <= 15;
    return len > 3 && len <= 131 && a[0] >= 'A' && a[0] <= 'Z' && a[1] >= 'A' && a[1] <= 'Z' &&
           a[2] == '.' && strcspn(a, " \"\\\t\r\n") == len;
}

/* Enough that nothing of it can become a header or a second recipient. */
static bool is_email(const char *a)
{
    const char *at = strchr(a, '@');
    return at && at > a && at == strrchr(a, '@') && strchr(at + 1, '.') &&
           strcspn(a, " <>,;:\"\\()[]\t\r\n") == strlen(a);
}

static bool is_address(enum message_channel channel, const char *a)
{
    static bool (*const checks[CHANNEL_COUNT])(const char *) = {[CHANNEL_WHATSAPP] = is_whatsapp,
                                                                [CHANNEL_SMS] = is_indian_mobile,
                                                                [CHANNEL_EMAIL] = is_email};
    return checks[channel](a);
}

int contact_set(struct sql *s, const struct contact *c, int64_t now_ms)
{
    assert(s && c);
    if (!is_address(c->channel, c->address))
        return -EINVAL;
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO contact(party, channel, address, language, state, changed_ms)"
                     " VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT(tenant, party, channel)"
                     " DO UPDATE SET address = excluded.address, language = excluded.language,"
                     " state = excluded.state, changed_ms = excluded.changed_ms");
    sql_bind_text(q, 1, c->party);
    sql_bind_text(q, 2, channel_name(c->channel));
    sql_bind_text(q, 3, c->address);
    sql_bind_text(q, 4, c->language[0] ? c->language : "en");
    sql_bind_text(q, 5, c->state[0] ? c->state : "active");
    sql_bind_int(q, 6, now_ms);
    return sql_run(q);
}

int contact_suppress(struct sql *s, const char *party, enum message_channel channel,
                     const char *why, int64_t now_ms)
{
    assert(s && party && why);
    AUTO(sql_query)
    q = sql_query(s, "UPDATE contact SET state = $3, changed_ms = $4"
                     " WHERE party = $1 AND channel = $2");
    sql_bind_text(q, 1, party);
    sql_bind_text(q, 2, channel_name(channel));
    sql_bind_text(q, 3, why);
    sql_bind_int(q, 4, now_ms);
    return sql_run(q);
}

/* ---- the ledger ---- */

static int newest(struct sql *s, const struct consent_record *r, int64_t *ret_version,
                  bool *ret_same)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT version, status, evidence FROM consent WHERE party = $1"
                     " AND channel = $2 AND purpose = $3 ORDER BY version DESC LIMIT 1");
    sql_bind_text(q, 1, r->party);
    sql_bind_text(q, 2, channel_name(r->channel));
    sql_bind_text(q, 3, purpose_name(r->purpose));
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret_version = got ? sql_int(q, 0) : 0;
    *ret_same = got && strcmp(sql_text(q, 1), consent_status_name(r->status)) == 0 &&
                strcmp(sql_text(q, 2), r->evidence) == 0;
    return 0;
}

int consent_append(struct sql *s, const struct consent_record *r)
{
    assert(s && r && r->party && r->source && r->text_shown && r->language && r->evidence);
    int64_t version = 0;
    bool same = false;
    int err = sql_lock(s, "consent");
    if (err == 0)
        err = newest(s, r, &version, &same);
    if (err < 0 || same)
        return err < 0 ? err : 1;
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO consent(party, channel, purpose, version, status, at_ms, source,"
                     " text_shown, language, evidence)"
                     " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    sql_bind_text(q, 1, r->party);
    sql_bind_text(q, 2, channel_name(r->channel));
    sql_bind_text(q, 3, purpose_name(r->purpose));
    sql_bind_int(q, 4, version + 1);
    sql_bind_text(q, 5, consent_status_name(r->status));
    sql_bind_int(q, 6, r->at_ms);
    sql_bind_text(q, 7, r->source);
    sql_bind_text(q, 8, r->text_shown);
    sql_bind_text(q, 9, r->language);
    sql_bind_text(q, 10, r->evidence);
    return sql_run(q);
}

int consent_recorded(struct sql *s, const struct consent_record *r)
{
    assert(s && r && r->party && r->evidence);
    AUTO(sql_query)
    q = sql_query(s, "SELECT 1 FROM consent WHERE party = $1 AND channel = $2 AND purpose = $3"
                     " AND status = $4 AND evidence = $5 LIMIT 1");
    sql_bind_text(q, 1, r->party);
    sql_bind_text(q, 2, channel_name(r->channel));
    sql_bind_text(q, 3, purpose_name(r->purpose));
    sql_bind_text(q, 4, consent_status_name(r->status));
    sql_bind_text(q, 5, r->evidence);
    return sql_step(q);
}

int consent_now(struct sql *s, const char *party, enum message_channel channel,
                enum message_purpose purpose, enum consent_status *ret)
{
    assert(s && party && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT status FROM consent WHERE party = $1 AND channel = $2"
                     " AND purpose = $3 ORDER BY version DESC LIMIT 1");
    sql_bind_text(q, 1, party);
    sql_bind_text(q, 2, channel_name(channel));
    sql_bind_text(q, 3, purpose_name(purpose));
    int got = sql_step(q);
    if (got < 0)
        return got;
    if (got == 0) {
        *ret = CONSENT_NONE;
        return 0;
    }
    return consent_status_parse(sql_text(q, 0), ret) < 0 ? -EBADMSG : 0;
}

int contact_may(struct sql *s, const char *party, enum message_channel channel,
                enum message_purpose purpose)
{
    struct contact c;
    enum consent_status consent;
    int err = contact_find(s, party, channel, &c);
    if (err == 0)
        err = consent_now(s, party, channel, purpose, &consent);
    if (err < 0)
        return err == -ENOENT ? 0 : err;
    return strcmp(c.state, "active") == 0 && consent_allows(consent, purpose);
}
