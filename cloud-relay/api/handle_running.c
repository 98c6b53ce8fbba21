/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agents and what they set aside. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_handlers.h"
#include "api_rows.h"
#include "dead_letter.h"
#include "runtime.h"

struct agent_list {
    struct api_call *call;
    cJSON *items;     /* all of them, or NULL ... */
    const char *only; /* ... one, into the answer itself */
    bool found;
};

static int add_agent(const struct agent_state *state, void *context)
{
    struct agent_list *list = context;
    struct http_json *b = &list->call->answer;
    if (list->only && strcmp(list->only, state->agent) != 0)
        return 0;
    list->found = true;
    cJSON *to = list->only ? list->call->root : http_json_add_object(b, list->items, NULL);
    http_json_text(b, to, "agent", state->agent);
    http_json_text(b, to, "state", state->state);
    http_json_text(b, to, "wanted", state->wanted);
    http_json_instant(b, to, "startedAt", state->started_ms);
    http_json_instant(b, to, "heartbeatAt", state->heartbeat_ms);
    http_json_instant(b, to, "ranAt", state->ran_ms);
    http_json_instant(b, to, "dueAt", state->due_ms);
    http_json_number(b, to, "restarts", state->restarts);
    http_json_number(b, to, "failures", state->failures);
    http_json_instant(b, to, "retryAt", state->retry_ms);
    http_json_number(b, to, "handled", state->handled);
    http_json_number(b, to, "behind", state->behind);
    http_json_text(b, to, "lastError", state->last_error);
    return 0;
}

int handle_list_agents(struct api_call *call)
{
    struct agent_list list = {.call = call,
                              .items = http_json_add_array(&call->answer, call->root, "items")};
    return agent_state_each(call->s, add_agent, &list);
}

int handle_command_agent(struct api_call *call)
{
    static const char *const words[] = {
        [AGENT_START] = "start", [AGENT_STOP] = "stop", [AGENT_RESTART] = "restart"};
    const char *agent = api_arg(call, "agent");
    struct agent_order order = {
        .agent = agent,
        .by = call->actor,
        .reason = api_body_text(call, "reason", ""),
        .cause = call->cause,
        .wall_ms = call->now_ms,
    };
    for (unsigned i = 0; i < ARRAY_LEN(words); i++) {
        if (strcmp(api_body_text(call, "command", ""), words[i]) == 0)
            order.command = (enum agent_command)i;
    }
    int err = agent_command(call->s, &order);
    if (err == -ENOENT)
        return api_absent(call, "agent", agent);
    struct agent_list list = {.call = call, .only = agent};
    if (err >= 0)
        err = agent_state_each(call->s, add_agent, &list);
    return err < 0 ? err : list.found ? 0 : api_absent(call, "agent", agent);
}

static const char select_letters[] =
    "SELECT CAST(letter AS TEXT) AS key, letter, source, device, epoch, seq, reason, "
    "CAST(length(body) AS BIGINT), state,"
    " made_ms, decided_by, decided_ms FROM dead_letter WHERE letter < $2 AND ($3 = '' OR"
    " state = $3) AND ($4 = 0 OR letter = $4) ORDER BY letter DESC LIMIT $1";
static const struct api_column letter_columns[] = {
    {"key", FIELD_KEY},        {"letter", FIELD_INT},     {"source", FIELD_TEXT},
    {"device", FIELD_TEXT},    {"epoch", FIELD_INT},      {"seq", FIELD_INT},
    {"reason", FIELD_TEXT},    {"bytes", FIELD_INT},      {"state", FIELD_TEXT},
    {"madeAt", FIELD_INSTANT}, {"decidedBy", FIELD_TEXT}, {"decidedAt", FIELD_INSTANT},
};

static struct sql_query *query_letters(struct api_call *call, int64_t limit, int64_t before,
                                       const char *state, int64_t letter)
{
    struct sql_query *q = sql_query(call->s, select_letters);
    sql_bind_int(q, 1, limit);
    sql_bind_int(q, 2, before);
    sql_bind_text(q, 3, state);
    sql_bind_int(q, 4, letter);
    return q;
}

int handle_list_dead_letters(struct api_call *call)
{
    const char *after = api_arg(call, "after");
    int64_t limit = api_arg_int(call, "limit");
    AUTO(sql_query)
    q = query_letters(call, limit, after[0] != '\0' ? strtoll(after, NULL, 10) : INT64_MAX,
                      api_arg(call, "state"), 0);
    return api_rows(call, q, letter_columns, ARRAY_LEN(letter_columns), limit);
}

int handle_decide_dead_letter(struct api_call *call)
{
    int64_t letter = api_arg_int(call, "letter");
    bool repair = strcmp(api_body_text(call, "decision", ""), "repair") == 0;
    int err = dead_letter_decide(call->s, letter, repair ? "again" : "dropped", call->actor,
                                 call->now_ms);
    if (err == -ENOENT)
        return api_refuse(call, 409, "not_open", "letter", "an open letter",
                          "there is no open letter of that number");
    if (err < 0)
        return err;
    AUTO(sql_query) q = query_letters(call, 1, INT64_MAX, "", letter);
    int n = sql_step(q);
    if (n != 1)
        return n < 0 ? n : -EIO;
    err = api_row(call, call->root, q, letter_columns, ARRAY_LEN(letter_columns));
    if (err < 0)
        return err;
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "letter:%" PRId64, letter);
    struct api_change change = {.type = repair ? "LetterTriedAgain" : "LetterDropped",
                                .subject = subject,
                                .place = "",
                                .why = api_body_text(call, "reason", ""),
                                .before = "\"open\"",
                                .after = repair ? "\"again\"" : "\"dropped\""};
    return api_audit(call, &change);
}
