#!/usr/bin/python3
"""cost.py COST [SETTINGS [SEED]]: fits the costs of src/train/cost.c to this machine and says how well they estimate.
(COST is bench/cost.c, built by scripts/fit-cost, which runs this.)

Draws settings all over what studies ask for and has COST time them. The costs are those, none below zero, that make the sum of
squared errors of log(estimated/measured) least. First two of three settings are fitted: the errors that count are those of the third.

Prints estimated/measured: median, 5 %, 95 %; and costs as they stand in src/train/cost.c."""
import math, os, random, statistics, subprocess, sys, tempfile

program = os.path.realpath(sys.argv[1])
N = int(sys.argv[2]) if len(sys.argv) > 2 else 150
dice = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
LEAST, MOST = 2e-5, 0.1  # seconds of a run's updates


def draw():
    """One setting: text of a study without `steps`."""
    few, many = dice.random() < 0.25, dice.random() < 0.2
    width = int(math.exp(dice.uniform(math.log(4), math.log(512))))
    depth = int(math.exp(dice.uniform(0, math.log(50 if width < 200 else 8))))
    batch = int(math.exp(dice.uniform(math.log(4), math.log(256))))
    train = batch if few else batch * dice.randint(2, 12)
    metrics = dice.choice([["train_loss"], ["grad_norm", "delta_rms"], ["train_loss", "test_accuracy", "grad_norm", "delta_rms"],
                           ["grad_norm", "weight_norm", "update_ratio", "bias_grad_norm", "delta_rms"],
                           ["act_mean", "act_std", "saturation", "dead"], ["weight_distance", "row_spread", "weight_spread", "grad_cosine"]])
    if width < 60 and dice.random() < 0.15:
        metrics = metrics + ["spectral_norm"]
    return f"""
data:  {{ set: gaussians, features: {dice.choice([2, 10, 32, 100, 784])}, noise: 0.5, train: {train}, test: {dice.choice([50, 200, 1000])} }}
model: {{ depth: {depth}, width: {width}, activation: {dice.choice("identity relu tanh tanh sigmoid silu gelu softsign softplus elu erf".split())},
         init: {dice.choice("xavier-normal he-normal he-uniform orthogonal pytorch-default zeros".split())}, bias: {dice.choice(["true", "true", "false"])} }}
train: {{ loss: {dice.choice(["bce", "cross-entropy", "mse"])}, lr: 1e-6, diverge_loss: none, optimizer: {dice.choice("sgd sgd sgd momentum adam rmsprop".split())},
         batch: {"full" if few else batch}, precision: {"float64" if dice.random() < 0.2 else "float32"}, steps: STEPS }}
seed:  1
log:   {{ {"every: %d" % dice.choice([1, 3, 10, 50]) if many else "points: 5"}, metrics: [{", ".join(metrics)}] }}
"""


def measure(texts, folder):
    """Names and present costs of the kinds of work; of each setting its counts and its time in seconds."""
    def cost(text, steps, i):
        path = f"{folder}/{i}.yaml"
        with open(path, "w") as f:
            f.write(text.replace("STEPS", str(steps)))
        lines = subprocess.run([program, path], check=True, capture_output=True, text=True).stdout.splitlines()
        return [line.split() for line in lines]

    samples, kept = [], []
    for i, text in enumerate(texts):
        few, more = (float(cost(text, steps, i)[2][0]) for steps in (1, 9))
        if math.isnan(few + more):
            continue
        steps = 1 + int(LEAST * (MOST / LEAST) ** dice.random() / max((more - few) / 8, 1e-6))
        names, now, row = cost(text, steps, i)
        if not math.isnan(float(row[0])):
            samples.append((dict(zip(names[1:], map(float, row[1:]))), float(row[0])))
            kept.append(text)
    return names[1:], dict(zip(names[1:], (1e-9 * float(x) for x in now[1:]))), samples, kept


def fit(samples, names, start):
    """Gauss-Newton on the logarithms: each round weighs a sample by its estimate, then solves the least squares with no cost below
    zero, one coordinate after the other. What the samples hardly tell stays near where it was."""
    n, cost = len(names), start
    for _ in range(12):
        rows, goal = [], []
        for counts, time in samples:
            guess = estimate(counts, cost)
            rows.append([counts[name] / guess for name in names])
            goal.append(1 + max(-1, min(1, math.log(time / guess))))
        A = [[sum(r[i] * r[j] for r in rows) for j in range(n)] for i in range(n)]
        b = [sum(r[i] * g for r, g in zip(rows, goal)) for i in range(n)]
        x = [cost[name] for name in names]
        for i in range(n):
            weight = 1e-4 * A[i][i]
            A[i][i] += weight
            b[i] += weight * start[names[i]]
        for _ in range(3000):
            for i in range(n):
                if A[i][i] > 0:
                    x[i] = max(0, x[i] + (b[i] - sum(A[i][j] * x[j] for j in range(n))) / A[i][i])
        cost = dict(zip(names, x))
    return cost


def estimate(counts, cost):
    return sum(counts[name] * cost[name] for name in counts)


def spread(samples, cost):
    ratios = sorted(estimate(counts, cost) / time for counts, time in samples)
    at = lambda q: ratios[min(len(ratios) - 1, int(q * len(ratios)))]
    return f"n = {len(ratios)}, median {statistics.median(ratios):.3f}, 5 % {at(0.05):.3f}, 95 % {at(0.95):.3f}"


def main():
    texts = [draw() for _ in range(N)]
    with tempfile.TemporaryDirectory() as folder:
        names, here, samples, texts = measure(texts, folder)
    print("as they are:          ", spread(samples, here))
    for what, some in ("alone", [s for s in samples if not s[0]["lane"]]), ("side by side", [s for s in samples if s[0]["lane"]]):
        if some:
            print(f"  {what + ':':20}", spread(some, here))
    kept = [s for i, s in enumerate(samples) if i % 3]
    others = [s for i, s in enumerate(samples) if not i % 3]
    cost = fit(kept, names, here)
    print("fitted to two thirds: ", spread(kept, cost))
    print("of the other third:   ", spread(others, cost))
    cost = fit(samples, names, here)
    print("fitted to all:        ", spread(samples, cost))
    for name in names:
        share = statistics.mean(counts[name] * cost[name] / time for counts, time in samples)
        print(f"{name:12} {1e9 * cost[name]:10.4g} ns   {100 * share:5.1f} % of the time")
    for pick in os.environ.get("PICK", "").split():
        mine = [s for t, s in zip(texts, samples) if pick in t.replace(",", " , ").split()]
        if mine:
            print(f"{pick:16}", spread(mine, cost))
    worst = sorted(range(len(samples)), key=lambda i: -abs(math.log(estimate(samples[i][0], cost) / samples[i][1])))
    for i in worst[: int(os.environ.get("WORST", 0))]:
        print(f"{estimate(samples[i][0], cost) / samples[i][1]:.2f} {samples[i][1]:.4f} s {texts[i]}")


main()
