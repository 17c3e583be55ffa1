#!/usr/bin/env python3
"""bench.py PROGRAM FOLDER [ROUNDS [SECONDS]]: how fast fathom is, against what, and what bounds it; Markdown to standard output.

FOLDER holds what scripts/run-bench built. Everything is measured in rounds, one short measurement of each contestant after another,
the first one changing, and ratios are taken within a round: other work on the machine hits a round, not one contestant.
"""
import os
import platform
import statistics
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from bounds import bounds
from common import Bench, median, ratios, say, spread, step
from costs import logging, planning, storing, threads
from inner import bandwidths, functions, products
from training import TARGETS, torch_version, training
from workloads import WORKLOADS


def in_short(found, with_torch):
    """One paragraph: the main ratios, from the smallest network to the largest."""
    each = lambda value: ", ".join(value(f) for f in found.values())
    networks = ", ".join(f"{WORKLOADS[k].width} wide and {WORKLOADS[k].depth} deep" for k in found)
    text = f"**Fast.** Networks {networks}: `fathom run`, everything included, reaches {each(lambda f: median(f['share run'], '{:.0f}'))} %\n"
    text += "of what the processor's arithmetic allows at most ([bench/RESULTS.md](bench/RESULTS.md), `make bench`)"
    if with_torch:
        times = lambda peer: each(lambda f: median(ratios(f["run"], f[peer]), "{:.1f}"))
        text += f", and is {times('stacked')} times\nas fast as the strongest PyTorch that was found, {times('eager')} times as fast as PyTorch as one writes it"
    return text + "."


def main():
    program, out = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 0.4
    bench = Bench(program, out, len(os.sched_getaffinity(0)), rounds, seconds, "")
    before, start = os.getloadavg(), time.time()
    about = step(bench, WORKLOADS["b"], seconds=0.05)
    bench = bench._replace(isa=about["isa"])
    with_torch = bool(torch_version())
    trained, found = training(bench, with_torch)
    bandwidth = bandwidths(bench)
    parts = [trained, bounds(bench, bandwidth), products(bench), functions(bench), logging(bench), threads(bench),
             planning(bench), storing(bench)]
    peaks = [p for f in found.values() for p in f["peak"]]
    print(f"""# How fast fathom is

Written by `make bench` on {time.strftime('%Y-%m-%d')}, within {(time.time() - start) / 60:.0f} minutes: {about['cpu']}, {bench.cores} processors, {about['isa']}, Linux
{platform.release().split('-')[0]}, fathom {about['version']} commit {about['commit']}. `scripts/bootstrap --bench` installs what it is compared with.
Peak of fused multiply-adds, all processors, float32: {spread(peaks, '{:.0f}')} GFLOP/s. Load before: {before[0]:.1f} (1 minute),
{before[2]:.1f} (15 minutes). {rounds} rounds of {seconds} s a contestant; median [quartiles] over rounds. The machine may be shared: compare
ratios within a table, not absolute times of two. tanh networks, SGD.

<!-- in short -->
{in_short(found, with_torch)}
<!-- end of in short -->
""")
    print("\n".join(parts), end="")


main()
