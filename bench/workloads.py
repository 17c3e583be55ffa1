"""The five workloads that bench.py times: tanh networks trained by SGD in float32, from the smallest to the largest in use."""
from collections import namedtuple

Workload = namedtuple("Workload", "about input width depth batch loss outputs bias stacks")

WORKLOADS = {
    "a": Workload("16 in, 16 wide, 1 deep, batch 16, no bias, mse", 16, 16, 1, 16, "mse", 1, False, (16, 64, 256, 1024)),
    "b": Workload("32 in, 32 wide, 10 deep, batch 64, bce", 32, 32, 10, 64, "bce", 1, True, (1, 4, 8, 16, 64)),
    "c": Workload("784 in, 100 wide, 20 deep, batch 128, 10 classes", 784, 100, 20, 128, "softmax", 10, True, (1, 2, 4, 8)),
    "d": Workload("784 in, 256 wide, 50 deep, batch 128, 10 classes", 784, 256, 50, 128, "softmax", 10, True, (1, 2)),
    "e": Workload("784 in, 512 wide, 10 deep, batch 256, 10 classes", 784, 512, 10, 256, "softmax", 10, True, (1, 2)),
}


def options(w):
    """of fathom bench step"""
    classes = {"mse": 0, "bce": 2, "softmax": w.outputs}[w.loss]
    loss = {"mse": "mse", "bce": "bce", "softmax": "cross-entropy"}[w.loss]
    numbers = {"input": w.input, "width": w.width, "depth": w.depth, "batch": w.batch, "classes": classes}
    return [f"--{k}={v}" for k, v in numbers.items()] + [f"--loss={loss}"] + ([] if w.bias else ["--no-bias"])
