/* SPDX-License-Identifier: Apache-2.0 */
/* Bits, small numbers and large ones, in situations that the first bytes choose. Any bytes read as
 * some of them: in bounds, in work that the questions set and not the bytes. What was read is
 * written and read again as the same; and where the end says that the bytes are whole, they are
 * the very bytes that writing gives. Who writes and who reads that learn alike. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bit_guess.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define QUESTIONS_MAX 128
#define BYTES_MAX (QUESTIONS_MAX * 160) /* 80 bits a number, 16 bits for the least likely */

static void need(int ok)
{
    if (!ok)
        abort();
}

struct end {
    struct bit_guess guess;
    struct bit_coder coder;
};

/* Question i, as the choice says. Writes v, or reads. */
static int64_t ask(struct end *x, uint8_t choice, size_t i, int64_t v)
{
    struct bit_situation s = {.set = (choice ^ (unsigned)i) % BIT_GUESS_SETS,
                              .contexts = {choice, (uint32_t)(i % 7), choice * 31U + 1}};
    uint32_t end = 1 + (choice >> 2) * 37U;
    switch (choice % 3) {
    case 0:
        return bit_guess_code(&x->guess, &x->coder, &s, choice, (int)v);
    case 1:
        return bit_guess_code_below(&x->guess, &x->coder, &s, choice, 12, end, (uint32_t)v);
    default:
        return bit_guess_code_number(&x->guess, &x->coder, &s, v, (choice >> 2) % 13);
    }
}

static int in_bounds(uint8_t choice, int64_t v)
{
    if (choice % 3 == 0)
        return v == 0 || v == 1;
    return choice % 3 != 1 || (v >= 0 && v < 1 + (choice >> 2) * 37);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct end first, writer, second;
    static int64_t read[QUESTIONS_MAX];
    static uint8_t bytes[BYTES_MAX];
    uint8_t choices[8] = {0};
    size_t taken = size < sizeof(choices) ? size : sizeof(choices);
    memcpy(choices, data, taken);
    size_t questions = 1 + choices[0] / 2U;
    bit_guess_begin(&first.guess);
    writer.guess = second.guess = first.guess;

    first.coder = bit_coder_reader(data + taken, size - taken);
    writer.coder = bit_coder_writer(bytes, sizeof(bytes));
    size_t numbers = 0;
    for (size_t i = 0; i < questions; i++) {
        uint8_t choice = (uint8_t)(choices[i % 8] + i / 8);
        read[i] = ask(&first, choice, i, 0);
        need(in_bounds(choice, read[i]));
        numbers += choice % 3 == 2;
        need(ask(&writer, choice, i, read[i]) == read[i]);
    }
    size_t len = 0;
    need(bit_coder_finish(&writer.coder, &len) == 0);
    /* Digits of 64 bits are more than a number has: bytes can say one in a second way, which nobody
     * writes, and then learn otherwise. */
    bool alike = memcmp(&first.guess, &writer.guess, sizeof(first.guess)) == 0;
    if (alike && bit_coder_check_end(&first.coder) == 0)
        need(len == size - taken && memcmp(bytes, data + taken, len) == 0);

    second.coder = bit_coder_reader(bytes, len);
    for (size_t i = 0; i < questions; i++)
        need(ask(&second, (uint8_t)(choices[i % 8] + i / 8), i, 0) == read[i]);
    need(bit_coder_check_end(&second.coder) == 0);
    need(memcmp(&second.guess, &writer.guess, sizeof(second.guess)) == 0);
    need(alike || numbers > 0);
    return 0;
}
