"""Makes golden.json: the functions at some arguments to 45 digits, by mpmath 1.3. Run: python3 test/math/golden.py > test/math/golden.json"""
import json
import random
import struct

from mpmath import mp

mp.prec = 2600
random.seed(20260101)


def sign():
    return random.choice((-1, 1))


def linear(low, high):
    return lambda: random.uniform(low, high)


def sizes(low, high, both=True):
    """Log-uniform, of both signs where asked for."""
    return lambda: (sign() if both else 1) * 2.0 ** random.uniform(low, high)


def near_one(low, high):
    return lambda: 1 + sign() * 2.0 ** random.uniform(low, high)


def quarter_turns():
    """Doubles next to multiples of a quarter turn."""
    near = float(int(2 ** random.uniform(0, 50)) * mp.pi / 2)
    bits = struct.unpack("<q", struct.pack("<d", near))[0] + random.randint(-3, 3)
    return struct.unpack("<d", struct.pack("<q", bits))[0]


def pairs(a, b):
    return lambda: (a(), b())


def powers():
    x = 2.0 ** random.uniform(-1000, 1000)
    return x, float(random.uniform(-1075, 1024) / mp.log(x, 2))


ANY = sizes(-1074, 1023)
WAVE = [linear(-4, 4), sizes(-1074, 1023), quarter_turns]
TABLE = {
    "exp": (mp.exp, [linear(-745, 709), sizes(-1074, 9)]),
    "expm1": (mp.expm1, [linear(-40, 709), sizes(-1074, 9), linear(-1, 1)]),
    "log": (mp.log, [sizes(-1074, 1023, False), near_one(-52, -1)]),
    "log2": (lambda x: mp.log(x) / mp.log(2), [sizes(-1074, 1023, False), near_one(-52, -1)]),
    "log10": (mp.log10, [sizes(-1074, 1023, False), near_one(-52, -1)]),
    "log1p": (mp.log1p, [sizes(-1074, 1023, False), sizes(-60, -0.01), linear(-1, 1)]),
    "sin": (mp.sin, WAVE),
    "cos": (mp.cos, WAVE),
    "tan": (mp.tan, WAVE),
    "asin": (mp.asin, [linear(-1, 1), sizes(-1074, 0)]),
    "acos": (mp.acos, [linear(-1, 1), sizes(-1074, 0), lambda: 1 - 2.0 ** random.uniform(-52, -1)]),
    "atan": (mp.atan, [linear(-4, 4), ANY]),
    "atan2": (lambda y, x: mp.atan2(y, x), [pairs(linear(-1, 1), linear(-1, 1)), pairs(sizes(-40, 40), sizes(-40, 40))]),
    "sinh": (mp.sinh, [linear(-710, 710), sizes(-1074, 9)]),
    "cosh": (mp.cosh, [linear(-710, 710), sizes(-1074, 9)]),
    "tanh": (mp.tanh, [linear(-20, 20), sizes(-1074, 5)]),
    "pow": (mp.power, [powers, pairs(sizes(-4, 4, False), linear(-32, 32))]),
    "cbrt": (lambda x: mp.sign(x) * mp.cbrt(abs(x)), [ANY]),
    "hypot": (mp.hypot, [pairs(linear(-1, 1), linear(-1, 1)), pairs(sizes(-300, 300), sizes(-300, 300))]),
    "asinh": (mp.asinh, [linear(-4, 4), ANY]),
    "acosh": (mp.acosh, [lambda: 1 + 2.0 ** random.uniform(-52, 3), sizes(0, 1023, False)]),
    "atanh": (mp.atanh, [linear(-1, 1), sizes(-1074, 0)]),
    "erf": (mp.erf, [linear(-6, 6), sizes(-1074, 2)]),
    "erfc": (mp.erfc, [linear(-6, 27), sizes(-1074, 2)]),
    "normcdf": (mp.ncdf, [linear(-38, 9), sizes(-1074, 2)]),
    "lgamma": (lambda x: mp.re(mp.loggamma(x)), [linear(-30, 0), linear(0, 40), sizes(-1074, 1000, False), near_one(-52, -1)]),
}
EACH = 30

# A cdf far to the left loses what the subtraction takes away, unless it goes by erfc.
mp.ncdf = lambda x: mp.erfc(-x / mp.sqrt(2)) / 2
TABLE["normcdf"] = (mp.ncdf, TABLE["normcdf"][1])

table = {}
for name, (function, makers) in TABLE.items():
    rows = []
    for make in makers:
        for _ in range(EACH):
            args = make()
            args = args if isinstance(args, tuple) else (args,)
            value = function(*(mp.mpf(x) for x in args))
            rows.append([*args, mp.nstr(value, 45)])
    table[name] = rows
print(json.dumps(table))
