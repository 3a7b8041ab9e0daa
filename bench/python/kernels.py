"""The functions of bench/bare/kernels.mjs with numba, each as a loop over columns of doubles; the protocol is that of bench/peers/c/kernels.c.

    kernels.py <name> <rows> <columns> <file>
"""

import math
import sys
import time

import numpy as np
from numba import njit


@njit
def normal(d):
    k = 1 / (1 + 0.2316419 * abs(d))
    series = k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
    tail = 0.3989422804014327 * math.exp(-0.5 * d * d) * series
    return 1 - tail if d > 0 else tail


@njit
def black_scholes(out, s, k, t):
    for i in range(len(out)):
        deviation = 0.3 * math.sqrt(t[i])
        d1 = (math.log(s[i] / k[i]) + (0.02 + 0.045) * t[i]) / deviation
        out[i] = s[i] * normal(d1) - k[i] * math.exp(-0.02 * t[i]) * normal(d1 - deviation)


@njit
def haversine(out, latitude1, longitude1, latitude2, longitude2):
    for i in range(len(out)):
        a = math.sin((latitude2[i] - latitude1[i]) / 2)
        b = math.sin((longitude2[i] - longitude1[i]) / 2)
        h = a * a + math.cos(latitude1[i]) * math.cos(latitude2[i]) * b * b
        out[i] = 12742 * math.asin(math.sqrt(h))


@njit
def mandelbrot(out, cxs, cys):
    for i in range(len(out)):
        cx, cy, x, y, n = cxs[i], cys[i], 0.0, 0.0, 0
        while n < 500 and x * x + y * y <= 4:
            x, y = x * x - y * y + cx, 2 * x * y + cy
            n += 1
        out[i] = n


@njit
def logistic(out, xs):
    for i in range(len(out)):
        x = xs[i]
        for _ in range(100):
            x = 3.7 * x * (1 - x)
        out[i] = x


@njit
def collatz(out, ns):
    for i in range(len(out)):
        n, steps = int(ns[i]), 0
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        out[i] = steps


@njit
def polynomial(out, xs):
    for i in range(len(out)):
        x = xs[i]
        inner = 0.5 + x * (0.4 + x * (0.3 + x * (0.2 + x * (0.1 + x * 0.05))))
        out[i] = 1 + x * (0.9 + x * (0.8 + x * (0.7 + x * (0.6 + x * inner))))


@njit
def saxpy(out, x, y):
    for i in range(len(out)):
        out[i] = 2.5 * x[i] + y[i]


KERNELS = {
    'Black-Scholes': black_scholes,
    'haversine': haversine,
    'mandelbrot 500': mandelbrot,
    'logistic map × 100': logistic,
    'collatz': collatz,
    'polynomial of degree 10': polynomial,
    'saxpy': saxpy,
}


def main():
    name, rows, columns, file = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    run = KERNELS[name]
    data = np.memmap(file, dtype=np.float64, mode='r+', shape=(columns + 1, rows))
    inputs = [np.array(column) for column in data[:columns]]
    out = np.zeros(rows)
    run(out[:8], *(column[:8] for column in inputs))  # compiles it
    for _ in iter(sys.stdin.readline, ''):
        start = time.perf_counter()
        run(out, *inputs)
        elapsed = time.perf_counter() - start
        data[columns] = out
        out.fill(0)
        print(elapsed * 1000, flush=True)


if __name__ == '__main__':
    main()
