/* SPDX-License-Identifier: Apache-2.0 */
/* hal/indicator_sysfs.h -- LEDs and a buzzer as the kernel's files: LED class directories, and a
 * PWM channel or a file that takes 1 and 0. */
#pragma once

#include "indicator.h"

/* A path that is NULL or "" is not fitted. */
struct indicator_sysfs_conf {
    const char *green_dir; /* "/sys/class/leds/green": brightness, max_brightness, trigger */
    const char *red_dir;   /* the same */
    /* "/sys/class/pwm/pwmchip0/pwm0", exported: period, duty_cycle, enable */
    const char *buzzer_pwm;
    const char *buzzer_file; /* where the buzzer only knows on and off */
};

/* Takes the LEDs from whatever trigger they had, and turns all off. What is configured and not
 * there is logged as a warning and left out: an appliance without its lamp still works.
 * -ENAMETOOLONG, -ENOMEM. */
NODISCARD int indicator_sysfs_open(const struct indicator_sysfs_conf *conf, struct indicator **ret);
