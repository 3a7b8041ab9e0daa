"""Coefficients of src/math/erf.ts and lgamma.ts: prints each polynomial, the constant coefficient first, and its error. Run: python3 scripts/math-coefficients.py

Each is found in steps: the constant coefficient is rounded to a double, then the rest is found anew, so that errors of rounding count only where they are
small. mpmath 1.3.
"""
from mpmath import mp, mpf

mp.prec = 300


def fit(function, low, high, count, known=()):
    """Least squares at the nodes of Chebyshev, relative to the function, with one coefficient after the other rounded to a double; the first ones may be known."""
    middle, half = (low + high) / 2, (high - low) / 2
    nodes = [middle + half * mp.cos(mp.pi * (2 * i + 1) / (6 * count)) for i in range(3 * count)]
    values = [function(x) for x in nodes]
    found = [mpf(c) for c in known]
    for first in range(len(known), count):
        rows = [[x**j / y for j in range(first, count)] for x, y in zip(nodes, values)]
        rest = [1 - mp.polyval(found[::-1] or [0], x) / y for x, y in zip(nodes, values)]
        size = count - first
        left = mp.matrix(size)
        right = mp.matrix(size, 1)
        for i in range(size):
            right[i] = mp.fsum(row[i] * r for row, r in zip(rows, rest))
            for j in range(size):
                left[i, j] = mp.fsum(row[i] * row[j] for row in rows)
        found.append(mpf(float(mp.lu_solve(left, right)[0])))
    return found


def report(name, function, low, high, count, known=()):
    low, high = mpf(low), mpf(high)
    coefficients = fit(function, low, high, count, known)
    points = [low + (high - low) * (mpf(i) + mpf(1) / 3) / 400 for i in range(400)]
    error = max(abs(mp.polyval(coefficients[::-1], x) / function(x) - 1) for x in points)
    print(f"{name}: {count} coefficients, relative error 2^{float(mp.log(error, 2)):.1f}")
    for c in coefficients:
        print(f"  {float(c)!r},")


def tail(t):
    """(1 + 2x) e^(x²) erfc x at the x of t = (x - SHIFT) / (x + SHIFT)."""
    x = SHIFT * (1 + t) / (1 - t)
    return (1 + 2 * x) * mp.exp(x * x) * mp.erfc(x)


def stirling(u):
    """What Stirling's formula leaves of log Γ, times x, at u = 1 / x²."""
    x = 1 / mp.sqrt(u)
    return x * (mp.loggamma(x) - ((x - mpf(1) / 2) * mp.log(x) - x + mp.log(2 * mp.pi) / 2))


def pair(x):
    """As two doubles."""
    return mpf(float(x)) + mpf(float(x - mpf(float(x))))


SHIFT = 4
if __name__ == "__main__":
    erf0 = 2 / mp.sqrt(mp.pi)
    report("erf x / x, of x² up to 1", lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z), 0, 1, 13, [1 + mpf(float(erf0 - 1))])
    print(f"less 1: {float(erf0 - 1)!r}")
    report("tail", tail, -1, mpf(24) / 32, 24, [pair(tail(mpf(0)))])
    print(f"and {float(tail(mpf(0)) - float(tail(mpf(0))))!r}")
    report("log Γ(2 + d) / (d (1 + d))", lambda d: mp.loggamma(2 + d) / (d * (1 + d)), -0.75, 0.25, 20)
    report("sin πr / πr, of r² up to ¼", lambda z: mp.sinpi(mp.sqrt(z)) / (mp.pi * mp.sqrt(z)), 0, 0.25, 9, [1])
    report("stirling", stirling, 0, mpf(1) / mpf(6.25) ** 2, 8)
