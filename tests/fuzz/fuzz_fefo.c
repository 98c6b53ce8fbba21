/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever lots there are: what is allocated and what is short is what was wanted; no lot gives
 * more than it has or gives twice; nothing expired, held or too short for the customer is sold;
 * lines come in FEFO order, and each lot before the last is emptied. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "civil.h"
#include "fefo.h"

#define LOTS_MAX 64
#define TODAY 20000
#define HEAD_BYTES 6
#define LOT_BYTES 5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

/* Small numbers, so that ties and boundaries are met often. */
static struct fefo_lot make_lot(const uint8_t b[LOT_BYTES], size_t i)
{
    static const char *const batches[] = {"", "A", "B"};
    return (struct fefo_lot){
        .id = i + 1,
        .goods = {.made_day = b[4] & 1 ? CIVIL_NONE : TODAY - b[4],
                  .expiry_day = b[0] == 255 ? CIVIL_NONE : TODAY + b[0] % 64 - 8,
                  .life_days = b[4] & 2 ? 90 : 0},
        .received_day = b[1] % 4,
        .batch = batches[b[1] / 4 % ARRAY_LEN(batches)],
        .mrp_paise = b[1] / 16,
        .status = (enum stock_status)(b[2] < 192 ? STOCK_SELLABLE : b[2] % STOCK_STATUS_COUNT),
        .free_units = (int64_t)b[3] - 8};
}

static void check_line(const struct fefo_lot *lot, const struct fefo_request *q, int64_t units)
{
    require(units > 0 && units <= lot->free_units);
    require(movement_judge(q->movement, lot->status, lot->goods.expiry_day, q->today) ==
            MOVEMENT_PERMITTED);
    if (q->movement != MOVEMENT_SALE && q->movement != MOVEMENT_TRANSFER)
        return;
    require(lot->status == STOCK_SELLABLE);
    if (lot->goods.expiry_day != CIVIL_NONE)
        require(lot->goods.expiry_day - q->delivery_day >= q->min.days);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD_BYTES)
        return 0;
    struct fefo_request q = {.wanted_units = data[0] * 16,
                             .movement = (enum movement)(data[1] % MOVEMENT_COUNT),
                             .today = TODAY,
                             .delivery_day = TODAY + data[2] % 8,
                             .min = {.days = data[3] % 32, .permille = data[4] * 1000 / 255},
                             .fewest_lots = data[5] & 1};
    struct fefo_lot lots[LOTS_MAX];
    size_t count = 0;
    for (size_t at = HEAD_BYTES; at + LOT_BYTES <= size && count < LOTS_MAX; at += LOT_BYTES) {
        lots[count] = make_lot(data + at, count);
        count++;
    }

    struct fefo_line lines[LOTS_MAX];
    struct fefo_result r;
    require(fefo_allocate(lots, count, &q, lines, &r) == 0);
    int64_t sum = 0;
    for (size_t i = 0; i < r.lines; i++) {
        const struct fefo_lot *lot = &lots[lines[i].lot];
        require(lines[i].lot < count);
        check_line(lot, &q, lines[i].units);
        require(i == 0 || fefo_compare(&lots[lines[i - 1].lot], lot) < 0);
        require(i + 1 == r.lines || lines[i].units == lot->free_units);
        sum += lines[i].units;
    }
    require(sum == r.allocated_units && sum + r.short_units == q.wanted_units);

    q.fewest_lots = !q.fewest_lots; /* the other way gives as much, from as few lots or fewer */
    struct fefo_result other;
    require(fefo_allocate(lots, count, &q, lines, &other) == 0);
    require(other.allocated_units == r.allocated_units);
    require(q.fewest_lots ? other.lines <= r.lines : other.lines >= r.lines);
    return 0;
}
