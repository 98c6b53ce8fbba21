/* SPDX-License-Identifier: Apache-2.0 */
/* tests/fault/fault_vfs.h -- a file system in memory for SQLite that fails where it is told to and
 * forgets, at a power cut, what was not synced. One at a time; one connection at a time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define FAULT_VFS "fault" /* its name for journal_conf.vfs */

enum fault_kind {
    FAULT_IO,        /* the call fails and does nothing */
    FAULT_SHORT,     /* a write does half its bytes and fails; other calls as FAULT_IO */
    FAULT_FULL,      /* writes and truncates fail for want of room; other calls are not counted */
    FAULT_READ_ONLY, /* writes, truncates and syncs fail as on a read-only disk */
    FAULT_POWER,     /* from then on every call fails, until fault_vfs_cut() */
};

/* Registers it. Once. */
void fault_vfs_install(void);

/* No files, no faults. */
void fault_vfs_clear(void);

/* Lets the n-th call that the kind counts fail, from 1; 0: all from now on. `lasting`: all after it
 * too. */
void fault_vfs_fail(enum fault_kind kind, int64_t nth, bool lasting);

/* No more faults. */
void fault_vfs_heal(void);

/* Whether the fault that was asked for has happened. */
bool fault_vfs_failed(void);

/* What a cut leaves of what was written and not synced. */
enum cut_kind {
    CUT_NOTHING, /* nothing of it */
    CUT_ALL,     /* all of it */
    CUT_SOME,    /* each sector of 512 bytes by the throw of a coin */
};

/* The power is cut and comes back; nothing may be open. */
void fault_vfs_cut(enum cut_kind kind, uint64_t seed);
