/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/stationd_meaning.h -- what stationd's configuration means to the libraries: their own
 * settings, filled from it. Pure. */
#pragma once

#include "attr.h"
#include "detect.h"
#include "diag.h"
#include "station.h"
#include "stationd_conf.h"

/* -EINVAL with *reterr: a post or a label layout that cannot be read. */
NODISCARD int stationd_conf_station(const struct stationd_conf *conf, struct station_conf *ret,
                                    struct diag *reterr);

struct detect_conf stationd_conf_detect(const struct stationd_conf *conf);
