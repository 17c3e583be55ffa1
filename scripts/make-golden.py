#!/usr/bin/python3
"""make-golden.py FOLDER: trains small networks with PyTorch and writes what happened, for tests/train/test_golden.c.

For developers only: the files are committed, and the test that reads them needs no PyTorch. Written with torch 1.13 on
Debian 12 (python3-torch). To add a network: a row of NETWORKS.

A file is lines of words: `KEY VALUE` sets a key of a study, `name n v[1] … v[n]` is a list of numbers, float64 in
decimals that read back exactly. inputs, X (examples in rows), labels or targets say what is learnt; weights are W[1]
row by row, b[1], W[2] …; then, for steps 0 … 19 of full-batch training and the weights of that step: loss, and layer by
layer grad_norm, bias_grad_norm, delta_rms (as in docs/FORMAT.md); loss has one number more, after the last update.
"""
import math
import os
import sys

import torch

STEPS, EXAMPLES, INPUTS = 20, 24, 6

ACTIVATIONS = {
    "identity": lambda z: z * 1,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "lecun-tanh": lambda z: 1.7159 * torch.tanh(2 * z / 3),
    "softsign": torch.nn.functional.softsign,
    "hardtanh": torch.nn.functional.hardtanh,
    "erf": torch.erf,
    "relu": torch.relu,
    "leaky-relu": torch.nn.functional.leaky_relu,
    "elu": torch.nn.functional.elu,
    "selu": torch.nn.functional.selu,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
    "softplus": torch.nn.functional.softplus,
    "abs": torch.abs,
    "sin": torch.sin,
}

# name: activation, loss, optimiser, depth, width, what else differs from the defaults
NETWORKS = {
    "tanh-bce-sgd": ("tanh", "bce", "sgd", 3, 8, {"lr": 0.1}),
    "sigmoid-bce-sgd": ("sigmoid", "bce", "sgd", 5, 7, {"lr": 0.5}),
    "relu-softmax-momentum": ("relu", "cross-entropy", "momentum", 3, 12, {"lr": 0.05, "momentum": 0.8}),
    "selu-softmax-nesterov": ("selu", "cross-entropy", "nesterov", 4, 9, {"lr": 0.05}),
    "gelu-softmax-adam": ("gelu", "cross-entropy", "adam", 2, 10, {"lr": 0.01}),
    "silu-mse-adamw": ("silu", "mse", "adamw", 3, 6, {"lr": 0.01, "weight_decay": 0.1}),
    "elu-mse-rmsprop": ("elu", "mse", "rmsprop", 2, 11, {"lr": 0.005}),
    "softplus-softmax-rmsprop": ("softplus", "cross-entropy", "rmsprop", 3, 5,
                                 {"lr": 0.005, "rho": 0.9}),
    "erf-bce-adagrad": ("erf", "bce", "adagrad", 2, 8, {"lr": 0.1}),
    "softsign-mse-sgd-decay": ("softsign", "mse", "sgd", 6, 6, {"lr": 0.2, "weight_decay": 0.05}),
    "lecun-tanh-softmax-adam-decay": ("lecun-tanh", "cross-entropy", "adam", 3, 7,
                                      {"lr": 0.02, "weight_decay": 0.01, "beta1": 0.8, "beta2": 0.95}),
    "hardtanh-bce-momentum-nobias": ("hardtanh", "bce", "momentum", 3, 8, {"lr": 0.1, "bias": "false"}),
    "leaky-relu-mse-classes-sgd": ("leaky-relu", "mse", "sgd", 2, 9, {"lr": 0.1, "classes": 4}),
    "abs-mse-two-classes-sgd": ("abs", "mse", "sgd", 2, 6, {"lr": 0.05, "classes": 2}),
    "sin-softmax-sign-sgd": ("sin", "cross-entropy", "sign-sgd", 2, 8, {"lr": 0.005}),
    "identity-softmax-sgd-clip": ("identity", "cross-entropy", "sgd", 4, 7, {"lr": 0.3, "clip": 0.5}),
    "no-hidden-layer-softmax-sgd": ("tanh", "cross-entropy", "sgd", 0, 1, {"lr": 0.5}),
    "no-hidden-layer-bce-adam-nobias": ("tanh", "bce", "adam", 0, 1, {"lr": 0.1, "bias": "false"}),
    "sigmoid-mse-deep-adam": ("sigmoid", "mse", "adam", 10, 5, {"lr": 0.01}),
    "relu-bce-one-unit-wide": ("relu", "bce", "sgd", 2, 1, {"lr": 0.1}),
}


class SignSgd:
    """w -= lr * sign(gradient of the mean loss + decay * w)"""

    def __init__(self, parameters, lr, weight_decay):
        self.parameters, self.lr, self.decay = parameters, lr, weight_decay

    def step(self):
        with torch.no_grad():
            for w in self.parameters:
                w -= self.lr * torch.sign(w.grad + self.decay * w)


