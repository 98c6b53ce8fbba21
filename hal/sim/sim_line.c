/* SPDX-License-Identifier: Apache-2.0 */
#include "sim_line.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void carry_out(struct sim_line *s, int out_fd, sim_line_fn fn, void *context)
{
    char answer[SIM_LINE_MAX] = "";
    s->held[s->len] = '\0';
    s->len = 0;
    fn(context, s->held, answer);
    if (answer[0])
        dprintf(out_fd, "%s\n", answer);
}

int sim_line_serve(struct sim_line *s, int in_fd, int out_fd, sim_line_fn fn, void *context)
{
    char buf[SIM_LINE_MAX];
    ssize_t n = read(in_fd, buf, sizeof(buf));
    if (n <= 0)
        return n < 0 && errno == EINTR;
    for (ssize_t i = 0; i < n; i++) {
        if (buf[i] == '\n')
            carry_out(s, out_fd, fn, context);
        else if (s->len + 1 < sizeof(s->held))
            s->held[s->len++] = buf[i];
    }
    return 1;
}

static void *play(void *context)
{
    struct sim_thread *t = context;
    t->run(t->conf, t->to_sim[0], t->from_sim[1]);
    close(t->from_sim[1]); /* whoever waits for an answer sees the end */
    return NULL;
}

static int answer_of(struct sim_thread *t, char ret[SIM_LINE_MAX])
{
    size_t len = 0;
    char c = '\0';
    while (len + 1 < SIM_LINE_MAX) {
        if (read(t->from_sim[0], &c, 1) != 1)
            return -EIO;
        if (c == '\n')
            break;
        ret[len++] = c;
    }
    ret[len] = '\0';
    return 0;
}

int sim_thread_start(struct sim_thread *t, sim_run_fn run, const void *conf)
{
    assert(t && run);
    *t = (struct sim_thread){.run = run, .conf = conf};
    if (pipe2(t->to_sim, O_CLOEXEC) < 0)
        return -errno;
    if (pipe2(t->from_sim, O_CLOEXEC) < 0)
        return -errno;
    int err = pthread_create(&t->thread, NULL, play, t);
    if (err != 0)
        return -err;
    char line[SIM_LINE_MAX];
    err = answer_of(t, line);
    if (err < 0 || strncmp(line, "ready ", 6) != 0)
        return -EIO;
    memcpy(t->ready, line + 6, strlen(line + 6) + 1);
    return 0;
}

int sim_thread_say(struct sim_thread *t, const char *line)
{
    char answer[SIM_LINE_MAX];
    if (dprintf(t->to_sim[1], "%s\n", line) < 0)
        return -errno;
    int err = answer_of(t, answer);
    if (err < 0)
        return err;
    return strcmp(answer, "ok") == 0 ? 0 : -EINVAL;
}

void sim_thread_stop(struct sim_thread *t)
{
    close(t->to_sim[1]);
    pthread_join(t->thread, NULL);
    close(t->to_sim[0]);
    close(t->from_sim[0]);
}
