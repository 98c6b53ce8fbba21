/* SPDX-License-Identifier: Apache-2.0 */
/* vyaparctl claim: the code and the relay that a new appliance is to have its name from. syncd
 * finds them beside its key, and stationd begins its journal with what it is granted. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "ctl.h"
#include "enrolment.h"
#include "file_replace.h"
#include "text.h"

#define FOLDER "/var/lib/vyapar"
#define PATH_SIZE 256

/* One line of its owner's: a claim that was not used yet lets somebody in. */
static int lay(const char *folder, const char *name, const char *line)
{
    char path[PATH_SIZE];
    char text[PATH_SIZE];
    int n = snprintf(path, sizeof(path), "%s/" ENROLMENT_FOLDER "/%s", folder, name);
    int len = snprintf(text, sizeof(text), "%s\n", line);
    if (n < 0 || (size_t)n >= sizeof(path) || len < 0 || (size_t)len >= sizeof(text))
        return -ENAMETOOLONG;
    return file_replace(path, text, (size_t)len, FILE_MODE_SECRET);
}

enum ctl_exit ctl_claim(int argc, char **argv)
{
    if (argc < 2 || argc > 3)
        return ctl_misused("claim: CODE URL [FOLDER]");
    const char *code = argv[0];
    const char *url = argv[1];
    const char *folder = argc == 3 ? argv[2] : FOLDER;
    if (!text_is_code(code) || strlen(code) >= ENROLMENT_CLAIM_SIZE)
        return ctl_misused("claim: a code of 1 to %d characters", ENROLMENT_CLAIM_SIZE - 1);
    if (!text_is_code(url) || (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0))
        return ctl_misused("claim: https://HOST of the relay");
    char dir[PATH_SIZE];
    int n = snprintf(dir, sizeof(dir), "%s/" ENROLMENT_FOLDER, folder);
    int err = n < 0 || (size_t)n >= sizeof(dir) ? -ENAMETOOLONG : 0;
    if (err == 0 && mkdir(dir, 0700) < 0 && errno != EEXIST)
        err = -errno;
    if (err == 0)
        err = lay(folder, ENROLMENT_CLAIM_FILE, code);
    if (err == 0)
        err = lay(folder, ENROLMENT_RELAY_FILE, url);
    return err < 0 ? ctl_complain(folder, NULL, err) : CTL_GOOD;
}
