"""What the parts of bench.py share: starting programs, quantiles, Markdown."""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

from workloads import WORKLOADS, options

# program, folder of the other programs, processors, rounds, seconds of a measurement
Bench = namedtuple("Bench", "program out cores rounds seconds isa")  # isa: avx512, avx2, generic
Ran = namedtuple("Ran", "seconds megabytes size output")  # size: bytes of the result file; megabytes: most that was in memory


def clean(**more):
    """The environment without what chooses kernels or threads of a library, one thread each."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("OPENBLAS_", "OMP_", "ATEN_", "MKL_"))}
    env.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", **more)
    return env


def step(bench, w, *more, precision="float32", threads=None, seconds=None):
    """fathom bench step; large networks for longer, as some tens of updates are too few to tell"""
    seconds = seconds or max(bench.seconds, 0.03 * w.depth * w.width**2 * w.batch / 1e7)
    command = [bench.program, "bench", "step", f"--seconds={seconds:.2f}",
               f"--threads={threads or bench.cores}", *options(w, precision), *more]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peak(bench, precision="float32"):
    """GFLOP/s of fused multiply-adds of all cores at once"""
    running = [subprocess.Popen([f"{bench.out}/micro", "peak", precision, "60"], stdout=subprocess.PIPE, text=True)
               for _ in range(bench.cores)]
    return sum(float(p.communicate()[0]) for p in running)


def micro(bench, what, milliseconds):
    """The lines of a micro-benchmark, as lists of fields without the first."""
    command = [f"{bench.out}/micro", what, str(milliseconds)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env=clean(LIBXSMM_VERBOSE="0"))
    return [line.split("\t")[1:] for line in ran.stdout.splitlines() if "\t" in line]


def call(command):
    """Runs a program: seconds, and the most megabytes that it had in memory."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as p:
        output = p.stdout.read()
        complaint = p.stderr.read()
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if p.returncode:
        raise RuntimeError(f"{' '.join(command)}: {complaint.strip()}")
    return Ran(seconds, usage.ru_maxrss / 1024, 0, output)


class Folder:
    """A folder for a study and its results, removed at the end."""

    def __init__(self, text):
        self.path = tempfile.mkdtemp(prefix="fathom-bench-")
        self.study = os.path.join(self.path, "study.yaml")
        with open(self.study, "w") as file:
            file.write(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def fathom(self, bench, command, *more):
        out = [] if command == "plan" else [f"--output={self.path}"]
        ran = call([bench.program, command, *out, *more, self.study])
        result = os.path.join(self.path, "study.h5")
        return ran._replace(size=os.path.getsize(result) if os.path.exists(result) else 0)


def run(bench, text, *more):
    """fathom run of a study: everything that a user waits for, from the start of the program to the finished file"""
    with Folder(text) as folder:
        return folder.fathom(bench, "run", "--quiet", f"--threads={bench.cores}", *more)


def rounds(bench, contestants):
    """Every contestant once a round, the first one changing: a list of results of each, in step."""
    names = list(contestants)
    found = {k: [] for k in names}
    for i in range(bench.rounds):
        turn = i % len(names)
        for k in names[turn:] + names[:turn]:
            found[k].append(contestants[k]())
    return found


def ratios(a, b, factor=1):
    return [factor * x / y for x, y in zip(a, b)]


def spread(values, form="{:.2f}"):
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else 3 * values
    return "{} [{}, {}]".format(*(form.format(v) for v in (middle, low, high)))


def median(values, form="{:.2f}"):
    return form.format(statistics.median(values))


def table(head, rows):
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]]) + "\n"


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)
