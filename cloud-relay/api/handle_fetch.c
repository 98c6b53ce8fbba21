/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /sync/v1/document: an appliance fetches a document that is too large for messages, by the
 * ticket that it was sent over MQTT. Which appliance, which document and which version stand in the
 * ticket; whether it is still to have it, in the store. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api_handlers.h"
#include "api_state.h"
#include "documents.h"

#define SEAT_WAIT_MS 3000

static int read_ticket(struct api_call *call, struct document_ticket *ret)
{
    const char *header = http_header(call->request, "Authorization");
    const char *text = strncasecmp(header, "Bearer ", 7) == 0 ? header + 7 : "";
    int err = document_ticket_read(&call->api->document_key, text, api_real_ms() / 1000, ret);
    if (err == 0)
        return 0;
    return api_refuse(call, 401, err == -ETIME ? "ticket_over" : "no_ticket", "Authorization",
                      "Bearer and the ticket of a FETCH message",
                      err == -ETIME ? "the ticket is over" : "there is no valid ticket");
}

/* A certificate that was withdrawn takes its tickets along. */
static int check_device(struct api_call *call, const char *device)
{
    AUTO(sql_query) q = sql_query(call->s, "SELECT state FROM device WHERE device = $1");
    sql_bind_text(q, 1, device);
    int n = sql_step(q);
    if (n < 0)
        return n;
    if (n == 0 || strcmp(sql_text(q, 0), "revoked") == 0)
        return api_refuse(call, 403, "revoked", "", "", "the appliance has no certificate");
    return 0;
}

/* The bytes from `first` on become the answer. */
static int give(struct api_call *call, const struct document_piece *piece, int64_t first)
{
    if (first >= (int64_t)piece->len) {
        char allowed[48];
        snprintf(allowed, sizeof(allowed), "0 to %zu", piece->len - 1);
        return api_refuse(call, 416, "range", "Range", allowed, "the document has no such byte");
    }
    size_t len = piece->len - (size_t)first;
    char *bytes = malloc(len + 1);
    if (!bytes)
        return -ENOMEM;
    memcpy(bytes, piece->packed + first, len);
    call->text = bytes;
    call->text_len = len;
    call->type = "application/octet-stream";
    call->own_status = 206;
    snprintf(call->range, sizeof(call->range), "bytes %" PRId64 "-%zu/%zu", first, piece->len - 1,
             piece->len);
    return 0;
}

static int fetch(struct api_call *call, const struct document_ticket *ticket, int64_t first)
{
    struct control_get get = {.version = ticket->version};
    memcpy(get.type, ticket->type, sizeof(get.type));
    AUTO(documents) packs = NULL;
    struct document_piece piece;
    int err = documents_open(&packs);
    if (err == 0)
        err = sql_begin(call->s, SQL_READ);
    if (err == 0)
        err = check_device(call, ticket->device);
    if (err == 0)
        err = documents_get(packs, call->s, ticket->device, &get, &piece);
    sql_rollback(call->s);
    if (err == -ENOENT)
        return api_absent(call, "document", ticket->type);
    return err < 0 ? err : give(call, &piece, first);
}

int handle_fetch_document(struct api_call *call)
{
    struct document_ticket ticket;
    int err = read_ticket(call, &ticket);
    if (err < 0)
        return err;
    int64_t first = strtoll(api_arg(call, "Range") + strlen("bytes="), NULL, 10);
    err = api_seat_take(call->api->seats, ticket.tenant, SEAT_WAIT_MS, &call->seat);
    if (err < 0)
        return err == -ENOENT ? api_absent(call, "document", ticket.type) : err;
    call->s = call->seat.s;
    memcpy(call->who.tenant, ticket.tenant, sizeof(ticket.tenant));
    err = fetch(call, &ticket, first);
    api_seat_give(call->api->seats, &call->seat);
    call->s = NULL;
    return err;
}
