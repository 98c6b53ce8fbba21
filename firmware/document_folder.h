/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/document_folder.h -- documents that arrive as files (a USB stick, a technician, another
 * process): <type>-<version>.csv as catalogue.h reads them, and opening.csv, the stock from before.
 * One that was applied is removed, as the journal keeps it; one that was refused is renamed to
 * NAME.refused, with the reason in NAME.why,
 * until a file of that name is taken. */
#pragma once

#include "attr.h"
#include "journal.h"

/* Applies and commits what lies there, kinds in the order in which they need each other, versions
 * ascending. Returns how many took effect, or negative as journal_commit() when the journal does
 * not take them now: those files stay. Logs each. */
NODISCARD int document_folder_apply(const char *folder, struct journal *j,
                                    const struct journal_time *time);
