/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "bit_guess.h"
#include "rng.h"

#define ROOM 65536

/* The two ends of a wire, which begin alike. */
struct ends {
    struct bit_guess here;
    struct bit_guess there;
    struct bit_coder out;
    struct bit_coder in;
    uint8_t bytes[ROOM];
    size_t len;
};

static struct ends *begin(void)
{
    struct ends *x = malloc(sizeof(*x));
    assert_non_null(x);
    bit_guess_begin(&x->here);
    bit_guess_begin(&x->there);
    x->out = bit_coder_writer(x->bytes, sizeof(x->bytes));
    return x;
}

static void turn(struct ends *x)
{
    assert_int_equal(bit_coder_finish(&x->out, &x->len), 0);
    x->in = bit_coder_reader(x->bytes, x->len);
}

/* All was read, and both ends have learnt the same: the next batch goes on from there. */
static void end(struct ends *x)
{
    assert_int_equal(bit_coder_check_end(&x->in), 0);
    assert_memory_equal(&x->here, &x->there, sizeof(x->here));
    free(x);
}

static struct bit_situation situation(unsigned set, uint32_t a)
{
    return (struct bit_situation){.set = set, .contexts = {a, a * 31 + 7, a * 1021 + 3}};
}

static void bits_come_back_in_every_situation(void **state)
{
    (void)state;
    struct ends *x = begin();
    struct rng r = rng_seed(1);
    int bits[20000];
    for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
        struct bit_situation s = situation((unsigned)i % BIT_GUESS_SETS, (uint32_t)i % 37);
        bits[i] = (int)rng_below(&r, i % 37 + 1) == 0;
        assert_int_equal(bit_guess_code(&x->here, &x->out, &s, (uint32_t)i % 5, bits[i]), bits[i]);
    }
    turn(x);
    for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
        struct bit_situation s = situation((unsigned)i % BIT_GUESS_SETS, (uint32_t)i % 37);
        assert_int_equal(bit_guess_code(&x->there, &x->in, &s, (uint32_t)i % 5, 0), bits[i]);
    }
    end(x);
}

static struct below_row {
    const char *name;
    int bits;
    uint32_t end;
} below_rows[] = {
    {"numbers below 1 come back", 1, 1},
    {"numbers below 2 come back", 1, 2},
    {"numbers below 3 come back", 2, 3},
    {"numbers below 5 come back", 3, 5},
    {"numbers below 100 come back", 7, 100},
    {"numbers below a power of 2 come back", 8, 256},
    {"numbers below 1 in many bits come back", 16, 1},
    {"numbers below 2047 come back", 11, 2047},
    {"numbers below 65,535 come back", 16, 65535},
    {"numbers below 65,536 come back", 16, 65536},
};

static void numbers_below_come_back(void **state)
{
    const struct below_row *row = *state;
    const struct bit_situation s = situation(3, 11);
    struct ends *x = begin();
    uint32_t step = row->end / 300 + 1;
    for (uint32_t v = 0; v < row->end; v += step)
        assert_int_equal(bit_guess_code_below(&x->here, &x->out, &s, 9, row->bits, row->end, v), v);
    bit_guess_code_below(&x->here, &x->out, &s, 9, row->bits, row->end, row->end - 1);
    turn(x);
    for (uint32_t v = 0; v < row->end; v += step)
        assert_int_equal(bit_guess_code_below(&x->there, &x->in, &s, 9, row->bits, row->end, 0), v);
    assert_int_equal(bit_guess_code_below(&x->there, &x->in, &s, 9, row->bits, row->end, 0),
                     row->end - 1);
    end(x);
}

static void what_can_only_be_0_is_not_coded(void **state)
{
    (void)state;
    const struct bit_situation s = situation(0, 1);
    struct ends *x = begin();
    for (int i = 0; i < 1000; i++)
        bit_guess_code_below(&x->here, &x->out, &s, 1, 16, 1, 0);
    turn(x);
    assert_int_equal(x->len, 0);
    end(x);
}

/* Bytes that nobody wrote: what is read is below the end all the same. */
static void what_is_read_is_always_below_the_end(void **state)
{
    (void)state;
    struct ends *x = begin();
    struct rng r = rng_seed(5);
    for (size_t i = 0; i < 4000; i++)
        x->bytes[i] = (uint8_t)rng_below(&r, 256);
    x->in = bit_coder_reader(x->bytes, 4000);
    for (uint32_t end = 1; end < 3000; end++) {
        const struct bit_situation s = situation(end % BIT_GUESS_SETS, end % 11);
        assert_in_range(bit_guess_code_below(&x->there, &x->in, &s, 4, 12, end, 0), 0, end - 1);
    }
    free(x);
}

static const int64_t numbers[] = {0,
                                  1,
                                  -1,
                                  2,
                                  -2,
                                  255,
                                  256,
                                  -257,
                                  86400000,
                                  (INT64_C(1) << 30) - 1,
                                  INT64_C(1) << 30,
                                  (INT64_C(1) << 31) - 1,
                                  INT64_C(1) << 31,
                                  -(INT64_C(1) << 31),
                                  (INT64_C(1) << 53) - 1,
                                  1790000000000,
                                  INT64_MAX,
                                  INT64_MAX - 1,
                                  INT64_MIN,
                                  INT64_MIN + 1};

