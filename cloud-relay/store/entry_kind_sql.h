/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/entry_kind_sql.h -- kinds of entries (contract/entry.h) as text of a statement. They are no
 * parameters, because a partial index serves a statement only where it names the kinds itself. A
 * number that is not the contract's does not compile. */
#pragma once

#include <assert.h>

#include "entry.h"

#define ENTRY_KIND_SQL_TEXT(number) #number
#define ENTRY_KIND_SQL(number) ENTRY_KIND_SQL_TEXT(number)

#define ENTRY_APPLIED_NUMBER 4
#define ENTRY_OPENING_NUMBER 10
#define ENTRY_RECEIVED_NUMBER 11
#define ENTRY_PICKED_NUMBER 13
#define ENTRY_RETURNED_NUMBER 14
#define ENTRY_DISPATCHED_NUMBER 15
#define ENTRY_ARRIVED_NUMBER 16
#define ENTRY_LOST_NUMBER 17
#define ENTRY_SENT_BACK_NUMBER 18
#define ENTRY_DISPOSED_NUMBER 19
#define ENTRY_CORRECTED_IN_NUMBER 24
#define ENTRY_TASK_DONE_NUMBER 39

static_assert(ENTRY_APPLIED == ENTRY_APPLIED_NUMBER, "as in contract/entry.h");
static_assert(ENTRY_OPENING == ENTRY_OPENING_NUMBER, "as in contract/entry.h");
static_assert(ENTRY_RECEIVED == ENTRY_RECEIVED_NUMBER, "as in contract/entry.h");
static_assert(ENTRY_PICKED == ENTRY_PICKED_NUMBER, "as in contract/entry.h");
static_assert(ENTRY_RETURNED == ENTRY_RETURNED_NUMBER, "as in contract/entry.h");
static_assert(ENTRY_DISPATCHED == ENTRY_DISPATCHED_NUMBER, "as in contract/entry.h");
static_assert(ENTRY_ARRIVED == ENTRY_ARRIVED_NUMBER, "as in contract/entry.h");
static_assert(ENTRY_LOST == ENTRY_LOST_NUMBER, "as in contract/entry.h");
static_assert(ENTRY_SENT_BACK == ENTRY_SENT_BACK_NUMBER, "as in contract/entry.h");
static_assert(ENTRY_DISPOSED == ENTRY_DISPOSED_NUMBER, "as in contract/entry.h");
static_assert(ENTRY_CORRECTED_IN == ENTRY_CORRECTED_IN_NUMBER, "as in contract/entry.h");
static_assert(ENTRY_TASK_DONE == ENTRY_TASK_DONE_NUMBER, "as in contract/entry.h");

#define SQL_APPLIED ENTRY_KIND_SQL(ENTRY_APPLIED_NUMBER)
#define SQL_OPENING ENTRY_KIND_SQL(ENTRY_OPENING_NUMBER)
#define SQL_RECEIVED ENTRY_KIND_SQL(ENTRY_RECEIVED_NUMBER)
#define SQL_PICKED ENTRY_KIND_SQL(ENTRY_PICKED_NUMBER)
#define SQL_RETURNED ENTRY_KIND_SQL(ENTRY_RETURNED_NUMBER)
#define SQL_DISPATCHED ENTRY_KIND_SQL(ENTRY_DISPATCHED_NUMBER)
#define SQL_ARRIVED ENTRY_KIND_SQL(ENTRY_ARRIVED_NUMBER)
#define SQL_LOST ENTRY_KIND_SQL(ENTRY_LOST_NUMBER)
#define SQL_SENT_BACK ENTRY_KIND_SQL(ENTRY_SENT_BACK_NUMBER)
#define SQL_DISPOSED ENTRY_KIND_SQL(ENTRY_DISPOSED_NUMBER)
#define SQL_CORRECTED_IN ENTRY_KIND_SQL(ENTRY_CORRECTED_IN_NUMBER)
#define SQL_TASK_DONE ENTRY_KIND_SQL(ENTRY_TASK_DONE_NUMBER)
