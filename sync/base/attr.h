/* SPDX-License-Identifier: Apache-2.0 */
/* base/attr.h -- the only macros the project owns. */
#pragma once

#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* AUTO(scale) s = NULL;  calls scale_free(s) when s leaves its scope. The helper is typed, so
 * AUTO on anything but a `struct scale *` does not compile. */
#define DEFINE_AUTO(type)                                                                          \
    static inline void type##_auto_free(struct type **p)                                           \
    {                                                                                              \
        type##_free(*p);                                                                           \
    }                                                                                              \
    struct type /* swallows the caller's semicolon */
#define AUTO(type) __attribute__((cleanup(type##_auto_free))) struct type *

/* Hands ownership out: yields p and leaves p NULL, so AUTO no longer frees it. */
#define TAKE(p)                                                                                    \
    __extension__({                                                                                \
        __typeof__(p) taken_ = (p);                                                                \
        (p) = NULL;                                                                                \
        taken_;                                                                                    \
    })
