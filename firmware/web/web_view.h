/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_view.h -- a post's view and its answers as JSON. It adds nothing that the station did not
 * put into the view: what a worker must not see is not there to be written. Pure.
 *
 *   {"post": "dock-1", "version": 7, "locked": false, "worker": "W07", "worker_name": "Asha",
 *    "language": "hi", "flow": "pick", "document": "SO-1", "prompt": {"code": "scan", "args": []},
 *    "answer": {"code": ..., "args": [...], "tone": "accept"}, "item": {...} | null,
 *    "target": {...} | null, "progress": {"done": 3, "total": 14} | null,
 *    "keypad": {"kind": "number", "prefix": "qty:"} | null,
 *    "choices": [{"command": "ok", "label": {...}, "primary": true, "danger": false}],
 *    "recent": [{...}], "clock_doubtful": false}
 *
 * An item's unknown parts are null: expiry "YYYY-MM-DD", mrp_paise, days_left, ... */
#pragma once

#include <stdbool.h>

#include "attr.h"
#include "station.h"

/* Each returns text that the caller frees, or NULL: no memory. */

/* locked: for a screen without the post's session. It learns that someone works there and who, and
 * nothing of the work. */
char *web_view_json(const struct station_view *view, bool locked);

/* {"tone": ..., "message": {...}, "first_seq": 0, "entries": 0, "view": {...}} */
char *web_answer_json(const struct station_answer *answer, const struct station_view *view,
                      bool locked);

/* {"error": code, "message": text, "allowed": text or null} */
char *web_error_json(const char *code, const char *message, const char *allowed);
