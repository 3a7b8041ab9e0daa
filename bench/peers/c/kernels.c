/* The functions of bench/bare/kernels.mjs in C, each as a plain loop over columns of doubles; program.h runs them. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

typedef void kernel(const double *const *in, double *restrict out, long rows);

/* The normal distribution by Abramowitz and Stegun, equation 26.2.17. */
static double normal(double d) {
  double k = 1 / (1 + 0.2316419 * fabs(d));
  double series = k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  double tail = 0.3989422804014327 * exp(-0.5 * d * d) * series;
  return d > 0 ? 1 - tail : tail;
}

static void black_scholes(const double *const *in, double *restrict out, long rows) {
  const double *restrict s = in[0], *restrict k = in[1], *restrict t = in[2];
  for (long i = 0; i < rows; i++) {
    double deviation = 0.3 * sqrt(t[i]);
    double d1 = (log(s[i] / k[i]) + (0.02 + 0.045) * t[i]) / deviation;
    out[i] = s[i] * normal(d1) - k[i] * exp(-0.02 * t[i]) * normal(d1 - deviation);
  }
}

static void haversine(const double *const *in, double *restrict out, long rows) {
  const double *restrict lat1 = in[0], *restrict lon1 = in[1], *restrict lat2 = in[2], *restrict lon2 = in[3];
  for (long i = 0; i < rows; i++) {
    double a = sin((lat2[i] - lat1[i]) / 2), b = sin((lon2[i] - lon1[i]) / 2);
    out[i] = 12742 * asin(sqrt(a * a + cos(lat1[i]) * cos(lat2[i]) * b * b));
  }
}

static void mandelbrot(const double *const *in, double *restrict out, long rows) {
  for (long i = 0; i < rows; i++) {
    double cx = in[0][i], cy = in[1][i], x = 0, y = 0;
    int n = 0;
    while (n < 500 && x * x + y * y <= 4) {
      double next = x * x - y * y + cx;
      y = 2 * x * y + cy;
      x = next;
      n++;
    }
    out[i] = n;
  }
}

static void logistic(const double *const *in, double *restrict out, long rows) {
  for (long i = 0; i < rows; i++) {
    double x = in[0][i];
    for (int round = 0; round < 100; round++) x = 3.7 * x * (1 - x);
    out[i] = x;
  }
}

static void collatz(const double *const *in, double *restrict out, long rows) {
  for (long i = 0; i < rows; i++) {
    /* As a C programmer would: the numbers are integers. */
    long n = (long)in[0][i];
    int steps = 0;
    while (n != 1) {
      n = n % 2 == 0 ? n / 2 : 3 * n + 1;
      steps++;
    }
    out[i] = steps;
  }
}

static void polynomial(const double *const *in, double *restrict out, long rows) {
  const double *restrict in0 = in[0];
  for (long i = 0; i < rows; i++) {
    double x = in0[i];
    out[i] = 1 + x * (0.9 + x * (0.8 + x * (0.7 + x * (0.6 + x * (0.5 + x * (0.4 + x * (0.3 + x * (0.2 + x * (0.1 + x * 0.05)))))))));
  }
}

static void saxpy(const double *const *in, double *restrict out, long rows) {
  const double *restrict x = in[0], *restrict y = in[1];
  for (long i = 0; i < rows; i++) out[i] = 2.5 * x[i] + y[i];
}

/* One number, the first of the results. */
static void sum_of_squares(const double *const *in, double *restrict out, long rows) {
  const double *restrict x = in[0];
  double sum = 0;
  for (long i = 0; i < rows; i++) sum += x[i] * x[i];
  out[0] = sum;
}

static const struct {
  const char *name;
  kernel *run;
} KERNELS[] = {
    {"Black-Scholes", black_scholes}, {"haversine", haversine}, {"mandelbrot 500", mandelbrot},
    {"logistic map × 100", logistic}, {"collatz", collatz},     {"polynomial of degree 10", polynomial},
    {"saxpy", saxpy},                   {"sum of squares", sum_of_squares},
};

#include "program.h"
