"""Keeps a ProcessPoolExecutor and runs one map on it for each line that comes, answering with its milliseconds.

    pool.py <workers> <count> <chunksize>
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor


def successor(x):
    return x + 1


def main():
    workers, count, chunksize = map(int, sys.argv[1:])
    numbers = list(range(count))
    expected = list(range(1, count + 1))
    with ProcessPoolExecutor(workers) as pool:
        for _ in iter(sys.stdin.readline, ''):
            start = time.perf_counter()
            results = list(pool.map(successor, numbers, chunksize=chunksize))
            elapsed = time.perf_counter() - start
            if results != expected:
                raise AssertionError('the results are wrong')
            print(elapsed * 1000, flush=True)


if __name__ == '__main__':
    main()
