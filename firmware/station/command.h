/* SPDX-License-Identifier: Apache-2.0 */
/* station/command.h -- the command language of buttons and printed cards: a word, and for most a
 * colon and an argument ("ok", "qty:12", "expiry:09/26"). It reads the text; what a command does is
 * said by post and flows. Pure.
 *
 *   flow:NAME  ok  cancel  undo  skip  again  short      NAME as in flow.c, or home
 *   qty:N  packs:N  damaged:N  line:N  pick_batch:N      N without a sign
 *   batch:TEXT  expiry:DAY  made:DAY  mrp:RUPEES         DAY: 2026-09-30, 260930 or 09/26
 *   bin:CODE  document:NUMBER  sku:CODE  worker:CODE  witness:CODE
 *   reason:CODE  note:TEXT  status:hold|sellable|quarantine|expired
 *   pin:DIGITS  sign_out  language:hi|en  print:labels:N
 *
 * A printed card carries "VS*" and the command; labels of bins, badges and documents carry "VB*",
 * "VW*" and "VD*" and their code (reading.h). */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "station.h"

enum verb {
    /* For every post. */
    VERB_FLOW, /* text */
    VERB_WORKER,
    VERB_PIN,
    VERB_SIGN_OUT,
    VERB_LANGUAGE,
    VERB_UNDO,
    VERB_PRINT, /* "labels:N": number = copies */
    /* For the flow. */
    VERB_OK,
    VERB_CANCEL,
    VERB_SKIP,
    VERB_AGAIN,
    VERB_QTY,
    VERB_PACKS,
    VERB_BATCH,
    VERB_EXPIRY, /* day */
    VERB_MADE,
    VERB_MRP, /* number in paise */
    VERB_REASON,
    VERB_NOTE,
    VERB_BIN,
    VERB_DOCUMENT,
    VERB_LINE,
    VERB_PICK_BATCH,
    VERB_WITNESS,
    VERB_SHORT,
    VERB_DAMAGED,
    VERB_STATUS, /* number is enum stock_status */
    VERB_SKU,
};

struct command {
    enum verb verb;
    char text[STATION_COMMAND_SIZE]; /* the argument as written */
    int64_t number;
    int32_t day;
};

/* The years that a two-digit year may mean are those nearest to `today` (GS1 General
 * Specifications 7.12: from 49 years before to 50 after).
 *   -ENOENT  no such word
 *   -EINVAL  the word is known; its argument is missing, malformed or out of range */
NODISCARD int command_parse(const char *text, int32_t today, struct command *ret);

/* A date as people write it: "2026-09-30", "260930", "09/26" (month only: its last day).
 * -EINVAL for another text or a day that is not in the calendar. */
NODISCARD int command_day(const char *text, int32_t today, int32_t *ret_day);
