/* SPDX-License-Identifier: Apache-2.0 */
/* sync/fetcher.h -- documents on their way down: what the relay wants here is asked for piece by
 * piece (link/pull.h), kept in the inbox, unpacked and checked. stationd applies it from there. A
 * relay answers one GET with all chunks from the one that was asked for; while they come, nothing
 * is asked again. */
#pragma once

#include "chunk.h"
#include "control.h"
#include "inbox.h"
#include "pull.h"

struct fetcher;

/* Takes up what the inbox holds. Borrows it. -ENOMEM, or the inbox's error. */
NODISCARD int fetcher_open(struct inbox *inbox, uint64_t seed, struct fetcher **ret);
void fetcher_free(struct fetcher *f); /* NULL is fine */
DEFINE_AUTO(fetcher);

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

/* What is to be asked for: 1 and *ret_get (type, version, from_version, at), to be followed by
 * fetcher_asked(); 0: nothing until *ret_until_ms. Unpacks and stores what is whole on the way;
 * *ret_stored names a document that has just become complete, or is "".
 *   -EFBIG  one is too large for messages: it comes by another carrier (the documents folder)
 *   else the inbox's error: open the fetcher anew */
NODISCARD int fetcher_next(struct fetcher *f, int64_t now_ms, struct control_get *ret_get,
                           char ret_stored[INBOX_TYPE_SIZE], int64_t *ret_until_ms);
void fetcher_asked(struct fetcher *f, int64_t now_ms);
