"""Keeps a pool with one workload, says `ready` when its workers are there and its code is compiled, and runs a map for each
chunksize that comes, a line each; answers with milliseconds to the end, milliseconds to the first result, and the sum of all results.

    workloads.py <python | joblib | numba> <workload> <items> <workers>

The workloads are those of src/tune/workloads.ts, operation by operation, so that the sums agree to the bit.
"""

import math
import sys
import time
from concurrent.futures import ProcessPoolExecutor


def polynomial(x):
    total = 0.5
    for _ in range(40):
        total = total * x + 0.25
    return total


def primes(n):
    n = int(n)
    if n % 2 == 0:
        return 0
    d = 3
    while d * d <= n:
        if n % d == 0:
            return 0
        d += 2
    return 1


def collatz(start):
    n = int(start)
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def mandelbrot(cy):
    inside = 0
    for point in range(64):
        cx = -2 + (2.6 * point) / 64
        x = 0.0
        y = 0.0
        n = 0
        while n < 100 and x * x + y * y <= 4:
            following = x * x - y * y + cx
            y = 2 * x * y + cy
            x = following
            n += 1
        inside += n
    return inside


def spin(rounds):
    x = 0.5
    for _ in range(int(rounds)):
        x = 3.7 * x * (1 - x)
    return x


def clustered_rounds(place):
    return math.floor(1000 * (5 if 0.6 <= place < 0.7 else 5 / 9) + 0.5)


WORKLOADS = {
    'polynomial': (polynomial, lambda i, n: i / n),
    'primes': (primes, lambda i, n: 10_000_001 + i),
    'collatz': (collatz, lambda i, n: 1 + i),
    'mandelbrot': (mandelbrot, lambda i, n: -1.3 + 2.6 * (i / n)),
    'clustered': (spin, lambda i, n: clustered_rounds(i / n)),
}


def by_processes(fn, workers):
    pool = ProcessPoolExecutor(workers)

    def run(rows, chunksize):
        yield from pool.map(fn, rows, chunksize=chunksize)

    return run


def by_joblib(fn, workers):
    from joblib import Parallel, delayed

    pool = Parallel(n_jobs=workers, return_as='generator', batch_size=1)

    def chunk(part):
        return [fn(row) for row in part]

    def run(rows, chunksize):
        parts = (rows[i : i + chunksize] for i in range(0, len(rows), chunksize))
        for results in pool(delayed(chunk)(part) for part in parts):
            yield from results

    return run


def by_numba(fn, workers):
    import numba
    import numpy

    numba.set_num_threads(min(workers, numba.config.NUMBA_NUM_THREADS))
    compiled = numba.njit(fn)

    @numba.njit(parallel=True)
    def run_all(values):
        out = numpy.empty(len(values))
        for i in numba.prange(len(values)):
            out[i] = compiled(values[i])
        return out

    def run(rows, chunksize):
        with numba.parallel_chunksize(chunksize):
            yield from run_all(rows).tolist()

    return run


KINDS = {'python': by_processes, 'joblib': by_joblib, 'numba': by_numba}


def as_rows(kind, values):
    if kind != 'numba':
        return values
    import numpy

    return numpy.array(values, dtype=numpy.float64)


def main():
    kind, workload, items, workers = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    fn, row = WORKLOADS[workload]
    rows = as_rows(kind, [row(i, items) for i in range(items)])
    run = KINDS[kind](fn, workers)
    list(run(rows[:workers], 1))  # a map would else be timed with the start of its workers, or the compiler
    print('ready', flush=True)
    for line in iter(sys.stdin.readline, ''):
        start = time.perf_counter()
        first = None
        results = []
        for result in run(rows, int(line)):
            if first is None:
                first = time.perf_counter() - start
            results.append(result)
        elapsed = time.perf_counter() - start
        total = 0.0
        for result in results:
            total += result
        print(elapsed * 1000, first * 1000, repr(total), flush=True)


if __name__ == '__main__':
    main()
