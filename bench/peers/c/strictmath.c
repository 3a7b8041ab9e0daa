/*
 * Black-Scholes and haversine of bench/bare/kernels.mjs as a C programmer writes vectors by hand, with functions that round as ours do: nothing contracted, the
 * same algorithms and coefficients (docs/accuracy.md). Lanes and functions in strictmath/ are for gcc and clang on x86-64; program.h runs the loops.
 */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#if defined(__AVX512DQ__) && defined(__AVX512VL__)
#define W 8
#define SCALEF
#define FIXUP
#elif defined(__AVX2__)
#define W 4
#else
#error "neither AVX2 nor AVX-512"
#endif
#include "strictmath/v.h"
#include "strictmath/core.h"
#include "strictmath/asin.h"

typedef void kernel(const double *const *in, double *restrict out, long rows);

static inline D normal(D d) {
  D k = 1.0 / (1.0 + 0.2316419 * ABS(d));
  D series = k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  D tail = 0.3989422804014327 * s_exp(-0.5 * d * d) * series;
  return SEL(LT(K(0.0), d), 1.0 - tail, tail);
}

static inline D price(D s, D k, D t) {
  D deviation = 0.3 * SQRT(t);
  D d1 = (s_log(s / k) + (0.02 + 0.045) * t) / deviation;
  return s * normal(d1) - k * s_exp(-0.02 * t) * normal(d1 - deviation);
}

static inline D distance(D lat1, D lon1, D lat2, D lon2) {
  D a = s_sin((lat2 - lat1) / 2.0), b = s_sin((lon2 - lon1) / 2.0);
  return 12742.0 * s_asin(SQRT(a * a + s_cos(lat1) * s_cos(lat2) * b * b));
}

/* Rows are a multiple of the lanes: main says so. */
static void black_scholes(const double *const *in, double *restrict out, long rows) {
  for (long i = 0; i < rows; i += W) ST(out + i, price(LD(in[0] + i), LD(in[1] + i), LD(in[2] + i)));
}

static void haversine(const double *const *in, double *restrict out, long rows) {
  for (long i = 0; i < rows; i += W)
    ST(out + i, distance(LD(in[0] + i), LD(in[1] + i), LD(in[2] + i), LD(in[3] + i)));
}

static const struct {
  const char *name;
  kernel *run;
} KERNELS[] = {{"Black-Scholes", black_scholes}, {"haversine", haversine}};

#include "program.h"
