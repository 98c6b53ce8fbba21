/* SPDX-License-Identifier: Apache-2.0 */
/* tests/bench/bare.h -- what others are measured against: a SQLite file (WAL, synchronous=FULL)
 * with the journal's table of entries and nothing else. Ends the program when SQLite refuses. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct bare;

struct bare *bare_open(const char *path);
void bare_begin(struct bare *b);
void bare_insert(struct bare *b, int64_t seq, int64_t wall_ms, int32_t kind, const uint8_t *body,
                 size_t len);
void bare_commit(struct bare *b);
void bare_close(struct bare *b);
