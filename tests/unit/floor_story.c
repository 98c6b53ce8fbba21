/* SPDX-License-Identifier: Apache-2.0 */
#include "floor_story.h"

#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "floor_tell.h"
#include "text.h"

static const char *post_of(const char **in)
{
    if (strncmp(*in, "P1 ", 3) == 0) {
        *in += 3;
        return "P1";
    }
    if (strncmp(*in, "P2 ", 3) != 0)
        return "P1";
    *in += 3;
    return "P2";
}

static void scan_text(struct floor *f, const char *post, const char *text)
{
    uint8_t bytes[ENTRY_SCAN_SIZE];
    size_t len = 0;
    for (const char *c = text; *c; c++)
        bytes[len++] = *c == '~' ? 0x1D : (uint8_t)*c;
    floor_scan(f, post, bytes, len);
}

/* What is no input. True when it was done. */
static bool control(struct floor *f, const char *in)
{
    if (in[0] == '+') {
        floor_wait(f, strtoll(in + 1, NULL, 10));
    } else if (strncmp(in, "day +", 5) == 0) {
        floor_wait(f, strtoll(in + 5, NULL, 10) * CIVIL_MS_PER_DAY);
    } else if (strcmp(in, "cut") == 0) {
        floor_stop(f);
        floor_start(f);
    } else if (strcmp(in, "hold") == 0) {
        f->holding = true;
    } else if (strcmp(in, "commit") == 0) {
        f->holding = false;
        floor_commit(f);
    } else if (strncmp(in, "separator ", 10) == 0) {
        f->separator = in[10];
    } else if (strcmp(in, "clock doubtful") == 0) {
        f->now.trust = CLOCK_RESTORED;
    } else {
        return false;
    }
    return true;
}

struct line {
    char in[256], says[256], entries[512];
    bool has_says;
};

static void trim(char *text)
{
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ')
        text[--len] = '\0';
    memmove(text, text + strspn(text, " "), len - strspn(text, " ") + 1);
}

/* Takes one field of a line up to the bar or the line's end. */
static const char *take_field(const char *from, const char *end, char *ret, size_t size)
{
    const char *bar = memchr(from, '|', (size_t)(end - from));
    const char *to = bar ? bar : end;
    assert_int_equal(text_copy_n(ret, size, from, (size_t)(to - from)), 0);
    trim(ret);
    return bar ? bar + 1 : end;
}

static struct line line_at(const char *from, const char *end)
{
    struct line l = {.has_says = memchr(from, '|', (size_t)(end - from)) != NULL};
    from = take_field(from, end, l.in, sizeof(l.in));
    from = take_field(from, end, l.says, sizeof(l.says));
    take_field(from, end, l.entries, sizeof(l.entries));
    return l;
}

static void put_in(struct floor *f, const char *post, const char *in)
{
    if (in[0] == '<')
        scan_text(f, post, in + 1);
    else if (strncmp(in, "kg ", 3) == 0)
        floor_weigh(f, post, strtoll(in + 3, NULL, 10));
    else
        floor_command(f, post, in);
}

void floor_story_do(struct floor *f, const char *in)
{
    const char *post = post_of(&in);
    if (!control(f, in))
        put_in(f, post, in);
}

static void play(struct floor *f, const char *in, struct floor_text *says,
                 struct floor_text *entries)
{
    const char *post = post_of(&in);
    if (control(f, in))
        return;
    if (in[0] == '=') {
        floor_tell_stock(f, in, says);
        return;
    }
    if (in[0] == '?') {
        floor_tell_screen(f, post, in, says);
        return;
    }
    put_in(f, post, in);
    if (f->holding)
        return;
    floor_tell_answer(f, says);
    floor_tell_entries(f, entries);
}

static void play_line(struct floor *f, const struct line *l)
{
    struct floor_text says = {{0}};
    struct floor_text entries = {{0}};
    play(f, l->in, &says, &entries);
    if (!l->has_says)
        return;
    bool right = strcmp(says.buf, l->says) == 0 && strcmp(entries.buf, l->entries) == 0;
    if (!right)
        print_error("%s\n  says    %s\n  wanted  %s\n  booked  %s\n  wanted  %s\n", l->in, says.buf,
                    l->says, entries.buf, l->entries);
    assert_true(right);
}

static void play_story(void **state)
{
    const struct floor_story *s = *state;
    struct floor f;
    floor_open(&f);
    for (const char *from = s->script; *from;) {
        const char *end = strchr(from, '\n');
        assert_non_null(end);
        struct line l = line_at(from, end);
        play_line(&f, &l);
        from = end + 1;
    }
    floor_assert_balanced(&f);
    floor_close(&f);
}

int floor_story_run(const char *group, const struct floor_story *stories, size_t count)
{
    struct CMUnitTest *tests = calloc(count, sizeof(*tests));
    if (!tests)
        return -1;
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){stories[i].name, play_story, NULL, NULL,
                                       (void *)(uintptr_t)&stories[i]};
    int failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    free(tests);
    return failed;
}
