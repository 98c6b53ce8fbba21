/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "campaign.h"

static int read_word(struct sql *s, const char *id, const char *party, char *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT word FROM campaign_target WHERE campaign_id = $1 AND party = $2");
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, party);
    int got = sql_step(q);
    if (got == 1)
        *ret = sql_text(q, 0)[0];
    return got < 0 ? got : got == 1 ? 0 : -ENOENT;
}

/* The next one behind the last that was given to this address, of those that no open offer has. */
static int next_word(struct sql *s, const char *party, char *ret)
{
    static const char words[] = CAMPAIGN_WORDS;
    const size_t count = sizeof(words) - 1;
    bool taken[sizeof(words)] = {false};
    size_t last = count - 1;
    bool first = true;
    AUTO(sql_query)
    q = sql_query(s, "SELECT t.word, CASE WHEN c.state IN ('approved', 'running', 'paused') THEN 1"
                     " ELSE 0 END FROM campaign_target t JOIN campaign c ON c.campaign_id ="
                     " t.campaign_id WHERE t.word <> '' AND (t.party = $1 OR t.party IN (SELECT"
                     " o.party FROM contact k JOIN contact o ON o.channel = k.channel AND o.address"
                     " = k.address WHERE k.party = $1)) ORDER BY c.made_ms DESC, c.campaign_id"
                     " DESC, t.party DESC LIMIT 200");
    sql_bind_text(q, 1, party);
    int got = 0;
    while ((got = sql_step(q)) == 1) {
        const char *at = strchr(words, sql_text(q, 0)[0]);
        if (!at || *at == '\0')
            continue;
        if (first)
            last = (size_t)(at - words);
        first = false;
        taken[at - words] |= sql_int(q, 1) == 1;
    }
    *ret = '\0';
    for (size_t i = 1; i <= count && *ret == '\0'; i++)
        if (!taken[(last + i) % count])
            *ret = words[(last + i) % count];
    return got;
}

int campaign_word(struct sql *s, const char *id, const char *party, char *ret)
{
    assert(s && id && party && ret);
    char word = '\0';
    int err = sql_lock(s, "campaign");
    if (err == 0)
        err = read_word(s, id, party, &word);
    if (err == 0 && word == '\0')
        err = next_word(s, party, &word);
    if (err < 0)
        return err;
    const char text[2] = {word, '\0'};
    AUTO(sql_query)
    q = sql_query(s, "UPDATE campaign_target SET word = $3 WHERE campaign_id = $1 AND party = $2"
                     " AND word = ''");
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, party);
    sql_bind_text(q, 3, text);
    err = word ? sql_run(q) : 0;
    if (err == 0)
        *ret = word;
    return err;
}
