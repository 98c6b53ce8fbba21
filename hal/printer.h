/* SPDX-License-Identifier: Apache-2.0 */
/* hal/printer.h -- one label printer, whatever wire it is on. It hands bytes over and asks how the
 * printer is; it does not know what became of a label (print_job.h) and never sends one again. Not
 * thread-safe: one owner, and not the event loop, for it blocks. */
#pragma once

#include <stddef.h>

#include "attr.h"
#include "printer_status.h"

#define PRINTER_SEND_MS 5000   /* a printer that takes no bytes for so long has stopped */
#define PRINTER_STATUS_MS 1000 /* no answer within is a state, not an error */

struct printer;

/* Hands a whole label over, at once. Blocks for PRINTER_SEND_MS at most.
 *   -ENOTCONN   no byte was handed over: the label can be sent later
 *   -ETIMEDOUT  the printer stopped taking bytes: part of the label may be in it
 *   -EIO        the link broke on the way: the same
 * After the last two it is not known whether the label was printed. Ask the operator: a doubled
 * label is worse than a missing one. */
NODISCARD int printer_send(struct printer *p, const void *label, size_t len);

/* Asks how it is. Blocks for PRINTER_STATUS_MS at most, besides connecting. 0 also when it does not
 * answer (PRINTER_SILENT): printers are silent while media is out or the head is open.
 *   -ENOTCONN  it cannot be reached
 *   -ENOTSUP   the wire goes one way only, such as a file */
NODISCARD int printer_status(struct printer *p, struct printer_status *ret);

void printer_free(struct printer *p); /* NULL is fine */
DEFINE_AUTO(printer);
