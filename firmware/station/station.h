/* SPDX-License-Identifier: Apache-2.0 */
/* station/station.h -- what staff do in one warehouse: inputs of posts go in, entries of the
 * journal and answers for screen, lamp and buzzer come out. It drives no device and knows no
 * network. One owner: not thread-safe; nothing here blocks but station_commit(), for the disk.
 *
 *   for each input that waits:   station_input()     appends to the journal's open transaction
 *   then once:                   station_commit()    durable; answers are now true
 *   then:                        station_answer()    one for each input, in order
 *
 * If the commit fails, every answer of the group is a refusal that says so, and every post stands
 * where it stood before the group: what staff see is never ahead of the disk. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "barcode.h"
#include "catalogue.h"
#include "diag.h"
#include "entry.h"
#include "journal.h"

struct station;

#define STATION_POST_SIZE 17
#define STATION_POSTS_MAX 16
#define STATION_COMMAND_SIZE 168 /* "qty:12", "flow:receive", "note:" and a note, ... */
#define STATION_CODE_SIZE 33
#define STATION_ARGS_MAX 4
#define STATION_ARG_SIZE 161 /* a name in Devanagari takes 3 bytes a letter */
#define STATION_CHOICES_MAX 16
#define STATION_RECENT_MAX 6
#define STATION_GROUP_MAX 64   /* inputs that share one commit */
#define STATION_COPIES_MAX 500 /* labels of one print command */

/* A post is a workplace: one screen, one or more scanners, perhaps a scale. It has one worker and
 * one flow at a time. */
struct station_post_conf {
    char post[STATION_POST_SIZE];
    char dock_bin[ENTRY_BIN_SIZE];       /* where goods stand that were received and not put away */
    char quarantine_bin[ENTRY_BIN_SIZE]; /* where returns and doubtful goods go */
};

struct station_conf {
    struct station_post_conf posts[STATION_POSTS_MAX];
    size_t posts_count;
    int64_t repeat_ms;       /* the same bytes from the same scanner again: one scan */
    int64_t repeat_count_ms; /* the same in flows where equal items are scanned one by one */
    int64_t sign_out_ms; /* a post without input for so long asks for its worker again; 0: never */
    bool pin_required;   /* the badge alone does not sign in */
    int32_t recount_permille; /* variance from which a count is asked for once more */
    bool fewest_lots;         /* propose as few lots as fill the line, not strictly the first */
    struct barcode_settings barcode;
};

enum station_input_kind {
    INPUT_SCAN,    /* bytes of a scanner */
    INPUT_COMMAND, /* a button of the screen: the same words that command cards carry */
    INPUT_WEIGHT,  /* a reading that may be booked */
    INPUT_LOST,    /* the scanner lost a frame: the worker is told to scan again */
};

struct station_input {
    enum station_input_kind kind;
    char post[STATION_POST_SIZE];
    char device[ENTRY_DEVICE_SIZE];
    uint8_t bytes[ENTRY_SCAN_SIZE - 1]; /* INPUT_SCAN; INPUT_WEIGHT: the scale's own frame */
    uint16_t len;
    bool partial;   /* INPUT_SCAN: closed by silence, not by its terminator */
    char separator; /* INPUT_SCAN: what this scanner sends for FNC1 (GS) besides GS; 0: nothing */
    char command[STATION_COMMAND_SIZE]; /* INPUT_COMMAND */
    int64_t grams;                      /* INPUT_WEIGHT */
};

/* What lamp and buzzer do. */
enum station_tone {
    TONE_NONE,
    TONE_ACCEPT,    /* it is on the disk */
    TONE_REJECT,    /* nothing was booked */
    TONE_ATTENTION, /* booked, but look at the screen; or a question */
    TONE_NOTED,     /* read and taken to the goods in hand: a click. Nothing is booked yet */
};

/* A sentence as a code and its parts; the screen has the words in each language. */
struct station_message {
    char code[STATION_CODE_SIZE]; /* "" : none; see message.h for all codes with their English */
    char args[STATION_ARGS_MAX][STATION_ARG_SIZE];
};

struct station_answer {
    char post[STATION_POST_SIZE];
    enum station_tone tone;
    struct station_message message;
    int64_t first_seq; /* of the unit that the input made; 0: none */
    int64_t entries;
};

/* What a post's screen shows: one question, what is known so far, and what may be answered. */
struct station_choice {
    char command[STATION_COMMAND_SIZE]; /* what choosing it sends */
    struct station_message label;
    bool primary; /* the one that most will want: large, in the thumb's reach */
    bool danger;  /* it destroys or overrides: a colour of its own */
};

