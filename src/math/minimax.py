#!/usr/bin/env python3
"""Prints the polynomial coefficients of polynomials.h (needs python3-mpmath; no part of the build).

Weighted minimax by Remez exchange; coefficients are then rounded to the precision they are used in. The error printed is of
the rounded polynomial in exact arithmetic, relative to the function that it serves, in units of 2^-24 or 2^-53 (half an ulp).
"""
import struct
import mpmath as mp

mp.mp.dps = 60


def rounded(x, bits):
    if bits == 32:
        return mp.mpf(struct.unpack("f", struct.pack("f", float(x)))[0])
    return mp.mpf(float(x))


def remez(f, weight, a, b, degree):
    """c with Σ c[i] x^i ≈ f(x), i ≤ degree, least weighted maximum error on [a, b]."""
    n = degree + 1
    grid = [(a + b) / 2 + (b - a) / 2 * mp.cos(mp.pi * (2 * i + 1) / 1200) for i in range(600)][::-1]
    F, W = [f(x) for x in grid], [weight(x) for x in grid]
    picks = [round((len(grid) - 1) * (1 - mp.cos(mp.pi * i / n)) / 2) for i in range(n + 1)]
    for _ in range(30):
        A = mp.matrix(n + 1, n + 1)
        y = mp.matrix(n + 1, 1)
        for row, g in enumerate(picks):
            for i in range(n):
                A[row, i] = grid[g] ** i
            A[row, n] = (-1) ** row / W[g]
            y[row] = F[g]
        solution = mp.lu_solve(A, y)
        c, e = [solution[i] for i in range(n)], abs(solution[n])
        error = [(sum(c[i] * x**i for i in range(n)) - F[g]) * W[g] for g, x in enumerate(grid)]
        peaks = []
        for g in range(len(grid)):
            if peaks and mp.sign(error[g]) == mp.sign(error[peaks[-1]]):
                if abs(error[g]) > abs(error[peaks[-1]]):
                    peaks[-1] = g
            else:
                peaks.append(g)
        while len(peaks) > n + 1:
            peaks.pop(0 if abs(error[peaks[0]]) < abs(error[peaks[-1]]) else -1)
        if len(peaks) < n + 1:
            break
        picks = peaks
        if max(map(abs, error)) < e * mp.mpf("1.001"):
            break
    return c


def polynomial(name, f, weight, a, b, degree, bits):
    done = [rounded(c, bits) for c in remez(f, weight, a, b, degree)]
    points = [a + (b - a) * i / 997 for i in range(998)]
    error = max(abs((sum(c * x**i for i, c in enumerate(done)) - f(x)) * weight(x)) for x in points)
    print(f"/* {name}, {bits} bits: error {mp.nstr(error * mp.mpf(2) ** (24 if bits == 32 else 53), 3)} */")
    print("{" + ", ".join(float(c).hex().replace("0000000p", "p") + ("f" if bits == 32 else "") for c in done) + "}\n")


def split(name, x, parts=2):
    """x as a sum of so many numbers of the precision"""
    for bits in 32, 64:
        left, part = x, []
        for _ in range(parts):
            part.append(rounded(left, bits))
            left -= part[-1]
        print(f"{name}, {bits} bits: {' + '.join(float(p).hex() for p in part)}\n")


def taylor_around(f, x0):
    """f(x0 + t)/t near a root x0 of f, from the Taylor series (exact enough at t = 0, where the quotient is 0/0)."""
    c = mp.taylor(f, x0, 40)
    return lambda t: sum(c[i] * t ** (i - 1) for i in range(1, 41))


half_ln2 = mp.log(2) / 2 * mp.mpf("1.0001")
expm1_tail = lambda r: (mp.expm1(r) - r) / r**2
atanh_tail = lambda v: (2 * mp.atanh(mp.sqrt(v) / 2) - mp.sqrt(v)) / mp.sqrt(v) ** 3
silu_slope = lambda z: (1 + mp.exp(-z) + z * mp.exp(-z)) / (1 + mp.exp(-z)) ** 2
gelu_slope = lambda z: mp.ncdf(z) + z * mp.npdf(z)

for bits, degree in (32, 5), (64, 10):
    polynomial("EXPM1", expm1_tail, lambda r: r**2 / mp.expm1(r), -half_ln2, half_ln2, degree, bits)
for bits, degree in (32, 4), (64, 11):
    weight = lambda v: mp.sqrt(v) ** 3 / (2 * mp.atanh(mp.sqrt(v) / 2))
    polynomial("LOG1P", atanh_tail, weight, mp.mpf("1e-12"), mp.mpf(4) / 9, degree, bits)
quarter, wide = mp.mpf(1) / 4, mp.mpf("0.752")
for name, f, guess, cases in (
    ("SILU_SLOPE", silu_slope, -1.28, ((32, 6, quarter), (64, 12, quarter))),
    ("GELU_SLOPE", gelu_slope, -0.75, ((32, 10, wide), (64, 20, wide))),
):
    root = mp.findroot(f, guess)
    split(name + " root", root)
    quotient = taylor_around(f, root)
    for bits, degree, reach in cases:
        polynomial(name, quotient, lambda t: 1 / quotient(t), -reach, reach, degree, bits)
for bits, degree, k, far in (32, 9, 4, 15), (64, 22, 4, 39):
    at = lambda t: k * (1 + t) / (1 - t)
    mills = lambda t: mp.ncdf(-at(t)) * mp.exp(at(t) ** 2 / 2) * (at(t) + k)
    polynomial("MILLS", mills, lambda t: 1 / mills(t), mp.mpf(-1), mp.mpf(far - k) / (far + k), degree, bits)
for bits, degree in (32, 6), (64, 12):
    near = mp.mpf("0.76") ** 2
    tail = lambda v: mp.erf(mp.sqrt(v)) / mp.sqrt(v) - 1
    polynomial("ERF", tail, lambda v: mp.sqrt(v) / mp.erf(mp.sqrt(v)), mp.mpf("1e-12"), near, degree, bits)
square = (mp.pi / 4 * mp.mpf("1.01")) ** 2
sin_tail = lambda v: (mp.sin(mp.sqrt(v)) - mp.sqrt(v)) / mp.sqrt(v) ** 3
cos_tail = lambda v: (mp.cos(mp.sqrt(v)) - 1 + v / 2) / v**2
for bits, degree in (32, 2), (64, 5):
    polynomial("SIN", sin_tail, lambda v: mp.sqrt(v) ** 3 / mp.sin(mp.sqrt(v)), mp.mpf("1e-9"), square, degree, bits)
    polynomial("COS", cos_tail, lambda v: v**2 / mp.cos(mp.sqrt(v)), mp.mpf("1e-9"), square, degree, bits)
split("ln2", mp.log(2))
split("pi/2", mp.pi / 2, 3)
