"""The inner loops: memory, matrix products beside other libraries, activations beside other libraries."""
import math
import statistics

from common import micro, say, table


def lines(bench, what, milliseconds, key):
    """Medians over rounds of the numbers behind the first `key` fields, by these."""
    found = {}
    for _ in range(max(3, bench.rounds)):
        for fields in micro(bench, what, milliseconds):
            found.setdefault(tuple(fields[:key]), []).append([float(x) for x in fields[key:]])
    return {k: [statistics.median(column) for column in zip(*v)] for k, v in found.items()}


def bandwidths(bench):
    """GB/s that one core reads, by level, and the bytes of the level."""
    found = lines(bench, "memory", 40, 1)
    return {level: (gigabytes, size) for (level,), (size, gigabytes) in found.items()}


def products(bench):
    say("products")
    found = lines(bench, "products", 10, 4)
    libraries = [name for name in ("fathom", "OpenBLAS", "oneDNN", "libxsmm") if any(k[3] == name for k in found)]
    rows = []
    for precision, w, batch in dict.fromkeys(k[:3] for k in found):
        cells = [precision, w, batch]
        for name in libraries:
            if (precision, w, batch, name) not in found:
                cells.append("")
                continue
            peak, *rates = found[precision, w, batch, name]
            together = 3 / sum(1 / r for r in rates)
            cells.append(f"{100 * together / peak:.0f}")
            if name == "fathom":
                cells[-1:] = [f"{100 * r / peak:.0f}" for r in rates] + [f"**{cells[-1]}**"]
        rows.append(cells)
    missing = [n for n in ("OpenBLAS", "oneDNN", "libxsmm") if n not in libraries]
    return f"""## Matrix products

Percent of the peak of fused multiply-adds, measured before each line: forward, backward-data and backward-weights of a w × w layer
at batch B on one core, and the three together, also of the other libraries on the same memory, each free to choose its kernels.
oneDNN has no float64 product.{" Not installed: " + ", ".join(missing) + "." if missing else ""}

{table(["", "w", "B", "forward", "backward-data", "backward-weights", "fathom", *libraries[1:]], rows)}"""


def functions(bench):
    say("activations")
    found = lines(bench, "functions", 4, 2)
    number = lambda x: "" if math.isnan(x) else f"{x:.3f}"
    rows = []
    for name in dict.fromkeys(k[1] for k in found):
        f32, f64 = found["float32", name], found["float64", name]
        rows.append([name, *map(number, f32), *map(number, f64)])
    heads = ["value", "and slope", "libmvec", "SLEEF"]
    return f"""## Activations

ns an element on one core, 4096 elements, |z| < 3: the value, value and derivative together, and the value by libmvec (glibc, up to
4 ulp) and SLEEF (1 ulp) where they have the function.

{table(["", *heads, *("f64 " + h for h in heads)], rows)}"""
