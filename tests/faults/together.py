"""together.py: several processes on one study at once, on the same and on different shards, some of them killed."""
import random
import subprocess
import time

from harness import SCENARIOS, RUNS, Wrong


def at_once(lab, tally, n, seed):
    def start(folder, *words):
        return subprocess.Popen([lab.program, "run", "-q", "-j1", "--commit-every", "0", lab.study, *words], cwd=folder,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def check(case):
        chance = random.Random(case)
        folder = lab.new(SCENARIOS[0])
        size = chance.randint(2, 8)
        sharded = chance.random() < 0.5
        shards = [["--shard", "%d/%d" % (i % (size // 2 + 1) + 1, size // 2 + 1)] if sharded else [] for i in range(size)]
        processes = [start(folder, *shard) for shard in shards]
        if chance.random() < 0.5:  # one dies, and is started again
            time.sleep(chance.uniform(0, 0.04))
            dead = chance.randrange(size)
            processes[dead].kill()
            processes[dead].communicate()
            processes[dead] = start(folder, *shards[dead])
        for process in processes:
            output = process.communicate(timeout=120)[0].decode()
            if process.returncode != 0:
                raise Wrong("%d processes%s: exit code %d\n%s" % (size, ", sharded" if sharded else "",
                                                                  process.returncode, output))
        lab.recover(folder, SCENARIOS[0], RUNS)

    done = tally.each([seed * 1000003 + i for i in range(n)], check)
    return "2 to 8 processes on one study at once, some killed and started again: %d times" % done
