"""torch_peer.py eager|stacked a|b|c|d|e: the peer of a workload, for bench.py. Prints 'ready NAME / BLAS', then for every line of
standard input, a number of seconds, how many updates a second it made.

eager    what one writes first: nn.Sequential, autograd, torch.optim.SGD.
stacked  the strongest that was found: R runs side by side in one tensor, backward written by hand with bmm into memory that is
         there already, inference mode. Tried at the start, and the fastest kept: every R of the workload, weights as out × in and
         as in × out, and for one run plain matrices. An update of R runs counts R times. Without effect, and left out: torch.jit,
         flush_denormal, sums into memory that is there.

One thread, one minibatch again and again, no norms logged: less than fathom does.
"""
import sys
import time

import torch

from workloads import WORKLOADS

LR = 1e-3


def data(w):
    X = torch.randn(w.batch, w.input)
    if w.loss == "mse":
        return X, torch.randn(w.batch, 1)
    if w.loss == "bce":
        return X, torch.randint(0, 2, (w.batch, 1)).float()
    return X, torch.randint(0, w.outputs, (w.batch,))


def eager(w):
    sizes, layers = [w.input] + [w.width] * w.depth, []
    for n, m in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(n, m, bias=w.bias), torch.nn.Tanh()]
    net = torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-1], w.outputs, bias=w.bias))
    loss = {"mse": torch.nn.MSELoss, "bce": torch.nn.BCEWithLogitsLoss, "softmax": torch.nn.CrossEntropyLoss}[w.loss]()
    optimizer = torch.optim.SGD(net.parameters(), lr=LR)
    X, y = data(w)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss(net(X), y).backward()
        optimizer.step()

    return step


def stacked(w, R, turned, plain):
    """A[l], dZ: R × B × n[l]; V[l]: R × n[l] × n[l−1], or turned; plain: without R, which is 1."""
    sizes = [w.input] + [w.width] * w.depth + [w.outputs]
    L, B, lead = len(sizes) - 1, w.batch, () if plain else (R,)
    times, plus_times, add_times = (
        (torch.mm, torch.addmm, torch.Tensor.addmm_) if plain else (torch.bmm, torch.baddbmm, torch.Tensor.baddbmm_))
    T = lambda x: x.transpose(-1, -2)
    X, y = data(w)
    A = [X.expand(*lead, B, w.input).contiguous()] + [torch.empty(*lead, B, n) for n in sizes[1:]]
    dA = [torch.empty(*lead, B, n) for n in sizes]
    V = [None] + [torch.randn(*lead, *((n, m) if turned else (m, n))) / n**0.5 for n, m in zip(sizes, sizes[1:])]
    W, Wt = ([None] + [T(v) for v in V[1:]], V) if turned else (V, [None] + [T(v) for v in V[1:]])
    b = [None] + [torch.zeros(*lead, 1, m) for m in sizes[1:]]
    one_hot = torch.nn.functional.one_hot(y, w.outputs).float() if w.loss == "softmax" else None

    def step():
        for l in range(1, L + 1):
            if w.bias:
                plus_times(b[l], A[l - 1], Wt[l], out=A[l])
            else:
                times(A[l - 1], Wt[l], out=A[l])
            if l < L:
                torch.tanh(A[l], out=A[l])
        if w.loss == "softmax":
            dZ = torch.softmax(A[L], -1).sub_(one_hot)
        elif w.loss == "bce":
            dZ = torch.sigmoid(A[L]).sub_(y)
        else:
            dZ = (A[L] - y).mul_(2)
        for l in range(L, 0, -1):
            if l > 1:
                times(dZ, W[l], out=dA[l - 1])
            left, right = (T(A[l - 1]), dZ) if turned else (T(dZ), A[l - 1])
            add_times(V[l], left, right, alpha=-LR / B)
            if w.bias:
                b[l].add_(dZ.sum(-2, keepdim=True), alpha=-LR / B)
            if l > 1: # dA (1 − a²)
                torch.ops.aten.tanh_backward.grad_input(dA[l - 1], A[l - 1], grad_input=dA[l - 1])
                dZ = dA[l - 1]

    return step


def rate(step, seconds):
    n, start = 0, time.perf_counter()
    while True:
        step()
        n += 1
        passed = time.perf_counter() - start
        if passed >= seconds:
            return n / passed


def blas():
    """The library that makes the products: with the reference BLAS this is no peer."""
    with open("/proc/self/maps") as maps:
        found = sorted({line.split("/")[-1].strip() for line in maps if "blas" in line})
    return "OpenBLAS" if any("openblas" in f for f in found) else " ".join(found) or "its own BLAS"


def fastest(w):
    """The best of the stacked variants, how many runs it trains, and its name."""
    variants = [(R, turned, plain) for R in w.stacks for turned in (False, True) for plain in ((False, True) if R == 1 else (False,))]
    best = 0
    for R, turned, plain in variants:
        candidate = stacked(w, R, turned, plain)
        rate(candidate, 0.05)
        speed = R * max(rate(candidate, 0.1) for _ in range(3))
        if speed > best:
            best, runs, step = speed, R, candidate
    return step, runs, f"{runs} stacked"


def main():
    kind, w = sys.argv[1], WORKLOADS[sys.argv[2]]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    with torch.inference_mode(kind == "stacked"):
        step, runs, name = fastest(w) if kind == "stacked" else (eager(w), 1, "eager")
        rate(step, 0.1)
        print("ready", name, "/", blas(), flush=True)
        for line in sys.stdin:
            print(runs * rate(step, float(line)), flush=True)


main()
