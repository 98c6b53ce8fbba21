/* SPDX-License-Identifier: Apache-2.0 */
/* station/session.h -- who works at a post: badge and PIN, language, signing out by word and by
 * idleness. Which worker may do what is asked of a flow's role. */
#pragma once

#include "pin_guard.h"
#include "step.h"

/* worker, pin, sign_out, language. 1: it was one of them and the reply is made; 0: it is not. A PIN
 * costs the time of its hash (crypt(3) yescrypt), some 10 ms to 100 ms of this thread. */
NODISCARD int session_command(struct step *s, struct pin_guard *guard, const struct command *c);

/* Whether the post has been without input for longer than it may. */
bool session_idle(const struct post *p, int64_t sign_out_ms, int64_t now_mono_ms);

/* Signs out. The work stays for the same worker's return; for another it is laid aside. */
void session_end(struct step *s, const char *reason);

/* Whether `pin` is that worker's. */
bool session_pin_right(const struct catalogue_worker *worker, const char *pin);

/* Prompt and keypad of a post without a worker. */
void session_view(const struct step *s, struct station_view *v);
