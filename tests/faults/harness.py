"""harness.py: a tiny study, and what must hold after anything that was done to the program while it ran.

A scenario is what was there before and the call that is disturbed. Whatever happens to that call, `recover` must find: every run
that was committed before the disturbance is still there, the same call completes, the numbers are those of an undisturbed
run, and nothing is left behind.
"""
import concurrent.futures
import os
import re
import shutil
import subprocess
import tempfile
import time

STUDY = """\
title: A study to be disturbed
data:  { set: circles, train: 24, test: 8, noise: 0.1 }
model: { depth: [1, 2], width: 4, init: [xavier-normal, zeros] }
train: { loss: bce, lr: 0.1, batch: 8, steps: 4 }
seed:  { range: 2 }
log:   { every: 2, metrics: [train_loss, test_accuracy, grad_norm], weights: [final] }
claims:
  - { say: some gradient is left, measure: grad_norm, at: {layer: first, step: 0}, where: {init: xavier-normal}, expect: "> 0" }
"""
RUNS = 8


class Scenario:
    def __init__(self, name, before, call, known):
        self.name, self.before, self.call = name, before, call
        self.known = known  # runs committed before the call

    def __repr__(self):
        return self.name


SCENARIOS = [
    Scenario("fresh", [], [], 0),
    Scenario("grow", [["seed=0"]], [], 4),  # half of the study is finished
    Scenario("drop", [[]], ["seed=0"], RUNS),  # the finished study is cut to a half: the other half becomes orphans
]


class Wrong(Exception):
    """A promise was broken."""


class Lab:
    def __init__(self, program, shim):
        self.program, self.shim = os.path.abspath(program), os.path.abspath(shim)
        memory = "/dev/shm"
        self.place = tempfile.mkdtemp(prefix="fathom-faults.", dir=memory if os.access(memory, os.W_OK) else None)
        self.study = os.path.join(self.place, "small.yaml")
        self.whole = os.path.join(self.place, "whole")
        self.serial = 0
        with open(self.study, "w") as file:
            file.write(STUDY)
        self.start = {}
        for scenario in SCENARIOS:
            folder = self.start[scenario.name] = os.path.join(self.place, "start-" + scenario.name)
            os.mkdir(folder)
            for call in scenario.before:
                self.must(self.train(folder, *call), "the start of " + scenario.name)
        os.mkdir(self.whole)
        self.must(self.train(self.whole), "the undisturbed run")

    def close(self):
        shutil.rmtree(self.place)

    def new(self, scenario):
        """A folder as the scenario has it before its call."""
        self.serial += 1
        folder = os.path.join(self.place, "case-%d" % self.serial)
        shutil.copytree(self.start[scenario.name], folder)
        return folder

    def fathom(self, folder, *words, **settings):
        """Runs the program in a folder; settings go into its environment. (exit code, output); −N: killed by signal N."""
        environment = dict(os.environ, LC_ALL="C", **settings)
        if any(name.startswith("FAULT") for name in settings):
            environment["LD_PRELOAD"] = self.shim
        try:
            done = subprocess.run([self.program, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        except subprocess.TimeoutExpired:
            raise Wrong("no end after 60 s: " + " ".join(words))
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def train(self, folder, *words, **settings):
        """One thread and a commit for every run: what happens is the same every time."""
        return self.fathom(folder, "run", "-j1", "--commit-every", "0", "--retry-failed", self.study, *words, **settings)

    @staticmethod
    def must(result, what):
        code, output = result
        if code != 0:
            raise Wrong("%s: exit code %d\n%s" % (what, code, output))
        return output

    def disturb(self, scenario, fault="", reads=False):
        """(folder, exit code, output, what the shim saw)"""
        folder = self.new(scenario)
        trace = folder + ".trace"
        settings = {"FAULT": fault, "FAULT_TRACE": trace}
        if reads:
            settings["FAULT_READS"] = "1"
        code, output = self.train(folder, *scenario.call, **settings)
        with open(trace, "rb") as file:
            seen = parse(file.read())
        os.unlink(trace)
        return folder, code, output, seen

    def recover(self, folder, scenario, committed):
        """Raises Wrong unless all is well after the same call again. Removes the folder."""
        output = self.must(self.train(folder, *scenario.call), "the same call again")
        if scenario.call:
            output += self.must(self.train(folder), "the whole study")
        missing = sum(int(n) for n in re.findall(r"^small: (\d+) of \d+ runs to train", output, re.M))
        if RUNS - missing < committed:
            raise Wrong("%d runs were committed, %d are left\n%s" % (committed, RUNS - missing, output))
        if "damaged" in output or "set aside" in output:
            raise Wrong("a file was thought damaged\n" + output)
        self.must(self.fathom(folder, "diff", self.whole + "/results/small.h5", "results/small.h5"), "diff")
        results = os.path.join(folder, "results")
        if os.listdir(results) != ["small.h5"]:
            raise Wrong("left behind: %s" % [at for at in os.walk(results)])
        shutil.rmtree(folder)


def parse(trace):
    """The shim's trace as tuples (call, argument, …); a write ends in its bytes."""
    calls, at = [], 0
    while at < len(trace):
        end = trace.index(b"\n", at)
        call = tuple(trace[at:end].decode().split("\t"))
        at = end + 1
        if call[0] == "write":
            size = int(call[2])
            call = ("write", call[1], trace[at:at + size])
            at += size
        calls.append(call)
    return calls


def totals(calls):
    """How many calls and allocations a program that reached its end made."""
    words = calls[-1][0].split()
    return int(words[1]), int(words[2])


def committed(calls, scenario):
    """Runs whose commit had returned: linked under their names, and the folder synced, or whatever came instead done and the next
    file begun. (A commit holds one run.)"""
    known, linked, opened = scenario.known, 0, {}
    for call in calls:
        if call[0] == "link":
            linked += 1
        elif call[0] in ("open", "create"):
            opened[call[1]] = call
        synced = call[0] == "fsync" and opened[call[1]][0] == "open" and opened[call[1]][2].endswith(".parts")
        if synced or call[0] == "create":
            known, linked = min(known + linked, RUNS), 0
    return known


class Tally:
    """Counts cases and keeps what went wrong; `each` works on all of them with as many threads as there are processors."""

    def __init__(self, deadline):
        self.deadline, self.wrong = deadline, []

    def each(self, cases, check):
        """check(case) for all cases until the deadline; how many were done."""
        def one(case):
            if time.monotonic() > self.deadline:
                return 0
            try:
                check(case)
            except Wrong as fault:
                self.wrong.append("%s: %s" % (case, fault))
            return 1
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return sum(pool.map(one, cases))
