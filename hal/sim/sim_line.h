/* SPDX-License-Identifier: Apache-2.0 */
/* hal/sim/sim_line.h -- how a simulator is told what to play: one command a line, one answer a line
 * ("ok", or "error: ..."); and a thread that plays one inside a test. */
#pragma once

#include <pthread.h>
#include <stddef.h>

#include "attr.h"

#define SIM_LINE_MAX 256

/* Carries out one line, "put 500", and writes its answer without the line end;
 * an empty one is left to the simulator, which sends it when it is due. */
typedef void (*sim_line_fn)(void *context, const char *line, char answer[SIM_LINE_MAX]);

struct sim_line {
    char held[SIM_LINE_MAX];
    size_t len;
};

/* Reads once from in_fd (it must be readable) and carries out the whole lines. 1, or 0 at the end
 * of the input. */
int sim_line_serve(struct sim_line *s, int in_fd, int out_fd, sim_line_fn fn, void *context);

/* A simulator: plays until the input ends. Its first line says "ready" and where it is found. */
typedef int (*sim_run_fn)(const void *conf, int in_fd, int out_fd);

struct sim_thread {
    pthread_t thread;
    sim_run_fn run;
    const void *conf;
    int to_sim[2];
    int from_sim[2];
    char ready[SIM_LINE_MAX]; /* what follows "ready " */
};

/* Starts it and waits until it is ready. conf is borrowed until sim_thread_stop(). */
NODISCARD int sim_thread_start(struct sim_thread *t, sim_run_fn run, const void *conf);

/* Sends one line and waits for its answer. 0 for "ok", -EINVAL for anything else. */
NODISCARD int sim_thread_say(struct sim_thread *t, const char *line);

void sim_thread_stop(struct sim_thread *t);
