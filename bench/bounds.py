"""What bounds the workloads: the time of a step by phase (a fathom whose calls are timed, phases_real.c), and the roofline."""
import math
import os
import statistics
import subprocess

from common import micro, say, table
from workloads import WORKLOADS, options, sizes

PHASES = ("forward", "activation", "backward-data", "times and means", "backward-weights", "update", "transposes", "gather",
          "loss", "norms")


def phases(bench, w, precision):
    """Seconds of every phase, and calls, of updates on one thread with five norms logged at every step; and the peak then."""
    peak = lambda: float(subprocess.run([f"{bench.out}/micro", "peak", precision, "30"], check=True, capture_output=True,
                                        text=True).stdout)
    before = peak()
    command = [f"{bench.out}/fathom-phases", "bench", "step", "--threads=1", "--log=1", f"--seconds={3 * bench.seconds}",
               *options(w, precision)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    found = [line.split("\t")[1:] for line in ran.stderr.splitlines() if line.startswith("phase")]
    spent = {name: (int(calls), float(seconds)) for p, name, calls, seconds in found if p == precision}
    return spent, (before + peak()) / 2


def traffic(w, size):
    """Bytes that an update must move between caches and registers at least once each, and those that it works on.

    Weights: W is read twice, dW written and read, W read and written. Activations: Z written and read, A written and
    read twice, the slope written and read, dA written and read, dZ written and read twice."""
    n = sizes(w)
    weights = sum(a * b for a, b in zip(n, n[1:]))
    units = w.batch * sum(n[1:])
    largest = max(a * b for a, b in zip(n, n[1:]))
    return size * (6 * weights + 12 * units + 2 * w.batch * n[0]), size * (weights + largest + 2 * units)


def bounds(bench, bandwidth):
    if not os.path.exists(f"{bench.out}/fathom-phases"):
        return "## What bounds a step\n\nNot measured: bench/phases_real.c does not fit this version.\n"
    say("phases")
    rows, roof = [], []
    for precision, size in (("float32", 4), ("float64", 8)):
        for name, w in WORKLOADS.items():
            spent, peak = phases(bench, w, precision)
            if "whole" not in spent or spent["backward-weights"][0] == 0:
                rows.append([name, precision, "runs side by side"] + [""] * len(PHASES))
                continue
            whole = spent["whole"][1] - spent["set-up"][1]
            share = [100 * spent[p][1] / whole for p in PHASES]
            rows.append([name, precision, *(f"{s:.0f}" if s >= 9.5 else f"{s:.1f}" for s in share), f"{100 - sum(share):.0f}"])
            n = sizes(w)
            # of runs side by side, which follow each other on their seats, a call is of all lanes
            lanes = {"avx512": 64, "avx2": 32}.get(bench.isa, 16) // size
            at_a_time = lanes if spent["set-up"][0] > spent["whole"][0] else 1
            steps = at_a_time * spent["backward-weights"][0] / (len(n) - 1)
            all_products = 2e-9 * w.batch * sum(a * b for a, b in zip(n, n[1:])) * steps
            flop = {"forward": all_products, "backward-weights": all_products,
                    "backward-data": all_products - 2e-9 * w.batch * n[0] * n[1] * steps}
            # side by side, some products are done with other work, and their calls are too short to time
            rates = [100 * flop[p] / spent[p][1] / peak if spent[p][1] > 0 else math.inf for p in flop]
            apart = max(rates) <= 100
            moved, held = traffic(w, size)
            level = next((k for k, (_, bytes_) in bandwidth.items() if held <= 0.75 * bytes_), "memory")
            at_rate = 100 * moved * steps / (bandwidth[level][0] * 1e9) / whole
            roof.append([name, precision, *(f"{r:.0f}" if apart else "" for r in rates), f"{100 * sum(flop.values()) / peak / whole:.0f}",
                         f"{held / 1e6:.2f}", level, f"{moved / 1e6:.2f}", f"{1e9 * sum(flop.values()) / steps / moved:.0f}",
                         f"{at_rate:.0f}"])
    caches = ", ".join(f"{k} {v[0]:.0f}" for k, v in bandwidth.items())
    return f"""## What bounds a step

One thread, five norms of every layer logged at every step: percent of the time of a step, by a build whose calls are timed. Runs of a
are trained side by side; what one of them works on is in the second table.

{table(["", "", *PHASES, "rest"], rows)}
Of the peak in the same minute: the products within a step, and a whole step. What a step works on (weights, gradient, cache) and the
level that holds it; the bytes that it moves at least, and the percent of its time that this takes at the speed at which one core
reads from that level (GB/s: {caches}). Low percentages on the right: the arithmetic bounds, not memory. Runs side by
side have no products that could be timed apart.

{table(["", "", "forward", "backward-weights", "backward-data", "whole step", "MB worked on", "in", "MB moved", "FLOP/byte", "% of the time"], roof)}"""
