/* SPDX-License-Identifier: Apache-2.0 */
/* The scanner simulator as tests and the demo use it: a program driven through pipes, with a driver
 * at the other end of its wire. Its command line is given: contract_scanner_sim [EMULATOR] SIM */
#include "test.h"

#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attr.h"
#include "clock.h"
#include "scanner.h"
#include "scanner_evdev.h"
#include "scanner_serial.h"

#define WAIT_MS 30000
#define COMMAND_MAX 8

extern char **environ;

struct sim {
    char dir[64];
    struct scanner_profile profile;
    pid_t pid;
    FILE *commands;
    FILE *answers;
};

static void expect_answer(struct sim *m, const char *want)
{
    char line[128];
    assert_non_null(fgets(line, sizeof(line), m->answers));
    line[strcspn(line, "\n")] = '\0';
    assert_string_equal(line, want);
}

static void tell(struct sim *m, const char *command, const char *want)
{
    fprintf(m->commands, "%s\n", command);
    fflush(m->commands);
    expect_answer(m, want);
}

/* argv is the program with what goes before it; the wire's kind and path are put behind. */
static void start(struct sim *m, char *const argv[], const char *kind, const char *setting)
{
    *m = (struct sim){.dir = "/tmp/contract_scanner_sim.XXXXXX"};
    assert_non_null(mkdtemp(m->dir));
    snprintf(m->profile.name, sizeof(m->profile.name), "sim");
    snprintf(m->profile.path, sizeof(m->profile.path), "%s/device", m->dir);
    m->profile.frame.idle_ms = 30000; /* a slow machine must not cut a scan */
    const char *command[COMMAND_MAX] = {NULL};
    size_t n = 0;
    for (; argv[n] && n < COMMAND_MAX - 4; n++)
        command[n] = argv[n];
    command[n++] = kind;
    command[n++] = m->profile.path;
    command[n++] = setting;

    int in[2], out[2];
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    posix_spawn_file_actions_t files;
    assert_int_equal(posix_spawn_file_actions_init(&files), 0);
    posix_spawn_file_actions_adddup2(&files, in[0], 0);
    posix_spawn_file_actions_adddup2(&files, out[1], 1);
    posix_spawn_file_actions_addclose(&files, in[1]);
    posix_spawn_file_actions_addclose(&files, out[0]);
    assert_int_equal(posix_spawn(&m->pid, command[0], &files, NULL, (char **)command, environ), 0);
    posix_spawn_file_actions_destroy(&files);
    close(in[0]);
    close(out[1]);
    m->commands = fdopen(in[1], "w");
    m->answers = fdopen(out[0], "r");
    assert_non_null(m->commands);
    assert_non_null(m->answers);
    expect_answer(m, "ok");
}

static void stop(struct sim *m)
{
    int status = -1;
    fclose(m->commands);
    assert_int_equal(waitpid(m->pid, &status, 0), m->pid);
    fclose(m->answers);
    assert_int_equal(status, 0);
    assert_int_equal(rmdir(m->dir), 0); /* it took its device away */
}

static int read_next(struct scanner *s, struct scanner_frame *ret)
{
    for (;;) {
        int got = scanner_read(s, clock_steady_ms(), ret);
        if (got != 0)
            return got;
        struct pollfd readable = {.fd = scanner_fd(s), .events = POLLIN};
        assert_int_equal(poll(&readable, 1, WAIT_MS), 1);
    }
}

static void expect_frame(struct scanner *s, const char *text)
{
    struct scanner_frame f;
    assert_int_equal(read_next(s, &f), 1);
    assert_int_equal(f.len, strlen(text));
    assert_memory_equal(f.bytes, text, f.len);
}

static void play(char *const argv[], const char *kind, const char *setting,
                 int (*open_scanner)(const struct scanner_profile *p, struct scanner **ret))
{
    struct sim m;
    struct scanner_frame f;
    start(&m, argv, kind, setting);
    AUTO(scanner) s = NULL;
    assert_int_equal(open_scanner(&m.profile, &s), 0);
    tell(&m, "scan ]C10108901234567894\\x1d10Ab-1", "ok");
    expect_frame(s, "]C10108901234567894\x1d"
                    "10Ab-1");
    tell(&m, "burst 3 X-", "ok");
    expect_frame(s, "X-1");
    expect_frame(s, "X-2");
    expect_frame(s, "X-3");
    tell(&m, "type 89", "ok");
    tell(&m, "garble", "ok");
    tell(&m, "scan 01", "ok");
    assert_int_equal(read_next(s, &f), -EBADMSG);
    tell(&m, "jump", "error No such file or directory");
    tell(&m, "raw 0g", "error Invalid argument");
    tell(&m, "scan \\x1", "error Invalid argument");
    tell(&m, "unplug", "ok");
    tell(&m, "scan 8901", "error No such device");
    assert_int_equal(read_next(s, &f), -EIO);
    tell(&m, "plug", "ok");
    AUTO(scanner) again = NULL;
    assert_int_equal(open_scanner(&m.profile, &again), 0);
    tell(&m, "scan 8901", "ok");
    expect_frame(again, "8901");
    stop(&m);
}

static void a_keyboard_scanner_is_played_with_each_way_of_sending_gs(void **state)
{
    static const char *const settings[] = {"ctrl", "f8", "alt", "codes"};
    for (size_t i = 0; i < ARRAY_LEN(settings); i++)
        play(*state, "evdev", settings[i], scanner_evdev_open);
}

static void a_serial_scanner_is_played(void **state)
{
    play(*state, "serial", NULL, scanner_serial_open);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: contract_scanner_sim [EMULATOR] SIM\n");
        return 2;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_keyboard_scanner_is_played_with_each_way_of_sending_gs,
                                  argv + 1),
        cmocka_unit_test_prestate(a_serial_scanner_is_played, argv + 1),
    };
    return cmocka_run_group_tests_name("scanner_sim", tests, NULL, NULL);
}
