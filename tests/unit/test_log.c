/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

/* What is written to stderr between the two calls. */
struct caught {
    int kept; /* stderr as it was */
    int ends[2];
    char text[4096];
};

static void catch_begin(struct caught *c)
{
    assert_int_equal(pipe(c->ends), 0);
    c->kept = dup(STDERR_FILENO);
    assert_true(c->kept >= 0);
    assert_int_equal(dup2(c->ends[1], STDERR_FILENO), STDERR_FILENO);
}

static const char *catch_end(struct caught *c)
{
    assert_int_equal(dup2(c->kept, STDERR_FILENO), STDERR_FILENO);
    close(c->kept);
    close(c->ends[1]);
    ssize_t n = read(c->ends[0], c->text, sizeof(c->text) - 1); /* a pipe keeps that much */
    assert_true(n >= 0);
    c->text[n] = '\0';
    close(c->ends[0]);
    return c->text;
}

static const char *said(struct caught *c, enum log_form form, enum log_level level,
                        const char *words)
{
    log_set("testd", LOG_LEVEL_INFO, form);
    catch_begin(c);
    log_line(level, "%s", words);
    return catch_end(c);
}

static void text_has_journalds_priority_before_its_words(void **state)
{
    (void)state;
    struct caught c;
    assert_string_equal(said(&c, LOG_FORM_TEXT, LOG_LEVEL_WARNING, "disk: 3 MB left"),
                        "<4>disk: 3 MB left\n");
}

static void what_is_above_the_level_is_dropped(void **state)
{
    (void)state;
    struct caught c;
    assert_string_equal(said(&c, LOG_FORM_TEXT, LOG_LEVEL_DEBUG, "x"), "");
    assert_string_equal(said(&c, LOG_FORM_JSON, LOG_LEVEL_DEBUG, "x"), "");
}

static void bytes_that_would_end_the_line_or_are_no_text_become_question_marks(void **state)
{
    (void)state;
    struct caught c;
    assert_string_equal(said(&c, LOG_FORM_TEXT, LOG_LEVEL_ERROR, "a\n<0>b\x1b[2J\xff\xc2\x85"),
                        "<3>a?<0>b?[2J??\n");
}

static void words_too_long_are_cut_and_still_one_line(void **state)
{
    (void)state;
    char words[2000];
    memset(words, '"', sizeof(words) - 1);
    words[sizeof(words) - 1] = '\0';
    struct caught c;
    const char *text = said(&c, LOG_FORM_TEXT, LOG_LEVEL_ERROR, words);
    assert_int_equal(strlen(text), strlen("<3>") + 500 + 1);
    text = said(&c, LOG_FORM_JSON, LOG_LEVEL_ERROR, words);
    cJSON *line = cJSON_Parse(text);
    assert_non_null(line);
    assert_int_equal(strlen(cJSON_GetStringValue(cJSON_GetObjectItem(line, "text"))), 500);
    cJSON_Delete(line);
}

static void json_is_an_object_of_time_level_program_and_words(void **state)
{
    (void)state;
    struct caught c;
    const char *text = said(&c, LOG_FORM_JSON, LOG_LEVEL_NOTICE, "a \"b\" \\ \n \xE0\xA4\x95");
    assert_int_equal(strcspn(text, "\n"), strlen(text) - 1);
    cJSON *line = cJSON_ParseWithOpts(text, NULL, 0);
    assert_non_null(line);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(line, "level")), "notice");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(line, "program")), "testd");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(line, "text")),
                        "a \"b\" \\ ? \xE0\xA4\x95");
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0;
    char z = '\0';
    assert_int_equal(sscanf(cJSON_GetStringValue(cJSON_GetObjectItem(line, "time")),
                            "%4d-%2d-%2dT%2d:%2d:%2d.%3d%c", &year, &month, &day, &hour, &minute,
                            &second, &ms, &z),
                     8);
    assert_true(year >= 2026 && month >= 1 && month <= 12 && z == 'Z');
    cJSON_Delete(line);
}

static void levels_and_forms_are_known_by_their_names_alone(void **state)
{
    (void)state;
    enum log_level level = LOG_LEVEL_ERROR;
    enum log_form form = LOG_FORM_TEXT;
    assert_int_equal(log_level_parse("debug", &level), 0);
    assert_int_equal(level, LOG_LEVEL_DEBUG);
    assert_int_equal(log_level_parse("loud", &level), -EINVAL);
    assert_int_equal(log_form_parse("json", &form), 0);
    assert_int_equal(form, LOG_FORM_JSON);
    assert_int_equal(log_form_parse("xml", &form), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_has_journalds_priority_before_its_words),
        cmocka_unit_test(what_is_above_the_level_is_dropped),
        cmocka_unit_test(bytes_that_would_end_the_line_or_are_no_text_become_question_marks),
        cmocka_unit_test(words_too_long_are_cut_and_still_one_line),
        cmocka_unit_test(json_is_an_object_of_time_level_program_and_words),
        cmocka_unit_test(levels_and_forms_are_known_by_their_names_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
