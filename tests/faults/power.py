"""power.py: the power fails. What the disk then holds is not what the program wrote: bytes of a file are there for sure only up
to its last fsync, names in a folder only up to the folder's; of all later changes any subset may have reached it, and of
unsynced bytes none, all, some, or zeros. States are built from the trace of an undisturbed call and resumed from.
"""
import os
import random
import shutil

from harness import SCENARIOS, committed


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


def choices(chance):
    """How much arrived: nothing, everything, everything but one, only one, any."""
    def torn(now, synced):
        if now == synced:
            return now
        return chance.choice([synced, now, synced + now[len(synced):][:(len(now) - len(synced)) // 2],
                              synced + b"\0" * (len(now) - len(synced))])
    yield lambda n: [False] * n, lambda now, synced: synced
    yield lambda n: [True] * n, lambda now, synced: now
    for _ in range(6):
        yield lambda n: [chance.random() < 0.5 for _ in range(n)], torn
    for _ in range(3):
        yield lambda n: [i != chance.randrange(n) for i in range(n)], torn
        yield lambda n: [i == chance.randrange(n) for i in range(n)], torn


def states(lab, scenario, seed):
    """All different ones that were drawn: (runs committed, state)."""
    chance, seen = random.Random(seed), {}
    calls = lab.disturb(scenario)[3]
    disk = Disk(lab.start[scenario.name])
    for n in range(len(calls)):
        disk.play(calls[n])
        known = committed(calls[:n + 1], scenario)
        for keep, content in choices(chance):
            state = disk.after_power_failure(keep, content)
            seen[(known, frozenset(state.items()))] = (known, state)
    return list(seen.values())


def in_sampled_orders(lab, tally, n, seed):
    cases = []
    for scenario in SCENARIOS:
        cases += [Case(scenario, *state) for state in states(lab, scenario, seed)]

    def check(case):
        folder = lab.new(case.scenario)
        shutil.rmtree(folder)
        os.mkdir(folder)
        for path in sorted(case.state):
            if case.state[path] is None:
                os.mkdir(os.path.join(folder, path))
        for path, content in case.state.items():
            if content is not None:
                with open(os.path.join(folder, path), "wb") as file:
                    file.write(content)
        lab.recover(folder, case.scenario, case.known)

    random.Random(seed).shuffle(cases)
    done = tally.each(cases[:n], check)
    return "power failed: %d of %d different states of the disk, resumed" % (done, len(cases))


class Case:
    def __init__(self, scenario, known, state):
        self.scenario, self.known, self.state = scenario, known, state

    def __repr__(self):
        return "%s, %d committed, disk: %s" % (self.scenario.name, self.known, sorted(
            (path, None if content is None else len(content)) for path, content in self.state.items()))
