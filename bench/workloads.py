"""The five workloads that are timed: tanh networks trained by SGD, from the smallest to the largest in use."""
import math
from collections import namedtuple

# grid, steps: of the study that fathom run trains: at least so many runs, of so many updates
Workload = namedtuple("Workload", "about input width depth batch loss outputs bias stacks grid steps")

WORKLOADS = {
    "a": Workload("16 in, 16 wide, 1 deep, batch 16, no bias, mse", 16, 16, 1, 16, "mse", 1, False, (16, 64, 256, 1024), 4096, 500),
    "b": Workload("32 in, 32 wide, 10 deep, batch 64, bce", 32, 32, 10, 64, "bce", 1, True, (1, 4, 8, 16, 64), 64, 1000),
    "c": Workload("784 in, 100 wide, 20 deep, batch 128, 10 classes", 784, 100, 20, 128, "softmax", 10, True, (1, 2, 4, 8), 8, 500),
    "d": Workload("784 in, 256 wide, 50 deep, batch 128, 10 classes", 784, 256, 50, 128, "softmax", 10, True, (1, 2), 2, 250),
    "e": Workload("784 in, 512 wide, 10 deep, batch 256, 10 classes", 784, 512, 10, 256, "softmax", 10, True, (1, 2), 2, 200),
}
RUN = 500  # rates of workload a are whole runs of so many updates
# ns, the fastest float32 tanh that was seen, without its slope, of a processor with 512-bit vectors; of others what takes as many
# fused multiply-adds (30 FLOP); float64: twice that
TANH = {"avx512": 0.136}
TANH_FLOP = 30
NORMS = "grad_norm, bias_grad_norm, delta_rms, weight_norm, update_ratio"


def sizes(w):
    return [w.input] + [w.width] * w.depth + [w.outputs]


def tanh(isa, peak):
    """ns an element in float32, peak: GFLOP/s of one core"""
    return TANH.get(isa, TANH_FLOP / peak)


def limit(w, flop, peak, tanh, cores):
    """updates a second, had all cores nothing to do but fused multiply-adds (peak: GFLOP/s of all) and tanh (ns)"""
    return 1 / (flop / (peak * 1e9) + w.depth * w.batch * w.width * tanh * 1e-9 / cores)


def unit(name):
    return RUN if name == "a" else 1


def options(w, precision="float32"):
    """of fathom bench step"""
    classes = {"mse": 0, "bce": 2, "softmax": w.outputs}[w.loss]
    loss = {"mse": "mse", "bce": "bce", "softmax": "cross-entropy"}[w.loss]
    numbers = {"input": w.input, "width": w.width, "depth": w.depth, "batch": w.batch, "classes": classes}
    return [f"--{k}={v}" for k, v in numbers.items()] + [f"--loss={loss}", f"--precision={precision}"] + (
        [] if w.bias else ["--no-bias"])


def study(name, cores, precision="float32", log="points: 10", metrics=NORMS, share=1, times=1, steps=None):
    """The text of a study of this workload, and its updates: learning rates × seeds. share: of the runs. times: so many times as
    long, by more runs of workload a, by more updates of the others. steps: of every run instead."""
    w = WORKLOADS[name]
    more = times if name == "a" else 1
    steps = steps or math.ceil(w.steps * times / more)
    runs = max(cores, math.ceil(w.grid * share * more / cores / 2) * cores)
    runs = runs if runs < 64 else 64 * math.ceil(runs / 64)
    rates = min(runs, 64) if runs % 64 == 0 else 1
    lr = f"{{log: [1e-4, 1e-2, {rates}]}}" if rates > 1 else "1e-3"
    one_batch = name == "a"
    data = {"mse": "set: teacher, noise: 0.1", "bce": "set: gaussians, noise: 1, classes: [0, 1]",
            "softmax": f"set: gaussians, noise: 1, classes: {list(range(w.outputs))}"}[w.loss]
    loss = {"mse": "mse", "bce": "bce", "softmax": "cross-entropy"}[w.loss]
    return f"""title: workload {name}
data: {{{data}, features: {w.input}, train: {w.batch if one_batch else 8 * w.batch}, test: {w.batch}}}
model: {{depth: {w.depth}, width: {w.width}, activation: tanh, bias: {"true" if w.bias else "false"}}}
train: {{loss: {loss}, optimizer: sgd, lr: {lr}, batch: {"full" if one_batch else w.batch}, steps: {steps}, precision: {precision}}}
seed: {{range: {runs // rates}}}
log: {{{log}, eval: {w.batch}, metrics: [{metrics}]}}
""", runs * steps
