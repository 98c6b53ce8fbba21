/* SPDX-License-Identifier: Apache-2.0 */
/* hal/printer_status.h -- what ~HS of ZPL II answers: three lines between STX and ETX. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define PRINTER_ANSWER_MAX 256

/* In the order in which one outranks another: what a person must do first. */
enum printer_state {
    PRINTER_READY,
    PRINTER_PAUSED,
    PRINTER_BUFFER_FULL,
    PRINTER_RIBBON_OUT,
    PRINTER_PAPER_OUT,
    PRINTER_HEAD_OPEN,
    PRINTER_SILENT, /* it does not answer: media or ribbon out, head open, or switched off */
};

struct printer_status {
    enum printer_state state;
    int32_t formats_waiting;  /* in its buffer */
    int32_t labels_remaining; /* of the batch being printed */
};

/* Reads a whole answer. -EBADMSG when it is none, -EAGAIN when its third line has not come yet. */
NODISCARD int printer_status_read(const char *answer, size_t len, struct printer_status *ret);

/* Writes such an answer, for simulators; ret has PRINTER_ANSWER_MAX bytes. Returns its length. */
size_t printer_status_write(const struct printer_status *status, char *ret);

const char *printer_state_name(enum printer_state state); /* "paper_out" */
