/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "bit_coder.h"
#include "rng.h"

#define BITS_MAX 3000
#define BYTES_MAX (2 * BITS_MAX + 8) /* the least likely bit takes 16 */

/* Bits, and how likely a 1 was held before each. */
struct stream {
    int bits[BITS_MAX];
    uint32_t chances[BITS_MAX];
    size_t count;
    uint8_t bytes[BYTES_MAX];
    size_t len;
};

static void write_all(struct stream *s)
{
    struct bit_coder c = bit_coder_writer(s->bytes, sizeof(s->bytes));
    for (size_t i = 0; i < s->count; i++)
        assert_int_equal(bit_coder_bit(&c, s->bits[i], s->chances[i]), s->bits[i]);
    assert_int_equal(bit_coder_finish(&c, &s->len), 0);
}

/* Reads as many bits as the stream has, of exactly those bytes. Returns what the end says. */
static int read_all(const struct stream *s, const uint8_t *bytes, size_t len, int *ret_bits)
{
    uint8_t *exact = malloc(len > 0 ? len : 1); /* a read behind it is seen */
    assert_non_null(exact);
    if (len > 0)
        memcpy(exact, bytes, len);
    struct bit_coder c = bit_coder_reader(exact, len);
    for (size_t i = 0; i < s->count; i++)
        ret_bits[i] = bit_coder_bit(&c, 1 - s->bits[i], s->chances[i]); /* it is passed over */
    int end = bit_coder_check_end(&c);
    free(exact);
    return end;
}

static void assert_round_trip(struct stream *s)
{
    int bits[BITS_MAX];
    write_all(s);
    assert_int_equal(read_all(s, s->bytes, s->len, bits), 0);
    assert_memory_equal(bits, s->bits, s->count * sizeof(bits[0]));
}

enum pattern { ZEROS, ONES, ALTERNATING, RARE_ONES, COINS, PATTERNS };

static int bit_of(enum pattern p, size_t i, struct rng *r)
{
    switch (p) {
    case ZEROS:
    case PATTERNS:
        return 0;
    case ONES:
        return 1;
    case ALTERNATING:
        return (int)(i % 2);
    case RARE_ONES:
        return i % 97 == 96;
    case COINS:
        return (int)rng_below(r, 2);
    }
    return 0;
}

static void fill(struct stream *s, enum pattern p, uint32_t chance, size_t count)
{
    struct rng r = rng_seed(count + chance);
    s->count = count;
    for (size_t i = 0; i < count; i++) {
        s->bits[i] = bit_of(p, i, &r);
        s->chances[i] = chance;
    }
}

static struct chance_row {
    const char *name;
    uint32_t chance;
} chance_rows[] = {
    {"bits come back where a 1 is all but impossible", 1},
    {"bits come back where a 1 is most unlikely", 2},
    {"bits come back at 1 in 256", 256},
    {"bits come back at 1 in 3", BIT_CODER_ONE / 3},
    {"bits come back at evens", BIT_CODER_ONE / 2},
    {"bits come back at evens but one", BIT_CODER_ONE / 2 + 1},
    {"bits come back at 255 in 256", BIT_CODER_ONE - 256},
    {"bits come back where a 0 is most unlikely", BIT_CODER_ONE - 2},
    {"bits come back where a 0 is all but impossible", BIT_CODER_ONE - 1},
};

static void bits_come_back(void **state)
{
    const struct chance_row *row = *state;
    static struct stream s;
    static const size_t counts[] = {0, 1, 2, 7, 8, 9, 31, 32, 33, 255, 256, BITS_MAX};
    for (int p = 0; p < PATTERNS; p++)
        for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
            fill(&s, (enum pattern)p, row->chance, counts[i]);
            assert_round_trip(&s);
        }
}

static void chances_may_change_from_bit_to_bit(void **state)
{
    (void)state;
    static struct stream s;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct rng r = rng_seed(seed);
        s.count = (size_t)rng_below(&r, BITS_MAX + 1);
        for (size_t i = 0; i < s.count; i++) {
            s.chances[i] = 1 + (uint32_t)rng_below(&r, BIT_CODER_ONE - 1);
            s.bits[i] = (uint32_t)rng_below(&r, BIT_CODER_ONE) < s.chances[i];
        }
        assert_round_trip(&s);
    }
}

