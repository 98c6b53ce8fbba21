/* SPDX-License-Identifier: Apache-2.0 */
/* station/post.h -- the state of one workplace: who works there, in which flow, with what in hand.
 * A plain value of bounded size, so that keeping and restoring it is an assignment. What changes it
 * is in session.h and the flows. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "draft.h"
#include "journal_stock.h"
#include "movement.h"
#include "shelf_life.h"
#include "station.h"

struct flow;

/* What a post has asked and waits to be told. While something is asked, only an answer to it goes
 * on; "cancel" takes the question back. */
enum ask {
    ASK_NOTHING,
    ASK_CONFLICT,   /* the goods contradict what is in hand: take the later reading? */
    ASK_SEPARATOR,  /* was a separator lost between batch and expiry? */
    ASK_SHORT_LIFE, /* too little shelf life at receipt: into hold? */
    ASK_FAR_DATE,   /* the expiry is later than the product's shelf life allows: is it right? */
    ASK_NOT_ORDERED,
    ASK_TOO_MANY, /* more than the document asks for */
    ASK_CAPTURE,  /* nothing is known of the code: how many pieces? */
    ASK_LOT,      /* which of the batches that lie here? */
    ASK_OVERRIDE, /* another batch than proposed: why? */
    ASK_SHORT,    /* the rest of the line is not there: why? */
    ASK_REASON,
    ASK_NOTE,
    ASK_WITNESS,
    ASK_ZERO,    /* nothing was counted here: is the bin empty? */
    ASK_MISSING, /* goods that are booked here were not counted: are there none? */
};

/* A lot that a worker may choose, or has chosen. */
struct offer {
    struct batch_key key;
    int32_t expiry_kind;
    int32_t made_day;
    int32_t status; /* enum stock_status */
    char bin[ENTRY_BIN_SIZE];
    int64_t qty;                 /* there by the books; never shown in a count */
    int64_t cost_paise_per_1000; /* base units */
    int32_t received_day;        /* the age of the batch */
};

/* What the receiver of goods asks of them, on the day of delivery. */
struct demand {
    enum movement movement;
    struct shelf_life_min min;
    int32_t delivery_day;
};

/* What a document wants done next. */
struct target {
    int32_t line;
    struct catalogue_sku product;
    int64_t line_qty; /* open on the line */
    int64_t qty;      /* to take from this lot */
    struct offer lot; /* proposed; bin "": none is there */
    bool has_lot;
    int32_t walk; /* place of its bin on the round */
    struct demand demand;
};

struct count_line {
    char sku[ENTRY_SKU_SIZE];
    struct batch_key key;
    int32_t expiry_kind;
    int32_t made_day;
    int64_t qty;
};
#define POST_COUNT_LINES_MAX 40

/* What one flow has in hand. Goes with the flow. */
struct work {
    char bin[ENTRY_BIN_SIZE]; /* that the flow works at; "": none yet */
    char document[ENTRY_DOCUMENT_SIZE];
    char party[ENTRY_PARTY_SIZE];

    struct draft draft;
    struct offer offers[STATION_CHOICES_MAX];
    size_t offers_count;
    bool has_lot;
    struct offer lot; /* that the goods in hand belong to */

    enum ask ask;
    int64_t pending_qty;  /* of the scan that led to a question: counted when it is answered */
    struct goods pending; /* ASK_SEPARATOR */
    bool date_confirmed;
    bool excess_confirmed;
    bool hold_confirmed; /* short life: into hold */
    int32_t doc_line;    /* chosen line of the document; 0: none */

    bool has_target;
    struct target target;
    int32_t skipped_walk; /* lines up to this place of the round were put off */
    int32_t skipped_line;

    char reason[ENTRY_REASON_SIZE];
    char note[ENTRY_NOTE_SIZE];
    char witness[ENTRY_WORKER_SIZE];
    int32_t status; /* that was asked for */
    int64_t page;   /* look: which lot is shown */

    struct count_line lines[POST_COUNT_LINES_MAX];
    size_t lines_count;
    bool recounting;
    int64_t count_from; /* journal's head when the count of the bin began */

    int64_t capture_seq; /* bind: the capture in hand; 0: none */
    int64_t capture_qty;
    int64_t capture_units; /* base units a code */
    char capture_bin[ENTRY_BIN_SIZE];
    uint8_t scan[ENTRY_SCAN_SIZE - 1]; /* ASK_CAPTURE, bind */
    uint16_t scan_len;
};

struct post {
    size_t place; /* which of conf.posts */
    int64_t version;

    char worker[ENTRY_WORKER_SIZE]; /* "": nobody */
    char worker_name[CATALOGUE_NAME_SIZE];
    int32_t role;
    char language[3];
    char candidate[ENTRY_WORKER_SIZE]; /* showed a badge, owes the PIN */
    char left[ENTRY_WORKER_SIZE];      /* was signed out by idleness: finds the work as it was */
    int64_t active_mono_ms;

    const struct flow *flow; /* NULL: home */
    struct work work;

    struct station_message answer;
    enum station_tone answer_tone;
    int64_t answers; /* so far */
    struct station_message recent[STATION_RECENT_MAX];
    size_t recent_count;

    int64_t last_seq; /* first entry of the booking that undo takes back; 0: none */
    int64_t last_entries;
    bool has_label; /* goods of the last booking that carry no code of their batch */
    struct station_label label;
    bool clock_doubtful;
};

struct work work_new(void);

/* Choosing a flow, and leaving it (NULL): whatever was in hand is laid aside. */
void post_enter(struct post *p, const struct flow *flow);
