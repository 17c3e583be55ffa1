"""power.py: the power fails. What the disk then holds is not what the program wrote: bytes of a file are there for sure only up
to its last fsync, names in a folder only up to the folder's; of all later changes any subset may have reached it, and of
unsynced bytes any sectors. States are built from the trace of an undisturbed call and resumed from.
"""
import hashlib
import itertools
import os
import random
import shutil

from harness import SCENARIOS, RUNS, committed, missing

SECTOR = 512


class Disk:
    """inode → [bytes, synced bytes]; folder → [names now, names synced, changes since]. Names are relative paths."""

    def __init__(self, start):
        self.data, self.folder, self.opened, self.inodes = {}, {}, {}, 0
        for path, _, files in os.walk(start):
            inside = os.path.relpath(path, start)
            self.folder[inside] = [{}, {}, []]
            if inside != ".":
                self.settle(inside, "folder")
            for file in files:
                with open(os.path.join(path, file), "rb") as bytes_:
                    self.settle(os.path.normpath(os.path.join(inside, file)), self.inode(bytes_.read(), True))

    def inode(self, content=b"", synced=False):
        self.inodes += 1
        self.data[self.inodes] = [content, content if synced else b""]
        return self.inodes

    def settle(self, path, what):
        names, durable, _ = self.folder[os.path.dirname(path) or "."]
        names[os.path.basename(path)] = durable[os.path.basename(path)] = what

    def change(self, *changes):
        """One step of one folder: [(path, inode, "folder" or None)]."""
        where = os.path.dirname(changes[0][0]) or "."
        step = [(os.path.basename(path), what) for path, what in changes]
        apply(self.folder[where][0], step)
        self.folder[where][2].append(step)

    def find(self, path):
        return self.folder[os.path.dirname(path) or "."][0][os.path.basename(path)]

    def play(self, call):
        name, words = call[0], [os.path.normpath(word) if isinstance(word, str) else word for word in call[1:]]
        if name == "mkdir":
            self.folder[words[0]] = [{}, {}, []]
            self.change((words[0], "folder"))
        elif name == "create":
            known = self.folder[os.path.dirname(words[1]) or "."][0].get(os.path.basename(words[1]))
            self.opened[words[0]] = known or self.inode()
            if not known:
                self.change((words[1], self.opened[words[0]]))
        elif name == "open":
            self.opened[words[0]] = words[1]
        elif name == "write":
            self.data[self.opened[words[0]]][0] += words[1]
        elif name == "fsync" and isinstance(self.opened[words[0]], int):
            data = self.data[self.opened[words[0]]]
            data[1] = data[0]
        elif name == "fsync":
            folder = self.folder[self.opened[words[0]]]
            folder[1], folder[2] = dict(folder[0]), []
        elif name == "link":
            self.change((words[1], self.find(words[0])))
        elif name == "rename":
            self.change((words[1], self.find(words[0])), (words[0], None))
        elif name in ("unlink", "rmdir"):
            self.change((words[0], None))

    def after_power_failure(self, keep, content):
        """path → bytes (None: a folder). keep(n): which of n pending steps arrived; content(now, synced): bytes of a file."""
        state, choice = {}, {}

        def look(where):
            _, durable, pending = self.folder[where]
            names = dict(durable)
            for step, arrived in zip(pending, keep(len(pending))):
                if arrived:
                    apply(names, step)
            for name, what in names.items():
                path = os.path.normpath(os.path.join(where, name))
                if what == "folder":
                    state[path] = None
                    look(path)
                else:
                    choice.setdefault(what, content(*self.data[what]))
                    state[path] = choice[what]
        look(".")
        return state


def apply(names, step):
    for name, what in step:
        if what is None:
            names.pop(name, None)
        else:
            names[name] = what


