/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into a daemon, it ends that by SIGKILL in front of the KILL_AT-th step that leaves a
 * trace outside: a file made, renamed, removed or made durable, bytes sent or received. So a test
 * can put the end between any two of them. */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int steps;

static void step(void)
{
    const char *at = getenv("KILL_AT");
    if (at && atomic_fetch_add(&steps, 1) + 1 == atoi(at))
        kill(getpid(), SIGKILL);
}

/* POSIX makes dlsym's result a function; ISO C has no word for that. */
static void *next(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found)
        abort();
    return found;
}

#define NEXT(type, name) (__extension__(type) next(name))

int rename(const char *from, const char *to)
{
    step();
    return NEXT(int (*)(const char *, const char *), "rename")(from, to);
}

int link(const char *from, const char *to)
{
    step();
    return NEXT(int (*)(const char *, const char *), "link")(from, to);
}

int unlink(const char *path)
{
    step();
    return NEXT(int (*)(const char *), "unlink")(path);
}

int mkdir(const char *path, mode_t mode)
{
    step();
    return NEXT(int (*)(const char *, mode_t), "mkdir")(path, mode);
}

int fsync(int fd)
{
    step();
    return NEXT(int (*)(int), "fsync")(fd);
}

int fdatasync(int fd)
{
    step();
    return NEXT(int (*)(int), "fdatasync")(fd);
}

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
    step();
    return NEXT(ssize_t(*)(int, const void *, size_t, int), "send")(fd, bytes, len, flags);
}

ssize_t recv(int fd, void *bytes, size_t len, int flags)
{
    step();
    return NEXT(ssize_t(*)(int, void *, size_t, int), "recv")(fd, bytes, len, flags);
}
