"""memory.py: the Nth allocation of the program's own code finds no memory, once or from then on."""
import os
import random
import re

from errors import fine
from harness import SCENARIOS, committed, parse, totals

READERS = [
    ["status", "STUDY"], ["plan", "STUDY"], ["show", "results/small.h5"], ["check", "results/small.h5"],
    ["diff", "results/small.h5", "results/small.h5"], ["compact", "STUDY"], ["doctor"], ["list", "manual"],
]


def at_every_allocation(lab, tally, share, seed):
    cases = []
    for scenario in SCENARIOS:
        _, n = totals(lab.disturb(scenario)[3])
        cases += [(scenario, None, "%s:%d" % (how, at)) for at in range(1, n + 1) for how in ("alloc", "allocs")]
    for reader in READERS:
        trace = lab.place + "/count"
        lab.must(reading(lab, lab.whole, reader, FAULT_TRACE=trace), " ".join(reader))
        with open(trace, "rb") as file:
            _, n = totals(parse(file.read()))
        os.unlink(trace)
        cases += [(None, reader, "%s:%d" % (how, at)) for at in range(1, n + 1) for how in ("alloc", "allocs")]

    def check(case):
        scenario, reader, fault = case
        if reader:
            fine(*reading(lab, lab.whole, reader, FAULT=fault), "%s %s" % (reader[0], fault))
            return
        folder, code, output, seen = lab.disturb(scenario, fault)
        fine(code, output, "%s %s" % (scenario.name, fault))
        failed = re.search(r"(\d+) runs? of 'small' failed", output)  # committed as failed, to be trained again
        lab.recover(folder, scenario, committed(seen, scenario) - (int(failed[1]) if failed else 0))

    random.Random(seed).shuffle(cases)
    done = tally.each(cases[:max(1, int(len(cases) * share))], check)
    return "an allocation failed, once or for good, in run and %d other commands: %d of %d places" % (
        len(READERS), done, len(cases))


def reading(lab, folder, reader, **settings):
    return lab.fathom(folder, *[lab.study if word == "STUDY" else word for word in reader], **settings)