def choices(chance, n):
    """How much arrived: nothing, everything, everything but one, only one, any; of the bytes of a file any sectors."""
    def torn(now, synced):
        if now == synced:
            return now
        sectors = [now[at:at + SECTOR] for at in range(len(synced), len(now), SECTOR)]
        arrived = chance.choice([lambda i: False, lambda i: True, lambda i: 2 * i < len(sectors),
                                 lambda i: chance.random() < 0.5])
        there = [sector if arrived(i) else bytes(len(sector)) for i, sector in enumerate(sectors)]
        end = chance.choice([len(there), chance.randint(0, len(there))])
        return synced + b"".join(there[:end])
    yield lambda n: [False] * n, lambda now, synced: synced
    yield lambda n: [True] * n, lambda now, synced: now
    for _ in range(n):
        yield lambda n: [chance.random() < 0.5 for _ in range(n)], torn
    for _ in range((n + 1) // 2):
        yield lambda n: [i != chance.randrange(n) for i in range(n)], torn
        yield lambda n: [i == chance.randrange(n) for i in range(n)], torn


def states(lab, case, start, chance, n):
    """The states that a power failure may leave at any moment of the call: (runs committed, state), drawn n times a moment."""
    calls = case.calls
    disk = Disk(start)
    for at in range(len(calls)):
        disk.play(calls[at])
        known = committed(calls[:at + 1], case)
        for keep, content in choices(chance, n):
            yield known, disk.after_power_failure(keep, content)


def lay(folder, state):
    os.mkdir(folder)
    for path in sorted(state):
        if state[path] is None:
            os.mkdir(os.path.join(folder, path))
    for path, content in state.items():
        if content is not None:
            with open(os.path.join(folder, path), "wb") as file:
                file.write(content)


class Case:
    """A disk after power failures, and the scenario whose call is to mend it."""

    def __init__(self, scenario, known, state, failures):
        self.scenario, self.known, self.state, self.failures = scenario, known, state, failures
        self.name, self.call = scenario.name, scenario.call

    def key(self):
        digest = hashlib.blake2b(repr((self.name, self.known)).encode(), digest_size=16)
        for path, content in sorted(self.state.items()):
            digest.update(repr((path, content is None or hashlib.blake2b(content).digest())).encode())
        return digest.digest()

    def __repr__(self):
        return "%s, %d failures, %d committed, disk: %s" % (self.name, self.failures, self.known, sorted(
            (path, None if content is None else len(content)) for path, content in self.state.items()))


def drawn(lab, seed, seen):
    """Different cases without end. Round by round: states of the undisturbed calls, then of calls on some of those states:
    the power fails a second and a third time."""
    chance = random.Random(seed)
    fresh = []
    while True:
        first = []
        for scenario in SCENARIOS:
            folder, _, _, calls = lab.disturb(scenario)
            case = Case(scenario, scenario.known, {}, 0)
            first += new_ones(lab, case, calls, lab.start[scenario.name], chance, 6, seen, fresh)
            shutil.rmtree(folder)
        chance.shuffle(first)
        yield from first
        chance.shuffle(fresh)
        for case in fresh[:40 * len(SCENARIOS)]:
            yield from again(lab, case, chance, seen, fresh)
        fresh = fresh[-400:]


def new_ones(lab, case, calls, start, chance, n, seen, fresh):
    case.calls = calls
    for known, state in states(lab, case, start, chance, n):
        other = Case(case.scenario, known, state, case.failures + 1)
        key = other.key()
        if key not in seen:
            seen.add(key)
            if other.failures < 3:
                fresh.append(other)
            yield other


def again(lab, case, chance, seen, fresh):
    start = lab.empty()
    lay(start, case.state)
    folder = lab.empty()
    lay(folder, case.state)
    _, output, calls = lab.traced(folder, case.call)
    if not case.call:  # what it finds is on the disk for sure
        case.known = max(case.known, RUNS - missing(output))
    yield from new_ones(lab, case, calls, start, chance, 2, seen, fresh)
    shutil.rmtree(start)
    shutil.rmtree(folder)


def in_sampled_orders(lab, tally, n, seed):
    seen = set()

    def check(case):
        folder = lab.empty()
        lay(folder, case.state)
        lab.recover(folder, case.scenario, case.known)

    done = tally.each(itertools.islice(drawn(lab, seed, seen), n), check)
    return "power failed: %d different states of the disk, after up to three failures, resumed" % done
