"""kill.py: kill -9 at every call that changes the file system, and at random moments."""
import os
import random
import signal
import subprocess

from harness import SCENARIOS, RUNS, Wrong, committed, totals


def at_every_call(lab, tally, share, seed):
    """Before it, after it, and after half of a write."""
    cases = []
    for scenario in SCENARIOS:
        n, _ = totals(lab.disturb(scenario)[3])
        cases += [(scenario, "%s:%d" % (how, at)) for at in range(1, n + 1) for how in ("before", "after", "torn")]

    def check(case):
        scenario, fault = case
        folder, code, output, seen = lab.disturb(scenario, fault)
        if code != -signal.SIGKILL:
            raise Wrong("%s %s was not killed: exit code %d\n%s" % (scenario.name, fault, code, output))
        lab.recover(folder, scenario, committed(seen, scenario))

    random.Random(seed).shuffle(cases)
    done = tally.each(cases[:max(1, int(len(cases) * share))], check)
    return "killed at a call that changes the disk, whole and torn: %d of %d places, resumed" % (done, len(cases))


def at_random(lab, tally, n, seed):
    """Whenever it may be, with two threads, three times in a row on the same results."""
    def check(case):
        chance = random.Random(case)
        folder, known = lab.new(SCENARIOS[0]), 0
        for _ in range(3):
            process = subprocess.Popen([lab.program, "run", "-q", "-j2", "--commit-every", "0", lab.study], cwd=folder,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(chance.uniform(0.004, 0.03))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            output = lab.must(lab.fathom(folder, "status", lab.study), "status")
            now = int(output.splitlines()[1].split()[2])
            if now < known:
                raise Wrong("%d runs were committed, %d are left" % (known, now))
            known = now
        lab.recover(folder, SCENARIOS[0], known)

    done = tally.each([seed * 1000003 + i for i in range(n)], check)
    return "killed at a random moment, two threads: %d times, resumed %d times" % (3 * done, done)
