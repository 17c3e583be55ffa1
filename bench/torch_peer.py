"""torch_peer.py eager|stacked a|b|c|d|e: the peer of a workload, for bench.py. Prints 'ready NAME / BLAS', then for every line of
standard input, a number of seconds, how many updates a second it made.

eager    what one writes first: nn.Sequential, autograd, torch.optim.SGD.
stacked  the strongest that was found: R runs side by side in one tensor, backward written by hand with bmm into memory that is
         there already, no autograd; R is whatever is fastest here. An update of R runs counts R times.

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


def stacked(w, R):
    """A[l], dZ: R × B × n[l]; W[l]: R × n[l] × n[l−1]."""
    sizes = [w.input] + [w.width] * w.depth + [w.outputs]
    L, B = len(sizes) - 1, w.batch
    X, y = data(w)
    A = [X.expand(R, B, w.input).contiguous()] + [torch.empty(R, B, n) for n in sizes[1:]]
    dA = [torch.empty(R, B, n) for n in sizes]
    W = [None] + [torch.randn(R, m, n) / n**0.5 for n, m in zip(sizes, sizes[1:])]
    b = [None] + [torch.zeros(R, 1, m) for m in sizes[1:]]
    Wt = [None] + [V.transpose(1, 2) for V in W[1:]]
    one_hot = torch.nn.functional.one_hot(y, w.outputs).float() if w.loss == "softmax" else None

    def step():
        for l in range(1, L + 1):
            if w.bias:
                torch.baddbmm(b[l], A[l - 1], Wt[l], out=A[l])
            else:
                torch.bmm(A[l - 1], Wt[l], out=A[l])
            if l < L:
                torch.tanh(A[l], out=A[l])
        if w.loss == "softmax":
            dZ = torch.softmax(A[L], 2).sub_(one_hot)
        elif w.loss == "bce":
            dZ = torch.sigmoid(A[L]).sub_(y)
        else:
            dZ = (A[L] - y).mul_(2)
        for l in range(L, 0, -1):
            if l > 1:
                torch.bmm(dZ, W[l], out=dA[l - 1])
            W[l].baddbmm_(dZ.transpose(1, 2), A[l - 1], beta=1, alpha=-LR / B)
            if w.bias:
                b[l].add_(dZ.sum(1, keepdim=True), alpha=-LR / B)
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


def main():
    kind, w = sys.argv[1], WORKLOADS[sys.argv[2]]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    runs, name = 1, "eager"
    if kind == "eager":
        step = eager(w)
    else:
        torch.set_grad_enabled(False)
        fastest = 0
        for R in w.stacks:
            candidate = stacked(w, R)
            rate(candidate, 0.05)
            speed = R * max(rate(candidate, 0.1) for _ in range(3))
            if speed > fastest:
                fastest, runs, step = speed, R, candidate
        name = f"{runs} stacked"
    rate(step, 0.1)
    print("ready", name, "/", blas(), flush=True)
    for line in sys.stdin:
        print(runs * rate(step, float(line)), flush=True)


main()