enum station_keypad { KEYPAD_NONE, KEYPAD_NUMBER, KEYPAD_PIN, KEYPAD_DATE, KEYPAD_TEXT };

struct station_item { /* the goods in hand; empty parts are not known (yet) */
    char sku[ENTRY_SKU_SIZE];
    char name[CATALOGUE_NAME_SIZE];
    char name_hi[CATALOGUE_NAME_SIZE];
    struct batch_key batch;
    int32_t expiry_kind;
    int32_t made_day;
    int64_t qty;                     /* base units */
    char qty_text[STATION_ARG_SIZE]; /* "2 cases + 3 pieces" in the packs of the SKU */
    char bin[ENTRY_BIN_SIZE];
    int32_t days_left; /* to expiry; INT32_MAX: no date */
};

struct station_view {
    char post[STATION_POST_SIZE];
    int64_t version; /* grows with each change: a screen that has it need not draw again */
    int64_t answers; /* inputs answered so far: a new answer may read like the one before */
    char worker[ENTRY_WORKER_SIZE];
    char worker_name[CATALOGUE_NAME_SIZE];
    char language[3];
    char flow[STATION_CODE_SIZE]; /* "", "receive", "put_away", "pick", "count", ... */
    char document[ENTRY_DOCUMENT_SIZE];
    struct station_message prompt; /* what to do now */
    struct station_message answer; /* what came of the last input */
    enum station_tone answer_tone;
    bool has_item;
    struct station_item item;
    bool has_target; /* what is wanted: the line to pick, the bin to go to */
    struct station_item target;
    int32_t done, total; /* lines of the document; total 0: no progress to show */
    enum station_keypad keypad;
    char keypad_prefix[STATION_CODE_SIZE]; /* what is typed is sent as prefix + text: "qty:" */
    struct station_choice choices[STATION_CHOICES_MAX];
    size_t choices_count;
    struct station_message recent[STATION_RECENT_MAX]; /* the last bookings, newest first */
    size_t recent_count;
    bool clock_doubtful; /* dates are judged on the safe side */
};

/* Borrows the journal: it must outlive the station. Reads what it needs of it.
 *   -EINVAL with *reterr: a post names a bin that is not in force (before any document of bins is,
 * it may: a new appliance waits for its documents), two posts share a name, ... */
NODISCARD int station_open(const struct station_conf *conf, struct journal *journal,
                           struct diag *reterr, struct station **ret);
void station_free(struct station *s);
DEFINE_AUTO(station);

/* Takes one input at `time`. -ENOENT when there is no such post, -EAGAIN when STATION_GROUP_MAX
 * inputs wait for their commit: nothing was done then. All else is told in the answer. */
NODISCARD int station_input(struct station *s, const struct station_input *in,
                            const struct journal_time *time);

/* Makes the group durable. The return is the journal's; the answers already tell it. */
int station_commit(struct station *s);

/* The next answer of the last committed group: 1 and *ret, or 0. */
int station_answer(struct station *s, struct station_answer *ret);

/* A label to print for goods that carry no code of their batch. The job is in the journal; stock
 * does not depend on it. */
struct station_label {
    char job[ENTRY_DOCUMENT_SIZE]; /* as in ENTRY_PRINTED: a second label of a job is a reprint */
    char template[STATION_CODE_SIZE]; /* "batch": which layout */
    int32_t copies;
    char sku[ENTRY_SKU_SIZE];
    char name[CATALOGUE_NAME_SIZE];
    char name_hi[CATALOGUE_NAME_SIZE];
    char gtin[15]; /* of a piece, normal form; "" when it has none */
    struct batch_key batch;
    int32_t expiry_kind;
    int32_t made_day;
};

/* The next label that the last committed group asks for: 1 and *ret, or 0. */
int station_print(struct station *s, struct station_label *ret);

/* SKUs whose stock the last group touched, one a call, until 0: for whoever scores them. */
int station_touched(struct station *s, char ret_sku[ENTRY_SKU_SIZE]);

/* -ENOENT when there is no such post. */
NODISCARD int station_view(struct station *s, const char *post, int64_t now_mono_ms,
                           struct station_view *ret);

/* Forgets all wrong PINs: nobody has to wait any more. */
void station_unlock(struct station *s);

/* Documents, alerts or the day changed behind the station's back: open screens draw anew. */
void station_refresh(struct station *s);
