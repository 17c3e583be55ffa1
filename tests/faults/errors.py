"""errors.py: the Nth call fails, once or from then on: one clean message, the right exit code, nothing lost."""
import errno
import random

from harness import SCENARIOS, Wrong, committed, totals

SHORT = 0  # a write takes less than it was given, which is no failure
ERRORS = [errno.ENOSPC, errno.EIO, errno.EINTR, errno.EROFS, errno.EDQUOT, SHORT]
READ_ERRORS = [errno.EIO, errno.ENOMEM, errno.EMFILE]


def fine(code, output, what):
    if code not in (0, 2, 3):
        raise Wrong("%s: exit code %d\n%s" % (what, code, output))
    if code != 0 and not any(line.startswith("fathom") for line in output.splitlines()):
        raise Wrong("%s: exit code %d without a message\n%s" % (what, code, output))
    if "HDF5-DIAG" in output or "bug at" in output:
        raise Wrong("%s: %s" % (what, output))


def at_every_call(lab, tally, share, seed):
    cases = []
    for scenario in SCENARIOS:
        for reads, codes in ((False, ERRORS), (True, READ_ERRORS)):
            n, _ = totals(lab.disturb(scenario, reads=reads)[3])
            cases += [(scenario, "%s:%d:%d" % (how, at, code), reads)
                      for at in range(1, n + 1) for how in ("once", "ever") for code in codes
                      if (how, code) != ("ever", errno.EINTR)]  # nobody is interrupted for ever

    def check(case):
        scenario, fault, reads = case
        folder, code, output, seen = lab.disturb(scenario, fault, reads)
        fine(code, output, "%s %s" % (scenario.name, fault))
        if "damaged" in output or "set aside" in output:
            raise Wrong("%s %s: a sound file was thought damaged\n%s" % (scenario.name, fault, output))
        lab.recover(folder, scenario, committed(seen, scenario))

    random.Random(seed).shuffle(cases)
    done = tally.each(cases[:max(1, int(len(cases) * share))], check)
    return "a call failed, once or for good, in one of %d ways: %d of %d places, resumed" % (
        len(ERRORS + READ_ERRORS), done, len(cases))
