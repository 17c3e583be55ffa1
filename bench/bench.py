#!/usr/bin/env python3
"""bench.py PROGRAM PEAK [ROUNDS [SECONDS]]: times the five workloads and their peer; writes Markdown to standard output.

Everything runs in rounds, one short measurement of each contestant after another on all processors: the peak of fused
multiply-adds (PEAK, see kernels.c), fathom bench step (the code of fathom run) with and without logging and on one thread, and,
where python3-torch can be imported, PyTorch (torch_peer.py), one process a processor. Ratios are taken within a round. What is
quoted is their median, with quartiles: other work on the machine hits a round, not one contestant.
"""
import json
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from workloads import WORKLOADS, options

TANH = 0.136e-9  # s, the fastest that was seen, without its slope
TARGETS = {"a": (90, 7), "b": (80, 3.6), "c": (80, 1.65), "d": (75, 1.35), "e": (85, 1.2)}
ONCE = 500  # updates of a run of workload a


def fathom(program, w, seconds, *more):
    command = [program, "bench", "step", f"--seconds={seconds}", *options(w), *more]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peak(program, cores):
    """GFLOP/s of all cores at once"""
    running = [subprocess.Popen([program, "peak", "60"], stdout=subprocess.PIPE, text=True) for _ in range(cores)]
    return sum(float(p.communicate()[0]) for p in running)


class Peer:
    """One process a processor of torch_peer.py; None if it cannot start."""

    def __init__(self, kind, name, cores):
        env = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
        env.update(ATEN_CPU_CAPABILITY="avx512", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
        here = os.path.join(os.path.dirname(__file__), "torch_peer.py")
        self.running = [
            subprocess.Popen([sys.executable, here, kind, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             text=True, env=env)
            for _ in range(cores)
        ]
        ready = [p.stdout.readline() for p in self.running]
        if not all(r.startswith("ready") for r in ready):
            raise RuntimeError(f"torch_peer.py {kind} {name} did not start")
        self.about = ready[0][6:].strip()

    def rate(self, seconds):
        for p in self.running:
            print(seconds, file=p.stdin, flush=True)
        return sum(float(p.stdout.readline()) for p in self.running)

    def end(self):
        for p in self.running:
            p.stdin.close()
            p.wait()


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return middle, low, high


def text(values, form="{:.2f}", factor=1):
    middle, low, high = (form.format(factor * v) for v in quartiles(values))
    return f"{middle} [{low}, {high}]"


def measure(program, peak_program, name, cores, rounds, seconds, with_torch):
    w = WORKLOADS[name]
    peers = {k: Peer(k, name, cores) for k in ("eager", "stacked")} if with_torch else {}
    found = []
    for i in range(rounds):
        contestants = [
            ("peak", lambda: peak(peak_program, cores)),
            ("all", lambda: fathom(program, w, seconds, f"--threads={cores}")),
            ("logged", lambda: fathom(program, w, seconds, f"--threads={cores}", "--log=1")),
            ("one", lambda: fathom(program, w, seconds, "--threads=1")),
        ] + [(k, lambda p=p: p.rate(seconds)) for k, p in peers.items()]
        turn = i % len(contestants)
        found.append({k: run() for k, run in contestants[turn:] + contestants[:turn]})
    about = {k: p.about for k, p in peers.items()}
    for p in peers.values():
        p.end()
    return found, about


def limits(w, found, cores):
    """updates a second, had every round nothing to do but fused multiply-adds and tanh"""
    flop = found[0]["all"]["flop_per_step"]
    return [1 / (flop / (r["peak"] * 1e9) + w.depth * w.batch * w.width * TANH / cores) for r in found]


def row(name, found, cores):
    w, unit = WORKLOADS[name], ONCE if name == "a" else 1
    limit = limits(w, found, cores)
    rate = {k: [r[k]["steps_per_s"] if isinstance(r[k], dict) else r[k] for r in found] for k in found[0] if k != "peak"}
    ratio = lambda a, b: [x / y for x, y in zip(rate[a], rate[b])]
    share = [100 * x / y for x, y in zip(rate["all"], limit)]
    cells = [
        name,
        w.about,
        "{:.4g}".format(found[0]["all"]["flop_per_step"] / 1e6),
        "{:.4g}".format(statistics.median(limit) / unit),
        text(rate["all"], "{:.4g}", 1 / unit),
        text(share, "{:.0f} %"),
        "{:.0f} %".format(max(share)),
        f"{TARGETS[name][0]} %",
        text([100 * (x - 1) for x in ratio("all", "logged")], "{:.0f} %"),
        text(ratio("all", "one")),
    ]
    against = [name, *(text(rate[k], "{:.4g}", 1 / unit) for k in ("eager", "stacked")),
               *(text(ratio("all", k)) for k in ("eager", "stacked")), str(TARGETS[name][1])] if "eager" in rate else []
    return cells, against


def table(head, rows):
    print("\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for cells in rows:
        print("| " + " | ".join(cells) + " |")
    print()


def main():
    program, peak_program = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 9
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 0.5
    cores = len(os.sched_getaffinity(0))
    torch = subprocess.run([sys.executable, "-c", "import torch; print(torch.__version__)"], capture_output=True, text=True)
    before = os.getloadavg()
    rows, against, peaks, about = [], [], [], {}
    for name in WORKLOADS:
        print(f"bench: {name}", file=sys.stderr)
        found, peer = measure(program, peak_program, name, cores, rounds, seconds, torch.returncode == 0)
        cells, other = row(name, found, cores)
        rows.append(cells)
        against.append(other)
        peaks += [r["peak"] for r in found]
        about[name] = peer
        last = found[-1]["all"]
    print("# Training steps per second\n")
    print(f"Written by `make bench` on {time.strftime('%Y-%m-%d')}: {last['cpu']}, {cores} processors, {last['isa']}, fathom",
          f"{last['version']} commit {last['commit']}.")
    print(f"Peak of fused multiply-adds in the same rounds, all processors: {text(peaks, '{:.0f}')} GFLOP/s.",
          f"Load of the machine before: {before[0]:.1f} (1 minute), {before[2]:.1f} (15 minutes).\n")
    print(f"{rounds} rounds of {seconds} s a contestant, one after another, the first one changing; median [quartiles] over rounds,",
          "ratios taken within a round.\nThe machine may be shared: compare ratios of one table, no absolute times of two. tanh, SGD,",
          "float32. Steps do not include drawing first weights.\nLimit: the step's MFLOP at that peak, and .136 ns a tanh. Best: of",
          "the rounds. Logged: time more for five norms of every layer at every step.\nRates of workload a are",
          f"runs of {ONCE} steps a second.")
    table(["", "network", "MFLOP", "limit/s", "fathom/s", "share of limit", "best", "target", "logged", "threads, all to one"], rows)
    if torch.returncode:
        print("No peer: python3-torch is not installed (`apt install python3-torch libopenblas0-pthread`).")
        return
    print(f"## Against PyTorch {torch.stdout.strip()}\n")
    print("One process a processor, AVX-512 kernels, OpenBLAS free to choose its own; one repeated minibatch, nothing logged.",
          "Eager: autograd.\nStacked: the strongest that was found, several runs in one tensor, backward by hand with bmm",
          "(torch_peer.py):", "; ".join(f"{k} {v['stacked']}" for k, v in about.items()) + ".")
    table(["", "eager/s", "stacked/s", "fathom ÷ eager", "fathom ÷ stacked", "target"], against)


main()