def optimizer(name, parameters, more):
    o, lr, decay = torch.optim, more["lr"], more.get("weight_decay", 0)
    momentum, eps = more.get("momentum", 0.9), 1e-8
    betas = (more.get("beta1", 0.9), more.get("beta2", 0.999))
    return {
        "sgd": lambda: o.SGD(parameters, lr, weight_decay=decay),
        "momentum": lambda: o.SGD(parameters, lr, momentum=momentum, weight_decay=decay),
        "nesterov": lambda: o.SGD(parameters, lr, momentum=momentum, nesterov=True, weight_decay=decay),
        "adagrad": lambda: o.Adagrad(parameters, lr, eps=eps, weight_decay=decay),
        "rmsprop": lambda: o.RMSprop(parameters, lr, alpha=more.get("rho", 0.99), eps=eps, weight_decay=decay),
        "adam": lambda: o.Adam(parameters, lr, betas, eps, weight_decay=decay),
        "adamw": lambda: o.AdamW(parameters, lr, betas, eps, weight_decay=decay),
        "sign-sgd": lambda: SignSgd(parameters, lr, decay),
    }[name]()


def problem(loss, more):
    """X, what to answer, number of outputs, and the losses of the examples one by one as a function of the outputs."""
    X = torch.randn(EXAMPLES, INPUTS)
    if loss == "mse" and "classes" not in more:
        Y = torch.randn(EXAMPLES, 3)
        return X, Y, 3, lambda z: ((z - Y) ** 2).mean(1)
    classes = more.get("classes", 2 if loss == "bce" else 4)
    y = torch.randint(classes, (EXAMPLES,))
    if loss == "bce":
        each = torch.nn.BCEWithLogitsLoss(reduction="none")
        return X, y, 1, lambda z: each(z[:, 0], y.double())
    if loss == "mse" and classes == 2:
        return X, y, 1, lambda z: (z[:, 0] - y.double()) ** 2
    if loss == "mse":
        hot = torch.nn.functional.one_hot(y, classes).double()
        return X, y, classes, lambda z: ((z - hot) ** 2).mean(1)
    each = torch.nn.CrossEntropyLoss(reduction="none")
    return X, y, classes, lambda z: each(z, y)


def train(activation, loss, optim, depth, width, more):
    act, has_bias = ACTIVATIONS[activation], more.get("bias") != "false"
    X, y, outputs, losses = problem(loss, more)
    n = [INPUTS] + [width] * depth + [outputs]
    W = [(torch.randn(o, i) * 1.3 / math.sqrt(i)).requires_grad_() for i, o in zip(n, n[1:])]
    b = [(torch.randn(o) * 0.2).requires_grad_() for o in n[1:]] if has_bias else []
    parameters = W + b
    seen = {"loss": [], "grad_norm": [], "bias_grad_norm": [], "delta_rms": []}
    weights = [v for l in range(len(W)) for p in ([W[l], b[l]] if has_bias else [W[l]]) for v in p.flatten().tolist()]
    updater = optimizer(optim, parameters, more)
    for step in range(STEPS + 1):
        A, Z = X, []
        for l in range(len(W)):
            Z.append(A @ W[l].T + (b[l] if has_bias else 0))
            Z[l].retain_grad()
            A = act(Z[l])
        each = losses(Z[-1])
        seen["loss"].append(each.mean().item())
        if step == STEPS:
            break
        for p in parameters:
            p.grad = None
        each.sum().backward()  # an example's Z meets its own loss alone: Z.grad is ∂loss_i/∂z_ij
        for l in range(len(W)):
            seen["delta_rms"].append(Z[l].grad.square().mean().sqrt().item())
        for p in parameters:
            p.grad /= EXAMPLES
        seen["grad_norm"] += [w.grad.norm().item() for w in W]
        seen["bias_grad_norm"] += [v.grad.norm().item() for v in b]
        if "clip" in more:
            torch.nn.utils.clip_grad_norm_(parameters, more["clip"])
        updater.step()
    return X, y, weights, seen


def line(name, values):
    return " ".join([name, str(len(values))] + [repr(v) for v in values]) + "\n"


def main():
    folder = sys.argv[1]
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    os.makedirs(folder, exist_ok=True)
    for seed, (name, (activation, loss, optim, depth, width, more)) in enumerate(NETWORKS.items()):
        torch.manual_seed(seed)
        X, y, weights, seen = train(activation, loss, optim, depth, width, more)
        keys = {"activation": activation, "loss": loss, "optimizer": optim, "depth": depth, "width": width, **more}
        with open(os.path.join(folder, name + ".txt"), "w", encoding="ascii") as out:
            for key, value in keys.items():
                if key != "classes":
                    out.write(f"{key} {value}\n")
            out.write(f"inputs {INPUTS}\n")
            out.write(line("X", X.flatten().tolist()))
            out.write(line("targets" if y.is_floating_point() else "labels", y.flatten().tolist()))
            if not y.is_floating_point():
                out.write(f"classes {more.get('classes', 2 if loss == 'bce' else 4)}\n")
            out.write(line("weights", weights))
            for what, values in seen.items():
                if values:  # no bias_grad_norm without biases
                    out.write(line(what, values))
        print(f"{name}: loss {seen['loss'][0]:.4f} to {seen['loss'][-1]:.4f}")


main()
