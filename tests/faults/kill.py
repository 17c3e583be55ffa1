"""kill.py: kill -9 at every call that changes the file system, and at random moments."""
import random
import signal

from harness import SCENARIOS, Wrong, committed, totals


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
    """Whenever it may be, with two threads, three times in a row on the same results; n kills in all."""
    killed = [0]  # others had come to their end

    def check(case):
        chance = random.Random(case)
        folder, known = lab.new(SCENARIOS[0]), 0
        for _ in range(3):
            code, _ = lab.fathom(folder, "run", "-q", "-j2", "--commit-every", "0", lab.study,
                                 seconds=chance.uniform(0.0005, 0.025), killed=True)
            killed[0] += code == -signal.SIGKILL
            output = lab.must(lab.fathom(folder, "status", lab.study), "status")
            now = int(output.splitlines()[1].split()[2])
            if now < known:
                raise Wrong("%d runs were committed, %d are left" % (known, now))
            known = now
        lab.recover(folder, SCENARIOS[0], known)

    def cases():
        number = seed * 1000003
        while killed[0] < n:
            number += 1
            yield number

    done = tally.each(cases(), check)
    return "killed at a random moment, two threads: %d times, resumed %d times" % (killed[0], done)
