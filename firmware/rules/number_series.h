/* SPDX-License-Identifier: Apache-2.0 */
/* rules/number_series.h -- the consecutive numbers of a series of tax documents in one financial
 * year, leased in ranges to devices that issue without a link. It keeps no store: whoever calls
 * makes a change of a lease durable before the number is printed. Pure.
 *
 * CGST Rules 2017, rule 46(b): at most 16 characters, consecutive, unique within a financial year,
 * in one or several series. A number is written as prefix, year and serial: "MH1/26-27/00042". What
 * stands before the serial ends in a slash and names the year, so two series of different prefixes
 * never make the same number, whatever their serials.
 *
 *   relay    number_series_free_range(), number_series_admit()   the range goes to the device
 *   device   number_series_take() ...                            each number: used, or voided
 *            number_series_is_low()                              asks for the next range in time
 *            number_series_return()                              replaced, or the year is over
 *   both     number_series_audit() (number_series_audit.h)       every gap has its reason
 *
 * A series belongs to one GSTIN; leases of several are never given to one call. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "document_no.h"

#define NUMBER_SERIES_PREFIX_SIZE 10 /* 9 characters, "26-27/" and one digit are 16 */
#define NUMBER_SERIES_DEVICE_SIZE 33
#define NUMBER_SERIES_DIGITS_MAX 10
#define NUMBER_SERIES_NUMBER_MAX UINT64_C(9999999999) /* 10 digits behind "26-27/" */
#define NUMBER_SERIES_LEASES_MAX 4096                 /* of one series and year */

struct number_series {
    char prefix[NUMBER_SERIES_PREFIX_SIZE]; /* may be ""; upper and lower case are the same */
    int32_t financial_year;                 /* the one in which it begins */
    unsigned digits;                        /* the serial is filled with zeros up to these */
};

/* Why a number that was taken stands on no document. The numbers travel in entries: they never
 * change their meaning. */
enum number_series_void_reason {
    NUMBER_SERIES_CANCELLED = 0,      /* the document was given up before it was issued */
    NUMBER_SERIES_PRINT_FAILED = 1,   /* paper, ribbon or printer; issued under another number */
    NUMBER_SERIES_WRONG_DETAILS = 2,  /* noticed before issue; issued under another number */
    NUMBER_SERIES_DEVICE_STOPPED = 3, /* taken, and the device stopped before it was written down */
};
#define NUMBER_SERIES_VOID_REASON_COUNT 4

/* Why a lease came back. The numbers travel in entries: they never change their meaning. */
enum number_series_return_reason {
    NUMBER_SERIES_NOT_RETURNED = 0,
    NUMBER_SERIES_DEVICE_REPLACED = 1,
    NUMBER_SERIES_YEAR_ENDED = 2,
    NUMBER_SERIES_CLOSED = 3, /* the series is no longer used */
};
#define NUMBER_SERIES_RETURN_REASON_COUNT 4

/* A plain value. Taken are first .. next - 1. It holds these, and next .. last until it is
 * returned: then those are free for another lease. */
struct number_series_lease {
    struct number_series series;
    uint64_t first; /* 1 or more */
    uint64_t last;
    uint64_t next; /* last + 1: used up */
    enum number_series_return_reason returned;
    char device[NUMBER_SERIES_DEVICE_SIZE];
};

struct number_series_range {
    uint64_t first;
    uint64_t last; /* first - 1: nothing */
};

struct number_series_voided {
    uint64_t number;
    enum number_series_void_reason reason;
};

/* The document number of a serial. The errors of document_no_write(), and
 *   -EINVAL  also for a year or a count of digits that is out of range */
NODISCARD int number_series_write(const struct number_series *series, uint64_t number,
                                  char buf[DOCUMENT_NO_SIZE]);

/* Whether both write the same numbers: the same year, and prefixes that differ in case at most. */
bool number_series_same(const struct number_series *a, const struct number_series *b);

/* The lowest range from `from` (1 or more) on that no lease of the series holds: `wanted` numbers
 * (1 or more), or fewer when another lease begins before. Returned tails are given out again. */
struct number_series_range number_series_free_range(const struct number_series *series,
                                                    uint64_t from, uint64_t wanted,
                                                    const struct number_series_lease *leases,
                                                    size_t count);

/* Whether a lease may stand beside the others, of whatever series.
 *   -EINVAL  with *reterr: it is malformed, or its last number could not be written
 *   -EEXIST  with *reterr: it overlaps one of them
 *   -E2BIG   with *reterr: there are NUMBER_SERIES_LEASES_MAX already */
NODISCARD int number_series_admit(const struct number_series_lease *lease,
                                  const struct number_series_lease *leases, size_t count,
                                  struct diag *reterr);

/* The next number of the lease, for a document of this day. It is gone with that: use it or void
 * it. On an error the lease is as it was.
 *   -ERANGE  the day lies in another financial year: ask for a lease of that year
 *   -ENOSPC  used up, or returned: ask for another range */
NODISCARD int number_series_take(struct number_series_lease *lease, int32_t document_day,
                                 uint64_t *ret_number);

/* How many numbers can still be taken; 0 once it is returned. */
uint64_t number_series_left(const struct number_series_lease *lease);

/* Whether it is time to ask for the next range: at most `low_water` are left. */
bool number_series_is_low(const struct number_series_lease *lease, uint64_t low_water);

/* A number that was taken and will stand on no document; it is not given out again. That it stands
 * on none already only the caller knows; the audit finds it as a double.
 *   -ENOENT  this lease has not given out the number */
NODISCARD int number_series_void(const struct number_series_lease *lease, uint64_t number,
                                 enum number_series_void_reason reason,
                                 struct number_series_voided *ret);

/* Ends the lease: nothing is taken from it any more, and the tail that comes back (maybe nothing)
 * is free. `reason` is not NUMBER_SERIES_NOT_RETURNED.
 *   -EALREADY  it has been returned */
NODISCARD int number_series_return(struct number_series_lease *lease,
                                   enum number_series_return_reason reason,
                                   struct number_series_range *ret_tail);

/* Static; the words used on the wire. */
const char *number_series_void_reason_name(enum number_series_void_reason reason);
const char *number_series_return_reason_name(enum number_series_return_reason reason);
