/* SPDX-License-Identifier: Apache-2.0 */
#include "detmath.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

/* ln 2 in two parts: the first has 21 trailing zero bits, so k * LN2_HI is exact for |k| < 2^20. */
#define LN2_HI 0x1.62e42fee00000p-1
#define LN2_LO 0x1.a39ef35793c76p-33
#define LOG2_E 0x1.71547652b82fep0
#define SQRT_2 0x1.6a09e667f3bcdp0
#define HALF_LN_2PI 0x1.d67f1c864beb5p-1

#define EXP_X_MIN (-708.0)
#define EXP_X_MAX 709.0

#define MANTISSA_BITS 52
#define EXPONENT_BIAS 1023

static double power_of_two(int32_t k) /* k in the range of normal numbers */
{
    uint64_t bits = (uint64_t)(k + EXPONENT_BIAS) << MANTISSA_BITS;
    double v;
    memcpy(&v, &bits, sizeof(v));
    return v;
}

double detmath_exp(double x)
{
    assert(x <= EXP_X_MAX);
    if (x < EXP_X_MIN)
        return 0;
    int32_t k = (int32_t)(x * LOG2_E + (x < 0 ? -0.5 : 0.5));
    double r = (x - k * LN2_HI) - k * LN2_LO;

    /* Taylor: |r| <= ln(2) / 2, so the first term left out is below 5e-18. */
    static const double inverse_factorial[] = {1.0 / 6227020800,
                                               1.0 / 479001600,
                                               1.0 / 39916800,
                                               1.0 / 3628800,
                                               1.0 / 362880,
                                               1.0 / 40320,
                                               1.0 / 5040,
                                               1.0 / 720,
                                               1.0 / 120,
                                               1.0 / 24,
                                               1.0 / 6,
                                               0.5,
                                               1.0};
    double sum = 0;
    for (unsigned i = 0; i < sizeof(inverse_factorial) / sizeof(*inverse_factorial); i++)
        sum = (sum + inverse_factorial[i]) * r;
    return k > EXPONENT_BIAS ? (1 + sum) * power_of_two(k - 1) * 2 : (1 + sum) * power_of_two(k);
}

double detmath_log(double x)
{
    assert(x >= 0x1p-1022);
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    int32_t k = (int32_t)(bits >> MANTISSA_BITS) - EXPONENT_BIAS;
    bits = (bits & ((UINT64_C(1) << MANTISSA_BITS) - 1)) | (uint64_t)EXPONENT_BIAS << MANTISSA_BITS;
    double m;
    memcpy(&m, &bits, sizeof(m));
    if (m > SQRT_2) {
        m /= 2;
        k++;
    }

    /* ln m = 2 artanh s with s = (m - 1) / (m + 1); s^2 < 0.0295, so 11 terms reach 1e-18. With
     * f = m - 1 exact, 2 s = f - s f, which keeps the leading part free of rounding. */
    double f = m - 1;
    double s = f / (m + 1);
    double z = s * s;
    double tail = 1.0 / 23;
    for (int odd = 21; odd >= 3; odd -= 2)
        tail = tail * z + 1.0 / odd;
    return k * LN2_HI + (f - (s * (f - 2 * z * tail) - k * LN2_LO));
}

double detmath_lgamma(double x)
{
    assert(x > 0);
    /* Stirling's series wants x >= 8: Gamma(x) = Gamma(x + n) / (x (x + 1) ... (x + n - 1)). */
    double product = 1;
    for (; x < 8; x++)
        product *= x;
    double i = 1 / x;
    double z = i * i;
    double series = 1.0 / 156;
    series = series * z - 691.0 / 360360;
    series = series * z + 1.0 / 1188;
    series = series * z - 1.0 / 1680;
    series = series * z + 1.0 / 1260;
    series = series * z - 1.0 / 360;
    series = series * z + 1.0 / 12;
    double v = (x - 0.5) * detmath_log(x) - x + HALF_LN_2PI + series * i;
    return product != 1 ? v - detmath_log(product) : v;
}

double detmath_lbeta(double a, double b)
{
    return detmath_lgamma(a) + detmath_lgamma(b) - detmath_lgamma(a + b);
}
