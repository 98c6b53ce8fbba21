/* SPDX-License-Identifier: Apache-2.0 */
/* sync/fetcher.h -- documents on their way down: what the relay wants here is asked for piece by
 * piece (link/pull.h), kept in the inbox, unpacked and checked. stationd applies it from there. A
 * relay answers one GET with one chunk. A document that is too large for that is fetched over HTTPS
 * (download.h), beside everything else. */
#pragma once

#include "chunk.h"
#include "control.h"
#include "diag.h"
#include "inbox.h"
#include "pull.h"
#include "relay_server.h"

struct fetcher;

/* Takes up what the inbox holds. Borrows it. -ENOMEM, or the inbox's error. */
NODISCARD int fetcher_open(struct inbox *inbox, uint64_t seed, struct fetcher **ret);
void fetcher_free(struct fetcher *f); /* NULL is fine */
DEFINE_AUTO(fetcher);

/* Where documents may be fetched from, as it is known now; url "": nowhere, messages carry what
 * they can. Borrows the texts. */
void fetcher_server(struct fetcher *f, const struct relay_server *server);

void fetcher_link_up(struct fetcher *f);
void fetcher_link_down(struct fetcher *f);

/* What is here, for a HELLO. Returns how many. */
size_t fetcher_have(const struct fetcher *f, struct control_have ret[CONTROL_DOCUMENTS_MAX]);

/* A RESUME's wants; types of a newer release are passed over. */
void fetcher_wanted(struct fetcher *f, const struct control_want *want, size_t count,
                    int64_t now_ms);

/* A chunk of the present session. 1 when it was kept, 0 when it was not the next, -EBADMSG, or the
 * inbox's error. */
NODISCARD int fetcher_chunk(struct fetcher *f, const struct chunk *chunk, int64_t now_ms);

/* The relay offers a fetch. 1 when it will be made, 0 when it is of no use, -EBADMSG. */
NODISCARD int fetcher_offered(struct fetcher *f, const struct control_fetch *offer, int64_t now_ms);

/* What is to be asked for: 1 and *ret_get (all but the origin), to be followed by fetcher_asked();
 * 0: nothing until *ret_until_ms. Goes on with a fetch, unpacks and stores what is whole on the
 * way; *ret_stored names a document that has just become complete, or is "".
 *   -EIO  a fetch broke off, and will be taken up: *reterr
 *   else  the inbox's error: open the fetcher anew */
NODISCARD int fetcher_next(struct fetcher *f, int64_t now_ms, struct control_get *ret_get,
                           char ret_stored[INBOX_TYPE_SIZE], int64_t *ret_until_ms,
                           struct diag *reterr);
void fetcher_asked(struct fetcher *f, int64_t now_ms);