static void a_bit_costs_what_it_surprises(void **state)
{
    (void)state;
    static struct stream s;
    static const struct {
        enum pattern pattern;
        uint32_t chance;
        size_t least;
        size_t most;
    } rows[] = {
        {ONES, BIT_CODER_ONE - 1, 0, 1}, /* 3000 bits of 2^-16 each */
        {ZEROS, 1, 0, 1},                /* the same the other way round */
        {ONES, BIT_CODER_ONE / 2, BITS_MAX / 8, BITS_MAX / 8 + 1}, /* one bit a bit */
        {COINS, BIT_CODER_ONE / 2, BITS_MAX / 8, BITS_MAX / 8 + 1},
        {ONES, BIT_CODER_ONE / 4, BITS_MAX / 4, BITS_MAX / 4 + 1}, /* two */
        {ONES, 1, 2 * BITS_MAX, 2 * BITS_MAX + 4},                 /* sixteen */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        fill(&s, rows[i].pattern, rows[i].chance, BITS_MAX);
        write_all(&s);
        assert_in_range(s.len, rows[i].least, rows[i].most);
    }
}

static void no_bits_take_no_bytes(void **state)
{
    (void)state;
    struct bit_coder c = bit_coder_writer(NULL, 0);
    size_t len = 1;
    assert_int_equal(bit_coder_finish(&c, &len), 0);
    assert_int_equal(len, 0);
    c = bit_coder_reader(NULL, 0);
    assert_int_equal(bit_coder_check_end(&c), 0);
}

static void what_does_not_fit_is_counted_and_not_written(void **state)
{
    (void)state;
    static struct stream s;
    fill(&s, COINS, BIT_CODER_ONE / 2, 400);
    write_all(&s);
    for (size_t room = 0; room <= s.len; room++) {
        uint8_t *exact = malloc(room > 0 ? room : 1);
        assert_non_null(exact);
        struct bit_coder c = bit_coder_writer(exact, room);
        size_t len = SIZE_MAX;
        for (size_t i = 0; i < s.count; i++)
            bit_coder_bit(&c, s.bits[i], s.chances[i]);
        int err = bit_coder_finish(&c, &len);
        assert_int_equal(err, room < s.len ? -ENOSPC : 0);
        assert_int_equal(len, room < s.len ? SIZE_MAX : s.len); /* written only on success */
        assert_int_equal(c.len, s.len);                         /* how much it would have been */
        assert_memory_equal(exact, s.bytes, room);
        free(exact);
    }
}

/* Bytes that pass are the only ones that a writer of those bits would have made. */
static bool passes(const struct stream *s, const uint8_t *bytes, size_t len)
{
    static struct stream again;
    again = *s;
    if (read_all(s, bytes, len, again.bits) < 0)
        return false;
    write_all(&again);
    assert_int_equal(again.len, len);
    assert_memory_equal(again.bytes, bytes, len);
    return true;
}

static void bytes_that_are_cut_longer_or_changed_are_found_or_are_other_bits(void **state)
{
    (void)state;
    static struct stream s;
    int found = 0;
    int tried = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct rng r = rng_seed(seed);
        fill(&s, COINS, BIT_CODER_ONE / 2 + (uint32_t)rng_below(&r, 20000), 200);
        write_all(&s);
        uint8_t bytes[BYTES_MAX];
        memcpy(bytes, s.bytes, s.len);
        for (size_t len = 0; len < s.len; len++, tried++)
            found += !passes(&s, bytes, len);
        for (int more = 0; more < 256; more += 51, tried++) {
            bytes[s.len] = (uint8_t)more;
            found += !passes(&s, bytes, s.len + 1);
        }
        for (size_t at = 0; at < s.len; at++, tried++) {
            bytes[at] ^= (uint8_t)(1U << at % 8);
            found += !passes(&s, bytes, s.len);
            bytes[at] ^= (uint8_t)(1U << at % 8);
        }
        assert_true(passes(&s, bytes, s.len));
    }
    assert_true(found > tried / 2); /* most are: a change in the middle may be another message */
}

static void a_reader_reads_zeros_behind_the_end(void **state)
{
    (void)state;
    static struct stream s;
    int bits[BITS_MAX];
    fill(&s, ONES, BIT_CODER_ONE / 2, BITS_MAX);
    assert_int_equal(read_all(&s, NULL, 0, bits), -EBADMSG); /* zeros point to ones, as many ... */
    for (size_t i = 0; i < s.count; i++)
        assert_int_equal(bits[i], 1); /* ... as are asked for */
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(chance_rows) + 6] = {
        cmocka_unit_test(chances_may_change_from_bit_to_bit),
        cmocka_unit_test(a_bit_costs_what_it_surprises),
        cmocka_unit_test(no_bits_take_no_bytes),
        cmocka_unit_test(what_does_not_fit_is_counted_and_not_written),
        cmocka_unit_test(bytes_that_are_cut_longer_or_changed_are_found_or_are_other_bits),
        cmocka_unit_test(a_reader_reads_zeros_behind_the_end),
    };
    for (size_t i = 0; i < ARRAY_LEN(chance_rows); i++)
        tests[6 + i] =
            (struct CMUnitTest){chance_rows[i].name, bits_come_back, NULL, NULL, &chance_rows[i]};
    return cmocka_run_group_tests_name("bit_coder", tests, NULL, NULL);
}
