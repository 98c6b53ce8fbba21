/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "anomaly.h"

#include <math.h>

bool anomaly_velocity(int64_t units_today, int64_t rate_milli, int64_t factor_permille)
{
    double usual = (double)rate_milli / 1000;
    double today = (double)units_today;
    return today > usual * (double)factor_permille / 1000 && today > usual + 3 * sqrt(usual) + 3;
}

bool anomaly_surge(int64_t entries, int64_t mean_milli, int64_t factor_permille)
{
    return entries >= ANOMALY_SURGE_LEAST &&
           (double)entries * 1000 > (double)mean_milli * (double)factor_permille / 1000;
}

bool anomaly_price(int64_t mrp_paise, int64_t usual_paise)
{
    if (mrp_paise <= 0 || usual_paise <= 0)
        return false;
    double apart = fabs((double)mrp_paise - (double)usual_paise);
    return apart * 1000 > (double)usual_paise * ANOMALY_PRICE_PERMILLE;
}
