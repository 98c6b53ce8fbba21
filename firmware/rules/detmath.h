/* SPDX-License-Identifier: Apache-2.0 */
/* rules/detmath.h -- exp, log and log gamma that give the same bits on every IEEE 754 machine. The
 * C library's do not: glibc picks other code on amd64 with FMA, on amd64 without, and on arm64.
 * These use only + - * / on doubles, which IEEE 754 defines to the last bit (the build forbids
 * contraction), and the layout of a binary64. Not for infinities or NaN. Accuracy is tested against
 * libm: within 4 ulp for exp and log, and 1e-14 of max(1, |value|) for log gamma. Pure. */
#pragma once

/* e^x; 0 below -708, where the true value is under 1e-307. x <= 709. */
double detmath_exp(double x);

/* Natural logarithm of a normal number x > 0. */
double detmath_log(double x);

/* ln(Gamma(x)), x > 0. */
double detmath_lgamma(double x);

/* ln(B(a, b)), a and b > 0. */
double detmath_lbeta(double a, double b);