static void numbers_of_every_size_come_back(void **state)
{
    (void)state;
    static const int foreseen[] = {0, 1, 5, 12};
    for (size_t f = 0; f < ARRAY_LEN(foreseen); f++) {
        struct ends *x = begin();
        for (size_t round = 0; round < 3; round++)
            for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
                const struct bit_situation s = situation(7, (uint32_t)i % 3);
                assert_true(bit_guess_code_number(&x->here, &x->out, &s, numbers[i], foreseen[f]) ==
                            numbers[i]);
            }
        for (int size = 0; size < 64; size++) { /* each power of two, and its neighbours */
            const struct bit_situation s = situation(8, 1);
            for (int64_t near = -1; near <= 1; near++)
                bit_guess_code_number(&x->here, &x->out, &s,
                                      (int64_t)((UINT64_C(1) << size) + (uint64_t)near),
                                      foreseen[f]);
        }
        turn(x);
        for (size_t round = 0; round < 3; round++)
            for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
                const struct bit_situation s = situation(7, (uint32_t)i % 3);
                assert_true(bit_guess_code_number(&x->there, &x->in, &s, 0, foreseen[f]) ==
                            numbers[i]);
            }
        for (int size = 0; size < 64; size++) {
            const struct bit_situation s = situation(8, 1);
            for (int64_t near = -1; near <= 1; near++)
                assert_true(bit_guess_code_number(&x->there, &x->in, &s, 0, foreseen[f]) ==
                            (int64_t)((UINT64_C(1) << size) + (uint64_t)near));
        }
        end(x);
    }
}

/* Bytes of a number that is coded n times in one situation. */
static size_t bytes_of(int64_t v, int n, bool alike)
{
    struct ends *x = begin();
    for (int i = 0; i < n; i++) {
        const struct bit_situation s = situation(1, alike ? 1 : (uint32_t)i);
        bit_guess_code_number(&x->here, &x->out, &s, v, 12);
    }
    turn(x);
    size_t len = x->len;
    free(x);
    return len;
}

static void what_comes_again_in_a_like_situation_costs_little(void **state)
{
    (void)state;
    assert_in_range(bytes_of(1234, 1000, true), 1, 100); /* a tenth of a byte each */
    assert_in_range(bytes_of(1234, 1000, true) * 4, 4, bytes_of(1234, 1000, false));
}

/* A chance of 0 or 1 would leave no room for the other bit: bit_coder_bit() asserts it is not. */
static void certainty_is_never_complete(void **state)
{
    (void)state;
    for (int bit = 0; bit < 2; bit++) {
        struct ends *x = begin();
        const struct bit_situation s = situation(2, 77);
        for (int i = 0; i < 200000; i++)
            bit_guess_code(&x->here, &x->out, &s, 1, bit);
        bit_guess_code(&x->here, &x->out, &s, 1, 1 - bit); /* and then it is the other one */
        turn(x);
        for (int i = 0; i < 200000; i++)
            assert_int_equal(bit_guess_code(&x->there, &x->in, &s, 1, 0), bit);
        assert_int_equal(bit_guess_code(&x->there, &x->in, &s, 1, 0), 1 - bit);
        end(x);
    }
}

static void a_copy_goes_on_as_the_original(void **state)
{
    (void)state;
    struct ends *x = begin();
    const struct bit_situation s = situation(9, 5);
    for (int i = 0; i < 500; i++)
        bit_guess_code_number(&x->here, &x->out, &s, i * 7 % 40, 6);
    x->there = x->here;
    x->out = bit_coder_writer(x->bytes, sizeof(x->bytes));
    for (int i = 0; i < 500; i++)
        bit_guess_code_number(&x->here, &x->out, &s, i * 7 % 40, 6);
    turn(x);
    for (int i = 0; i < 500; i++)
        assert_true(bit_guess_code_number(&x->there, &x->in, &s, 0, 6) == i * 7 % 40);
    end(x);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(below_rows) + 7] = {
        cmocka_unit_test(bits_come_back_in_every_situation),
        cmocka_unit_test(what_can_only_be_0_is_not_coded),
        cmocka_unit_test(what_is_read_is_always_below_the_end),
        cmocka_unit_test(numbers_of_every_size_come_back),
        cmocka_unit_test(what_comes_again_in_a_like_situation_costs_little),
        cmocka_unit_test(certainty_is_never_complete),
        cmocka_unit_test(a_copy_goes_on_as_the_original),
    };
    for (size_t i = 0; i < ARRAY_LEN(below_rows); i++)
        tests[7 + i] = (struct CMUnitTest){below_rows[i].name, numbers_below_come_back, NULL, NULL,
                                           &below_rows[i]};
    return cmocka_run_group_tests_name("bit_guess", tests, NULL, NULL);
}
