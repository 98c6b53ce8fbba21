/* SPDX-License-Identifier: Apache-2.0 */
/* tests/broker.h -- a real mosquitto on a free port of loopback, in a scratch folder, for tests in
 * C. Where mosquitto is not installed, broker_available() says so and the test skips. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"

#define BROKER_PROGRAM "/usr/sbin/mosquitto"

struct broker {
    struct scratch *scratch;
    const char *more; /* lines of configuration behind the listener's */
    pid_t pid;
    int port;
    char address[32]; /* "127.0.0.1:PORT" */
};

static inline bool broker_available(void)
{
    return access(BROKER_PROGRAM, X_OK) == 0;
}

static inline struct sockaddr_in broker_loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static inline int broker_free_port(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = broker_loopback(0);
    socklen_t len = sizeof(at);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, len) < 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) < 0)
        scratch_fail("free port");
    close(fd);
    return ntohs(at.sin_port);
}

static inline bool broker_listens(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = broker_loopback(port);
    bool yes = fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
    if (fd >= 0)
        close(fd);
    return yes;
}

/* Again on the same port after broker_kill(). Returns when it listens. */
static inline void broker_start(struct broker *b)
{
    if (b->port == 0)
        b->port = broker_free_port();
    snprintf(b->address, sizeof(b->address), "127.0.0.1:%d", b->port);
    char conf[2048];
    snprintf(conf, sizeof(conf),
             "listener %d 127.0.0.1\npersistence false\nlog_dest none\nuser root\n%s", b->port,
             b->more ? b->more : "allow_anonymous true\n");
    char path[160];
    snprintf(path, sizeof(path), "%s", scratch_write(b->scratch, "mosquitto.conf", conf));
    b->pid = fork();
    if (b->pid < 0)
        scratch_fail("fork");
    if (b->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves none behind */
        execl(BROKER_PROGRAM, BROKER_PROGRAM, "-c", path, (char *)NULL);
        _exit(127);
    }
    while (!broker_listens(b->port)) {
        if (waitpid(b->pid, NULL, WNOHANG) == b->pid)
            scratch_fail("mosquitto ended by itself");
        poll(NULL, 0, 5);
    }
}

static inline void broker_kill(struct broker *b)
{
    if (b->pid <= 0)
        return;
    kill(b->pid, SIGKILL);
    waitpid(b->pid, NULL, 0);
    b->pid = 0;
}
