/* SPDX-License-Identifier: Apache-2.0 */
#include "print_job.h"

#include <assert.h>
#include <errno.h>

#include "text.h"

struct print_job print_job_new(struct print_counter *counter)
{
    assert(counter);
    return (struct print_job){.number = ++counter->last};
}

int print_job_again(struct print_counter *counter, const struct print_job *first,
                    const char *reason, struct print_job *ret)
{
    assert(counter && first && reason && ret);
    struct print_job job = {.copy_of = first->number};
    if (first->state == PRINT_QUEUED)
        return -EBUSY;
    if (reason[0] == '\0' || text_copy(job.reason, sizeof(job.reason), reason) < 0)
        return -EINVAL;
    job.number = ++counter->last;
    *ret = job;
    return 0;
}

int print_job_sent(struct print_job *job, int send_err)
{
    assert(job);
    if (job->state != PRINT_QUEUED)
        return -EINVAL;
    if (send_err == 0)
        job->state = PRINT_SENT;
    else if (send_err != -ENOTCONN) /* then no byte left, and it stays queued */
        job->state = PRINT_UNKNOWN;
    return 0;
}

void print_job_status(struct print_job *job, const struct printer_status *status)
{
    assert(job && status);
    if (job->state == PRINT_SENT && status->state != PRINTER_READY)
        job->state = PRINT_UNKNOWN;
}

int print_job_confirmed(struct print_job *job)
{
    assert(job);
    if (job->state == PRINT_QUEUED)
        return -EINVAL;
    job->state = PRINT_CONFIRMED;
    return 0;
}

int print_job_missing(struct print_job *job)
{
    assert(job);
    if (job->state != PRINT_SENT && job->state != PRINT_UNKNOWN)
        return -EINVAL;
    job->state = PRINT_QUEUED;
    return 0;
}

const char *print_state_name(enum print_state state)
{
    switch (state) {
    case PRINT_QUEUED:
        return "queued";
    case PRINT_SENT:
        return "sent";
    case PRINT_UNKNOWN:
        return "unknown";
    case PRINT_CONFIRMED:
        return "confirmed";
    }
    return "";
}
