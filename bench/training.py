"""The workloads: through the training loop alone (fathom bench step), through the product (fathom run), against the limit, in
float32 and float64, and against PyTorch."""
import os
import statistics
import subprocess
import sys

from common import clean, median, peak, ratios, rounds, run, say, spread, step, table
from workloads import WORKLOADS, limit, study, tanh, unit

LONG = 12
# of the limit, in percent; against the strongest PyTorch
TARGETS = {"a": (90, 7), "b": (80, 3.6), "c": (80, 1.65), "d": (75, 1.35), "e": (85, 1.2)}


class Peer:
    """One process a processor of torch_peer.py."""

    def __init__(self, kind, name, cores, isa):
        here = os.path.join(os.path.dirname(__file__), "torch_peer.py")
        self.running = [
            subprocess.Popen([sys.executable, here, kind, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             env=clean(ATEN_CPU_CAPABILITY=isa))
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


def torch_version():
    found = subprocess.run([sys.executable, "-c", "import torch; print(torch.__version__)"], capture_output=True, text=True)
    return found.stdout.strip()


def product(bench, name, **how):
    """Updates a second of fathom run."""
    text, updates = study(name, bench.cores, **how)
    return updates / run(bench, text).seconds


def product_seconds(bench, name, **how):
    return run(bench, study(name, bench.cores, **how)[0]).seconds


def measure(bench, name, with_torch):
    """Studies of fathom run are LONG times a measurement, so that the start of the program weighs little; the other two half that."""
    w = WORKLOADS[name]
    rate = step(bench, w)["steps_per_s"]
    times = max(1, LONG * bench.seconds * rate / study(name, bench.cores)[1])
    half = times / 2
    peers = {k: Peer(k, name, bench.cores, bench.isa) for k in ("eager", "stacked")} if with_torch else {}
    found = rounds(bench, {
        "peak": lambda: peak(bench),
        "step": lambda: step(bench, w)["steps_per_s"],
        "run": lambda: product(bench, name, times=times),
        "every": lambda: product(bench, name, log="every: 1", times=half / 2),
        "peak64": lambda: peak(bench, "float64"),
        "step64": lambda: step(bench, w, precision="float64")["steps_per_s"],
        "run64": lambda: product(bench, name, precision="float64", times=half / 2),
        "once": lambda: product_seconds(bench, name, times=times, steps=1),
        "bare": lambda: product(bench, name, metrics="", times=times),
        **{k: lambda p=p: p.rate(bench.seconds) for k, p in peers.items()},
    })
    found["updates"] = study(name, bench.cores, times=times)[1]
    about = {k: p.about for k, p in peers.items()}
    for p in peers.values():
        p.end()
    return found, about


def shares(bench, name, found):
    """Of the limit, in percent, round by round, into found."""
    w, flop = WORKLOADS[name], step(bench, WORKLOADS[name], seconds=0.05)["flop_per_step"]
    for bits in "", "64":
        times = 2 if bits else 1
        found["tanh" + bits] = [times * tanh(bench.isa, times * p / bench.cores) for p in found["peak" + bits]]
        found["limit" + bits] = [limit(w, flop, p, t, bench.cores) for p, t in zip(found["peak" + bits], found["tanh" + bits])]
        for k in ("step", "run", "every"):
            if k + bits in found:
                found["share " + k + bits] = ratios(found[k + bits], found["limit" + bits], 100)
    found["seconds"] = [found["updates"] / r for r in found["run"]]
    return flop


def gaps(found):
    """Where the rate of the loop goes in fathom run, in percent of its time: what a study of one update takes as well, logging at ten
    steps, and what is left: updates slower than the loop's."""
    rows = []
    for name, f in found.items():
        once = ratios(f["once"], f["seconds"], 100)
        logged = [100 * (1 - r / b) for r, b in zip(f["run"], f["bare"])]
        updates = [100 * r / s for r, s in zip(f["run"], f["step"])]
        rows.append([name, median(f["seconds"]), spread(once, "{:.1f} %"), spread(logged, "{:.1f} %"), spread(updates, "{:.1f} %"),
                     spread([100 - o - g - u for o, g, u in zip(once, logged, updates)], "{:.1f} %")])
    return rows


def starts(bench):
    """Seconds of fathom run of one run of one update, on generated data and on Fashion-MNIST; on small networks."""
    text = "data: {{{}}}\nmodel: {{depth: 2, width: 16}}\ntrain: {{lr: 0.1, steps: 1}}\nlog: {{metrics: []}}\n"
    found = rounds(bench, {
        "circles": lambda: run(bench, text.format("set: circles, train: 64, test: 16")).seconds,
        "fashion": lambda: run(bench, text.format("set: fashion-mnist")).seconds,
    })
    return f"A study of one small run of one update, from the start of the program to the finished file: {spread(found['circles'])} s on circles,\n{spread(found['fashion'])} s on Fashion-MNIST, which is unpacked first."


def verdict(share, target):
    return "met" if share >= target else f"missed by {target - share:.0f}"


def training(bench, with_torch):
    """Returns Markdown, and what was found of each workload."""
    rows, rows64, against, everything, about = [], [], [], {}, {}
    for name, w in WORKLOADS.items():
        say(f"workload {name}")
        found, about[name] = measure(bench, name, with_torch)
        flop = shares(bench, name, found)
        everything[name] = found
        u, target = unit(name), TARGETS[name]
        rate = lambda k: spread([x / u for x in found[k]], "{:.4g}")
        percent = lambda k: spread(found["share " + k], "{:.0f} %")
        rows.append([name, w.about, f"{flop / 1e6:.4g}", median([x / u for x in found["limit"]], "{:.4g}"), rate("run"),
                     percent("step"), percent("run"), percent("every"), f"{target[0]} %",
                     verdict(statistics.median(found["share run"]), target[0])])
        rows64.append([name, median([x / u for x in found["limit64"]], "{:.4g}"), rate("run64"), percent("step64"),
                       percent("run64"), spread(ratios(found["run64"], found["run"])),
                       spread(ratios(found["run64"], found["limit"]))])
        if with_torch:
            against.append([name, rate("eager"), rate("stacked"), about[name]["stacked"].split()[0],
                            spread(ratios(found["run"], found["eager"])), spread(ratios(found["run"], found["stacked"])),
                            spread(ratios(found["step"], found["stacked"])), str(target[1]),
                            "met" if statistics.median(ratios(found["run"], found["stacked"])) >= target[1] else "missed"])
    seconds = [statistics.median(f["seconds"]) for f in everything.values()]
    tanhs = {bits: median([t for f in everything.values() for t in f["tanh" + bits]], "{:.3f}") for bits in ("", "64")}
    text = f"""## Training, float32

`fathom run` of a study of {min(seconds):.1f} to {max(seconds):.1f} seconds: from the start of the program to the finished file, planning, data, first weights, evaluation, commits
and five norms of every layer (gradient, bias gradient, delta, weights, update) at ten steps of every run included. In percent of
the limit: the training loop alone (`fathom bench step`), `fathom run`, `fathom run` with the norms at every step.
Limit: the step's MFLOP at the peak of the same round, and {tanhs[""]} ns a tanh. Rates of workload a are runs of 500 steps.

{table(["", "network", "MFLOP", "limit/s", "fathom run/s", "loop", "run", "run, every step logged", "target", ""], rows)}
From the loop to `fathom run`: seconds of the study; in percent of them the same study with one update a run (start of the program,
data, first weights, first and last evaluation, file); logging at ten steps; the updates at the loop's rate; and the rest: updates that are
slower than the loop's, threads that wait for the last run; below 0 where the loop's rate includes the start of its short runs, as a's does.

{table(["", "seconds", "one update a run", "ten logged steps", "updates at the loop's rate", "rest"], gaps(everything))}
{starts(bench)}

## Training, float64

Limit: the measured float64 peak, and {tanhs["64"]} ns a tanh. Target: half of the float32 limit's rate, the last column.

{table(["", "limit/s", "fathom run/s", "loop", "run", "÷ float32 run", "÷ float32 limit"], rows64)}"""
    if with_torch:
        first = next(iter(about.values()))["stacked"]
        text += f"""
## Against PyTorch {torch_version()}

One process a processor, {bench.isa} kernels, {first.split("/")[-1].strip()} free to choose its own; one repeated minibatch, nothing logged, in
rounds with the above. Eager: nn.Sequential and autograd. Stacked: the strongest that was found (torch_peer.py says what was tried):
several runs in one tensor, backward by hand with bmm into memory that is there; how many is whatever is fastest.

{table(["", "eager/s", "stacked/s", "runs stacked", "fathom run ÷ eager", "fathom run ÷ stacked", "loop ÷ stacked", "target", ""], against)}"""
    else:
        text += "\nNo peer: PyTorch is not installed (`scripts/bootstrap --bench`).\n"
    return text, everything
