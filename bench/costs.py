"""What is not training: logging, planning, storing; and how threads scale."""
import statistics

from common import Folder, median, ratios, rounds, run, say, spread, step, table
from workloads import NORMS, WORKLOADS, study

GROUPS = {
    "train_loss": "train_loss",
    "five norms": NORMS,
    "activations": "act_mean, act_std, act_rms, act_abs, saturation, dead",
    "cosines and spreads": "act_cosine, grad_cosine, row_spread, weight_spread",
    "all but spectral": "train_loss, train_accuracy, test_loss, test_accuracy, batch_loss, grad_norm_total, " + NORMS
    + ", weight_distance, act_mean, act_std, act_rms, act_abs, act_cosine, saturation, dead, row_spread, weight_spread,"
    + " grad_cosine, delta_predicted",
}


def logging(bench):
    say("logging")
    bench = bench._replace(rounds=min(3, bench.rounds))
    rows = []
    for name in WORKLOADS:
        share = 0.125 if name == "a" else 0.25 if name == "b" else 0.5
        seconds = lambda log, metrics: run(bench, study(name, bench.cores, log=log, metrics=metrics, share=share)[0]).seconds
        contestants = {"none": lambda: seconds("every: none", "train_loss")}
        for group, metrics in GROUPS.items():
            if name in "abc" or group == "five norms":
                contestants[group] = lambda m=metrics: seconds("every: 1", m)
        found = rounds(bench, contestants)
        found.update(loop=ratios(*loop(bench, name)))
        more = lambda k: spread([100 * (x - 1) for x in ratios(found[k], found["none"])], "{:.0f} %") if k in found else ""
        rows.append([name, spread([100 * (x - 1) for x in found["loop"]], "{:.1f} %"), *map(more, GROUPS)])
    return f"""## Logging at every step

Time more than with nothing logged but the first and the last step. Loop: five norms of every layer in `fathom bench step`; the
target is 5 %. The others: `fathom run` of a study, storing the traces included.

{table(["", "five norms, loop", *GROUPS], rows)}"""


def loop(bench, name):
    """Updates a second without and with five norms at every step."""
    w = WORKLOADS[name]
    found = rounds(bench, {"none": lambda: step(bench, w)["steps_per_s"],
                           "norms": lambda: step(bench, w, "--log=1")["steps_per_s"]})
    return found["none"], found["norms"]


def threads(bench):
    say("threads")
    counts = sorted({1, bench.cores} | {2**i for i in range(12) if 2**i < bench.cores})
    rows = []
    for name in WORKLOADS:
        w = WORKLOADS[name]
        found = rounds(bench, {n: lambda n=n: step(bench, w, threads=n)["steps_per_s"] for n in counts})
        rows.append([name] + [spread(ratios(found[n], found[1])) for n in counts[1:]])
    return f"""## Threads

Updates a second of so many threads, each training its own runs, over those of one; the target for two is 1.95.

{table(["", *(f"{n} threads" for n in counts[1:])], rows)}"""


def many(seeds):
    """The smallest runs that there are: a unit, two examples, an update."""
    return f"""title: many small runs
data: {{set: gaussians, noise: 1, features: 2, train: 2, test: 2}}
model: {{depth: 1, width: 1}}
train: {{loss: bce, lr: {{log: [1e-4, 1e-3, 100]}}, batch: full, steps: 1}}
seed: {{range: {seeds}}}
log: {{every: none, metrics: [train_loss, grad_norm]}}
"""


def planning(bench):
    say("planning")
    rows = []
    for runs in (10**5, 10**6):
        with Folder(many(runs // 100)) as folder:
            ran = [folder.fathom(bench, "plan", "--seconds") for _ in range(3)]
        rows.append([f"{runs:,}", spread([r.seconds for r in ran]), median([r.megabytes for r in ran], "{:.0f}")])
    return f"""## Plans

`fathom plan` from the start of the program to its end; the target for a million runs is 2 s.

{table(["runs", "seconds", "MB in memory"], rows)}"""


def storing(bench):
    say("storing")
    rows = []
    for runs in (10**4, 10**5):
        with Folder(many(2 * runs // 100)) as folder: # the other half is missing, so that nothing is merged yet
            trained = folder.fathom(bench, "run", "--quiet", f"--threads={bench.cores}", "--shard=1/2")
            merged = folder.fathom(bench, "compact", "--partial")
        overhead = 1e6 * trained.seconds * bench.cores / runs
        rows.append([f"{runs:,}", f"{runs / trained.seconds:.4g}", f"{overhead:.1f}", f"{trained.megabytes:.0f}",
                     f"{merged.seconds:.2f}", f"{merged.megabytes:.0f}", f"{merged.size / runs:.0f}"])
    return f"""## Many small runs

Runs of one update of one unit, so that what is left is overhead: `fathom run` of a shard, then `fathom compact`, which
reads and checks what the shard has committed and makes one file of it. The
target for the overhead of a run is 20 µs of one thread.

{table(["runs", "runs/s", "µs a run and thread", "MB in memory", "s to compact", "MB in memory, compacting", "bytes of the file a run"], rows)}"""
