"""harness.py: a tiny study, and what must hold after anything that was done to the program while it ran.

A scenario is what was there before and the call that is disturbed. Whatever happens to that call, `recover` must find: every run
that was committed before the disturbance is still there, the same call completes, the numbers are those of an undisturbed
run, and nothing is left behind.
"""
import array
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time

STUDY = """\
title: A study to be disturbed
data:  { set: circles, train: 24, test: 8, noise: 0.1 }
model: { depth: [1, 2], width: 4 }
train: { loss: bce, lr: 0.1, batch: 8, steps: 4 }
seed:  { range: 2 }
log:   { every: 2, metrics: [train_loss, test_accuracy, grad_norm], weights: [final] }
claims:
  - { say: some gradient is left, measure: grad_norm, at: {layer: first, step: 0}, expect: "> 0" }
"""
RUNS = 4


def is_of_the_living(name):
    """A temporary whose writer's number another process has now: nobody can tell that the writer is dead."""
    writer = re.search(r"\.(\d+)\.tmp$", name)
    return bool(writer) and os.path.exists("/proc/" + writer[1])


class Scenario:
    def __init__(self, name, before, call, known):
        self.name, self.before, self.call = name, before, call
        self.known = known  # runs committed before the call

    def __repr__(self):
        return self.name


SCENARIOS = [
    Scenario("fresh", [], [], 0),
    Scenario("grow", [["seed=0"]], [], 2),  # half of the study is finished
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
        self.serial, self.own = 0, threading.local()
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

    def empty(self):
        """The name of a new folder."""
        self.serial += 1
        return os.path.join(self.place, "case-%d-%d" % (threading.get_ident(), self.serial))

    def new(self, scenario):
        """A folder as the scenario has it before its call."""
        folder = self.empty()
        shutil.copytree(self.start[scenario.name], folder)
        return folder

    def fathom(self, folder, *words, seconds=60, killed=False, **settings):
        """Runs the program in a folder; settings go into its environment. (exit code, output); −N: killed by signal N. After so
        many seconds it is killed, which is wrong if that was not the wish."""
        if not hasattr(self.own, "server"):
            self.own.server = Server(self.program, self.shim)
        output = os.path.join(self.place, "output-%d" % threading.get_ident())
        code, late = self.own.server.run(folder, output, words, seconds, settings)
        if late and not killed:
            raise Wrong("no end after %g s: %s" % (seconds, " ".join(words)))
        with open(output, "rb") as file:
            return code, file.read().decode("utf-8", "replace")

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
        settings = {"FAULT": fault}
        if reads:
            settings["FAULT_READS"] = "1"
        return folder, *self.traced(folder, scenario.call, **settings)

    def traced(self, folder, call, **settings):
        """(exit code, output, what the shim saw)"""
        trace = folder + ".trace"
        code, output = self.train(folder, *call, FAULT_TRACE=trace, **settings)
        with open(trace, "rb") as file:
            seen = parse(file.read())
        os.unlink(trace)
        return code, output, seen

    def recover(self, folder, scenario, committed):
        """Raises Wrong unless all is well after the same call again. Removes the folder."""
        output = self.must(self.train(folder, *scenario.call), "the same call again")
        if scenario.call:
            output += self.must(self.train(folder), "the whole study")
        left = RUNS - missing(output)
        if left < committed:
            raise Wrong("%d runs were committed, %d are left\n%s" % (committed, left, output))
        if "damaged" in output or "set aside" in output:
            raise Wrong("a file was thought damaged\n" + output)
        self.must(self.fathom(folder, "diff", self.whole + "/results/small.h5", "results/small.h5"), "diff")
        results = os.path.join(folder, "results")
        files = [name for _, _, names in os.walk(results) for name in names]
        if os.listdir(results) != ["small.h5"] and not any(map(is_of_the_living, files)):
            raise Wrong("left behind: %s" % [at for at in os.walk(results)])
        shutil.rmtree(folder)


class Server:
    """The program with all its libraries loaded, of which a copy runs at each call (server.c)."""

    def __init__(self, program, shim):
        self.end, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = dict(os.environ, LC_ALL="C", LD_PRELOAD=shim, FAULT_SERVER=str(its.fileno()))
        subprocess.Popen([program] + ["room"] * 40, env=environment, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL)
        its.close()

    def run(self, folder, output, words, seconds, settings):
        request = ["%.6f" % seconds, folder, output, str(len(settings))] + ["%s=%s" % s for s in settings.items()]
        self.end.send("".join(text + "\0" for text in request + list(words)).encode())
        answer = array.array("i", self.end.recv(8))
        return os.waitstatus_to_exitcode(answer[0]), answer[1]


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


def missing(output):
    """Runs that the calls with this output did not find and trained."""
    return sum(int(n) for n in re.findall(r"^small: (\d+) of \d+ runs to train", output, re.M))


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
        self.deadline, self.wrong, self.done = deadline, [], 0

    def each(self, cases, check):
        """check(case) for all cases until the deadline; how many were done."""
        cases, lock = iter(cases), threading.Lock()

        def work():
            while time.monotonic() < self.deadline:
                with lock:
                    case = next(cases, None)
                    if case is None:
                        return
                    self.done += 1
                try:
                    check(case)
                except Wrong as fault:
                    self.wrong.append("%s: %s" % (case, fault))
                except BaseException as fault:
                    self.wrong.append("%s: %r" % (case, fault))
                    raise
        threads = [threading.Thread(target=work) for _ in range(os.cpu_count())]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.done
