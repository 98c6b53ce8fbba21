/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay_death.h"

#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sql.h"

static int calls_left; /* 0: never */

static void maybe_die(void)
{
    if (calls_left > 0 && --calls_left == 0)
        raise(SIGKILL);
}

int __real_sql_run(struct sql_query *q);
int __wrap_sql_run(struct sql_query *q);
int __real_sql_commit(struct sql *s);
int __wrap_sql_commit(struct sql *s);

int __wrap_sql_run(struct sql_query *q)
{
    maybe_die();
    int r = __real_sql_run(q);
    maybe_die();
    return r;
}

int __wrap_sql_commit(struct sql *s)
{
    maybe_die();
    int r = __real_sql_commit(s);
    maybe_die();
    return r;
}

bool relay_death_at(int n, void (*play)(void *context), void *context)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        calls_left = n;
        play(context);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    bool died = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    assert_true(died || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return died;
}
