/* SPDX-License-Identifier: Apache-2.0 */
/* station/task_list.h -- what there is to do at this site, as a list for screens: documents that
 * are open, goods that wait on a dock, lots that the books call negative, codes that wait for their
 * product. A fold of documents and journal: nothing is stored. */
#pragma once

#include "master.h"
#include "station.h"

enum task_kind {
    TASK_PICK,
    TASK_RECEIVE,
    TASK_DISPATCH,
    TASK_TAKE_IN,
    TASK_SEND_BACK, /* to the supplier */
    TASK_DISPOSE,   /* destroy */
    TASK_PUT_AWAY,  /* one a lot on a dock */
    TASK_COUNT,     /* one a negative lot: its bin is to be counted */
    TASK_BIND,      /* one a captured code */
};

const char *task_kind_name(enum task_kind kind); /* static; the flow that does it */

/* Parts that a kind does not have are empty; days CIVIL_NONE. */
struct task {
    enum task_kind kind;
    char command[STATION_COMMAND_SIZE]; /* what brings a post to it: "document:SO1", "flow:bind" */
    char document[ENTRY_DOCUMENT_SIZE];
    char party[ENTRY_PARTY_SIZE];
    int32_t due_day;
    int32_t lines, closed; /* of the document; short lines are closed */
    char sku[ENTRY_SKU_SIZE];
    struct batch_key batch;
    char bin[ENTRY_BIN_SIZE];
    int64_t qty; /* base units; TASK_BIND: pieces that carry the code */
    int64_t seq; /* TASK_BIND: of the capture */
};

/* Walks documents by due day, then put-away in FEFO order, counts, and captures by age. on_task
 * returns non-zero to stop; that is passed on. Looks up each line of each open document: some 50 us
 * a line. */
typedef int (*task_fn)(const struct task *task, void *context);
NODISCARD int task_list_each(struct journal *j, const struct station_conf *conf, task_fn on_task,
                             void *context);
