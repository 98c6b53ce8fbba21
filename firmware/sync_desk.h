/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/sync_desk.h -- stationd's side of the inbox that syncd fills: applies the documents that
 * lie in it, takes the relay's time and its commands, and says for the screen how the link stands.
 * It waits for nobody: no inbox, or one that cannot be read, is a link that is not there. */
#pragma once

#include "clock.h"
#include "journal.h"
#include "web_sync.h"

struct sync_desk;

/* -ENOMEM. folder: where syncd lays inbox.db. */
NODISCARD int sync_desk_open(const char *folder, struct sync_desk **ret);
void sync_desk_free(struct sync_desk *d); /* NULL is fine */
DEFINE_AUTO(sync_desk);

/* Looks whether syncd has written something, once a second or so. 1 when there is something for
 * sync_desk_work(), then sync_desk_command(), 0 when there is not. Costs the reading of one number.
 */
int sync_desk_look(struct sync_desk *d);

/* Applies and journals what is new; nothing may be pending in the journal. Returns how many
 * documents took effect. Logs each, and what was refused once. */
int sync_desk_work(struct sync_desk *d, struct journal *j, struct clock *clock,
                   const struct journal_time *time);

/* A command of the relay that is to be carried out, once: its id and its answer are durable in the
 * journal (task_done of "cmd-ID") before the caller does it, so that nothing is done twice. 1 and
 * *ret; 0: there is none; an error of the journal: try again. What is too late or not known here is
 * answered as such on the way. */
enum sync_command {
    SYNC_COMMAND_RESTART, /* end; whoever supervises starts it anew */
    SYNC_COMMAND_UNLOCK,  /* forget wrong PINs */
    SYNC_COMMAND_RESCORE, /* judge all stock again */
};
NODISCARD int sync_desk_command(struct sync_desk *d, struct journal *j,
                                const struct journal_time *time, enum sync_command *ret);

/* What the relay has safe of a journal, as syncd last said: 1 and *ret, or 0. It counts for a
 * journal whose chain is the same there. Borrows nothing. */
int sync_desk_secured(const struct sync_desk *d, int64_t *ret_seq, struct chain_head *ret_hash);

/* How the link stands; what waits is counted in this journal. Borrowed until the next call. */
const struct web_sync *sync_desk_show(struct sync_desk *d, struct journal *j);
