/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "utf8.h"

#define WORDS_MAX 500
#define ESCAPE_MAX 2 /* of a byte: a quote behind its backslash */
#define HEAD_MAX 160
#define LINE_MAX_BYTES (HEAD_MAX + WORDS_MAX * ESCAPE_MAX + 4)

/* The one mutable variable at file scope. */
static struct {
    const char *program;
    enum log_level most;
    enum log_form form;
} to = {"", LOG_LEVEL_INFO, LOG_FORM_TEXT};

static const char *const level_names[] = {
    [LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_WARNING] = "warning", [LOG_LEVEL_NOTICE] = "notice",
    [LOG_LEVEL_INFO] = "info",   [LOG_LEVEL_DEBUG] = "debug",
};

int log_level_parse(const char *name, enum log_level *ret)
{
    for (int level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++) {
        if (strcmp(name, level_names[level]) == 0) {
            *ret = (enum log_level)level;
            return 0;
        }
    }
    return -EINVAL;
}

int log_form_parse(const char *name, enum log_form *ret)
{
    bool json = strcmp(name, "json") == 0;
    if (!json && strcmp(name, "text") != 0)
        return -EINVAL;
    *ret = json ? LOG_FORM_JSON : LOG_FORM_TEXT;
    return 0;
}

void log_set(const char *program, enum log_level most, enum log_form form)
{
    to.program = program;
    to.most = most;
    to.form = form;
}

/* Appends one character of the words; of what is no text, or would end the line, a question mark.
 */
static size_t put_character(char *line, size_t at, const char **words)
{
    uint32_t code = 0;
    size_t bytes = utf8_next(*words, &code);
    const char *from = *words;
    *words += bytes > 0 ? bytes : 1;
    if (bytes == 0 || code < 0x20 || (code >= 0x7F && code < 0xA0)) {
        line[at++] = '?';
        return at;
    }
    if (to.form == LOG_FORM_JSON && (code == '"' || code == '\\'))
        line[at++] = '\\';
    memcpy(line + at, from, bytes);
    return at + bytes;
}

static size_t put_words(char *line, size_t at, const char *words)
{
    while (*words)
        at = put_character(line, at, &words);
    return at;
}

/* What stands before the words. */
static size_t put_head(char *line, enum log_level level)
{
    if (to.form == LOG_FORM_TEXT)
        return (size_t)snprintf(line, HEAD_MAX, "<%d>", (int)level);
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    struct tm utc = {0};
    gmtime_r(&now.tv_sec, &utc);
    char second[sizeof("2026-11-21T10:00:00")] = "";
    strftime(second, sizeof(second), "%Y-%m-%dT%H:%M:%S", &utc);
    return (size_t)snprintf(
        line, HEAD_MAX, "{\"time\":\"%s.%03dZ\",\"level\":\"%s\",\"program\":\"%.32s\",\"text\":\"",
        second, (int)(now.tv_nsec / 1000000), level_names[level], to.program);
}

void log_line(enum log_level level, const char *fmt, ...)
{
    if (level > to.most)
        return;
    char words[WORDS_MAX + 1];
    va_list args;
    va_start(args, fmt);
    int wanted = vsnprintf(words, sizeof(words), fmt, args);
    va_end(args);
    if (wanted < 0)
        return;
    char line[LINE_MAX_BYTES];
    size_t len = put_words(line, put_head(line, level), words);
    if (to.form == LOG_FORM_JSON) {
        line[len++] = '"';
        line[len++] = '}';
    }
    line[len++] = '\n';
    /* A log that cannot be written cannot be reported anywhere either. */
    ssize_t ignored = write(STDERR_FILENO, line, len);
    (void)ignored;
}
