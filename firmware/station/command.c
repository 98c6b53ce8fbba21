/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "gs1_date.h"
#include "stock_status.h"
#include "text.h"
#include "utf8.h"

enum argument {
    ARGUMENT_NONE,
    ARGUMENT_CODE, /* printable ASCII without blanks at its ends */
    ARGUMENT_TEXT, /* UTF-8 */
    ARGUMENT_NUMBER,
    ARGUMENT_MONEY,
    ARGUMENT_DAY,
    ARGUMENT_STATUS,
    ARGUMENT_LABELS,
};

#define QTY_MAX INT64_C(1000000000) /* base units that one command may state: 1000 t in grams */
#define MRP_MAX INT64_C(10000000)   /* paise: a lakh rupees a pack */

static const struct {
    const char *word;
    enum verb verb;
    enum argument argument;
    int64_t min, max; /* of a number, or bytes of a text */
} words[] = {
    {"flow", VERB_FLOW, ARGUMENT_CODE, 1, STATION_CODE_SIZE - 1},
    {"worker", VERB_WORKER, ARGUMENT_CODE, 1, ENTRY_WORKER_SIZE - 1},
    {"pin", VERB_PIN, ARGUMENT_CODE, 1, 16},
    {"sign_out", VERB_SIGN_OUT, ARGUMENT_NONE, 0, 0},
    {"language", VERB_LANGUAGE, ARGUMENT_CODE, 2, 2},
    {"undo", VERB_UNDO, ARGUMENT_NONE, 0, 0},
    {"print", VERB_PRINT, ARGUMENT_LABELS, 1, STATION_COPIES_MAX},
    {"ok", VERB_OK, ARGUMENT_NONE, 0, 0},
    {"cancel", VERB_CANCEL, ARGUMENT_NONE, 0, 0},
    {"skip", VERB_SKIP, ARGUMENT_NONE, 0, 0},
    {"again", VERB_AGAIN, ARGUMENT_NONE, 0, 0},
    {"qty", VERB_QTY, ARGUMENT_NUMBER, 0, QTY_MAX},
    {"packs", VERB_PACKS, ARGUMENT_NUMBER, 1, 100000},
    {"batch", VERB_BATCH, ARGUMENT_CODE, 1, ENTRY_BATCH_SIZE - 1},
    {"expiry", VERB_EXPIRY, ARGUMENT_DAY, 0, 0},
    {"made", VERB_MADE, ARGUMENT_DAY, 0, 0},
    {"mrp", VERB_MRP, ARGUMENT_MONEY, 1, MRP_MAX},
    {"reason", VERB_REASON, ARGUMENT_CODE, 1, ENTRY_REASON_SIZE - 1},
    {"note", VERB_NOTE, ARGUMENT_TEXT, 1, ENTRY_NOTE_SIZE - 1},
    {"bin", VERB_BIN, ARGUMENT_CODE, 1, ENTRY_BIN_SIZE - 1},
    {"document", VERB_DOCUMENT, ARGUMENT_CODE, 1, ENTRY_DOCUMENT_SIZE - 1},
    {"line", VERB_LINE, ARGUMENT_NUMBER, 1, INT32_MAX},
    {"pick_batch", VERB_PICK_BATCH, ARGUMENT_NUMBER, 1, STATION_CHOICES_MAX},
    {"witness", VERB_WITNESS, ARGUMENT_CODE, 1, ENTRY_WORKER_SIZE - 1},
    {"short", VERB_SHORT, ARGUMENT_NONE, 0, 0},
    {"damaged", VERB_DAMAGED, ARGUMENT_NUMBER, 1, QTY_MAX},
    {"status", VERB_STATUS, ARGUMENT_STATUS, 0, 0},
    {"sku", VERB_SKU, ARGUMENT_CODE, 1, ENTRY_SKU_SIZE - 1},
};

int command_day(const char *text, int32_t today, int32_t *ret_day)
{
    assert(text && ret_day);
    int32_t reference_year = civil_date(today).year;
    size_t len = strlen(text);
    if (len == 10)
        return civil_parse(text, ret_day);
    if (len == GS1_DATE_LEN)
        return gs1_date_read(text, len, reference_year, ret_day);
    if (len != 5 || text[2] != '/')
        return -EINVAL;
    /* a month without its day ends with its last */
    const char yymm00[GS1_DATE_LEN] = {text[3], text[4], text[0], text[1], '0', '0'};
    return gs1_date_read(yymm00, sizeof(yymm00), reference_year, ret_day);
}

static int read_argument(size_t row, const char *text, int32_t today, struct command *c)
{
    static const char labels[] = "labels:";
    int64_t len = (int64_t)strlen(text);
    int err = 0;
    switch (words[row].argument) {
    case ARGUMENT_NONE:
        return len == 0 ? 0 : -EINVAL;
    case ARGUMENT_CODE:
    case ARGUMENT_TEXT:
        if (len < words[row].min || len > words[row].max)
            return -EINVAL;
        return (words[row].argument == ARGUMENT_CODE ? text_is_code(text) : utf8_is_clean(text))
                   ? 0
                   : -EINVAL;
    case ARGUMENT_LABELS:
        if (strncmp(text, labels, strlen(labels)) != 0)
            return -EINVAL;
        err = decimal_parse(text + strlen(labels), 0, &c->number);
        break;
    case ARGUMENT_NUMBER:
        err = decimal_parse(text, 0, &c->number);
        break;
    case ARGUMENT_MONEY:
        err = decimal_parse(text, 2, &c->number);
        break;
    case ARGUMENT_DAY:
        return command_day(text, today, &c->day);
    case ARGUMENT_STATUS: {
        enum stock_status status = STOCK_SELLABLE;
        err = stock_status_parse(text, &status);
        c->number = status;
        return err < 0 ? -EINVAL : 0;
    }
    }
    return err < 0 || c->number < words[row].min || c->number > words[row].max ? -EINVAL : 0;
}

int command_parse(const char *text, int32_t today, struct command *ret)
{
    assert(text && ret);
    size_t word_len = strcspn(text, ":");
    const char *argument = text[word_len] == ':' ? text + word_len + 1 : "";
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strlen(words[i].word) != word_len || memcmp(words[i].word, text, word_len) != 0)
            continue;
        struct command c = {.verb = words[i].verb};
        if (text_copy(c.text, sizeof(c.text), argument) < 0 ||
            read_argument(i, argument, today, &c) < 0)
            return -EINVAL;
        *ret = c;
        return 0;
    }
    return -ENOENT;
}
