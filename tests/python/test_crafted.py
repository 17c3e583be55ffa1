#!/usr/bin/env python3
"""test_crafted.py PROGRAM [CASES [SEED]]: result files and segments that somebody made to harm, under a checksum that is right: whoever crafts
a file can seal it. A real result, one thing of it changed, sealed again; every command that reads results must then say one clear
error with exit code 2, or be harmlessly right: no crash, no 10 s, no 2 GB, nothing for the terminal to obey. Without CASES a sample
of the changes that `make test` has time for; CASES more of them, drawn anew, is what docs/RELIABILITY.md counts."""
import ctypes
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

try:
    import h5py
    import numpy
    xxh = ctypes.CDLL("libxxhash.so.0")
except (ImportError, OSError) as missing:
    print("not installed: %s" % missing)
    sys.exit(77)
xxh.XXH3_64bits.restype = ctypes.c_uint64
xxh.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]

STUDY = """title: Crafted
data:  { set: circles, train: 40, test: 20, noise: 0.1 }
model: { depth: [1, 2], width: [8, [5, 6]], init: [xavier-normal, zeros] }
train: { loss: bce, lr: [0.1, 0.2], batch: 10, steps: 60 }
seed:  { range: 2 }
log:   { every: 1, metrics: [train_loss, test_accuracy, grad_norm, delta_rms], weights: [initial, final] }
skip:  [ { depth: 1, width: [[5, 6]] } ]
claims:
  - { say: it learns, measure: final_train_loss, reduce: median, expect: "< 1e9" }
figures:
  - { kind: convergence, by: init, panel: [depth, width], where: { lr: 0.1 } }
"""
SECONDS, BYTES, SEAL = 10, 2 << 30, 32
TEXT = h5py.string_dtype("utf-8")


def seal(data):
    """The file with its checksum behind it, and the name that a segment of these bytes has."""
    number = "%016x" % xxh.XXH3_64bits(data, len(data))
    return data + b"\nfathom xxh3-64 " + number.encode(), number + ".h5"


# ---- what may be wrong with a file: (name, change(file, rng)); change works on an open h5py.File -----------------------

def arrays(file):
    names = []
    file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
    return sorted(names)


def any_array(file, rng):
    return rng.choice(arrays(file))


def important(file, rng):
    wanted = [n for n in ("run", "step", "layer", "run_hash", "status", "layers", "recorded", "logged", "activation", "width", "classes",
                          "depth", "seed", "final_train_loss", "train_loss", "grad_norm", "delta_rms", "weights/0/final/W1",
                          "weights/1/initial/b1") if n in file]
    return rng.choice(wanted)


def replace(file, name, **how):
    """Another array under this name, with the old one's attributes, but those that need its shape."""
    old = file[name]
    kept = {key: value for key, value in old.attrs.items() if key not in ("DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME")}
    del file[name]
    made = file.create_dataset(name, **how)
    for key, value in kept.items():
        try:
            made.attrs[key] = value
        except (TypeError, ValueError, OSError):
            pass


def missing(file, rng):
    del file[(important if rng.random() < 0.7 else any_array)(file, rng)]


def another_rank(file, rng):
    name = important(file, rng)
    values = file[name][()]
    shape = rng.choice([(), (1,), values.shape + (1,), values.shape + (2, 2), (1,) * 20, values.shape[::-1], (values.size,), (0,)])
    replace(file, name, shape=shape, dtype=values.dtype)


def another_length(file, rng):
    name = important(file, rng)
    shape = list(file[name].shape)
    shape[rng.randrange(len(shape))] = rng.choice([0, 1, 2, 3, 1000, 70000])
    replace(file, name, shape=shape, dtype=file[name].dtype)


def huge_length(file, rng):
    """Claimed, with nothing behind it."""
    name = important(file, rng)
    shape = list(file[name].shape)
    shape[rng.randrange(len(shape))] = rng.choice([2**28, 2**31 - 1, 2**31, 2**32, 2**40, 2**58])
    replace(file, name, shape=tuple(shape), dtype=file[name].dtype, chunks=tuple(min(n, 4) for n in shape))


def huge_everywhere(file, rng):
    """Millions of runs, in all arrays alike."""
    n = rng.choice([3 * 10**6, 3 * 10**8, 2**31, 2**40])
    axis = rng.choice([0, 0, 1, 2])
    length = file[("run", "step", "layer")[axis]].shape[0]
    for name in arrays(file):
        shape = list(file[name].shape)
        at = axis if name.count("/") == 0 and len(shape) > axis else None
        if name == ("run", "step", "layer")[axis]:
            at = 0
        if at is None or shape[at] != length:
            continue
        shape[at] = n
        dtype = file[name].dtype
        replace(file, name, shape=tuple(shape), dtype=dtype, chunks=tuple(min(m, 1024) for m in shape))


def another_type(file, rng):
    name = important(file, rng)
    shape = file[name].shape
    dtype = rng.choice([numpy.int16, numpy.uint8, ">f8", numpy.float16, numpy.complex128, "S5", "S1000000", TEXT, bool,
                        numpy.dtype([("a", "f8"), ("b", "i4")]), h5py.vlen_dtype(numpy.float64), h5py.ref_dtype, h5py.regionref_dtype,
                        h5py.enum_dtype({"a": 1, "b": 2}), numpy.dtype("V8"), numpy.dtype(("f8", (3,)))])
    replace(file, name, shape=shape, dtype=dtype)


def strange_numbers(file, rng):
    """Values that no program writes: codes out of their table, negative counts, indices beyond the axes."""
    name = important(file, rng)
    values = file[name][()]
    info = numpy.iinfo(values.dtype) if values.dtype.kind in "iu" else None
    odd = [info.min, info.max, 0, 1, info.max - 1] if info else [numpy.nan, numpy.inf, -numpy.inf, -1.0, 1e308, 5e-324, 2.0**63]
    for _ in range(rng.choice([1, 3, values.size])):
        if values.size:
            values.flat[rng.randrange(values.size)] = rng.choice(odd)
    file[name][...] = values


def same_numbers(file, rng):
    """Hashes that are all one, steps that are not ascending, layers that are all the last."""
    name = rng.choice(["run_hash", "step", "layers", "seed", "logged", "run", "layer"])
    values = file[name][()]
    values[...] = values.flat[rng.randrange(values.size)] if rng.random() < 0.5 else values[::-1].copy()
    file[name][...] = values


TEXTS = ["", " ", "   ", "a" * 10**6, " ".join(["a"] * 10**5), "%", "%0", "%00", "%1b[31m", "\x1b[31mred\x07", "two\nlines", "=cmd()", "\u202e", "%G1 %zz",
         "'; system('touch obeyed') #", "`touch obeyed`", "</script><script>alert(1)</script>", "\\input{/etc/passwd}", "../../x", "{}", "[1, 2",
         "x: &a [*a, *a]", "\ud7ff\uffff"]


def strange_text(file, rng):
    """An attribute of text says something else."""
    places = [(file, key) for key in file.attrs]
    for name in ("activation", "width", "classes", "depth", "grad_norm", "status", "clip", "set", "init"):
        places += [(file[name], key) for key in file[name].attrs if key in ("flag_meanings", "long_name", "units", "zero_means")]
    at, key = rng.choice(places)
    del at.attrs[key]
    at.attrs.create(key, rng.choice(TEXTS), dtype=TEXT)


def strange_attribute(file, rng):
    """An attribute of another type, or none."""
    places = [file] + [file[name] for name in ("activation", "width", "depth", "run", "step", "status", "grad_norm")]
    at = rng.choice(places)
    key = rng.choice(list(at.attrs) + ["schema_version", "spec"]) if at is file else rng.choice(list(at.attrs))
    if key in at.attrs:
        del at.attrs[key]
    value = rng.choice([None, 1.5, 7, -1, 2**63 - 1, [1, 2, 3], numpy.bytes_("fixed"), numpy.bytes_("x" * 60000), numpy.zeros(0), "S",
                        numpy.float64("nan"), file.ref, file["run"].regionref[0:2], numpy.array((1, 2.0), dtype=[("a", "i4"), ("b", "f8")]),
                        h5py.Empty("f"), ["a", "b"]])
    if value is not None:
        at.attrs[key] = value


def links(file, rng):
    """Circles, roads that lead elsewhere or nowhere."""
    name = important(file, rng)
    how = rng.randrange(8)
    if how == 0:
        file["again"] = file["/"]
        file["weights/0/again"] = file["weights"]
    elif how == 1:
        del file["weights/0"]
        file["weights/0"] = file["/"]
    elif how == 2:
        del file[name]
        file[name] = h5py.SoftLink("/" + name)
    elif how == 3:
        del file[name]
        file[name] = h5py.ExternalLink("/etc/passwd", "/x")
    elif how == 4:
        del file[name]
        file[name] = h5py.SoftLink("/run_hash")
    elif how == 5:
        del file[name]
        file[name] = file["run"]
    elif how == 6:
        del file[name]
        file.create_group(name)
    else:
        del file["weights/0/final"]
        file["weights/0/final"] = file["run"]


def deep(file, rng):
    at = file.create_group("claims" if rng.random() < 0.5 else "deep")
    for _ in range(rng.choice([5, 500])):
        at = at.create_group("a")


def many(file, rng):
    at = file.create_group("many")
    for i in range(20000):
        at["%d" % i] = file["run"]


def elsewhere(file, rng):
    """Arrays whose values lie in other files."""
    name = important(file, rng)
    n, dtype = file[name].shape, file[name].dtype
    size = int(numpy.prod(n)) * dtype.itemsize
    if rng.random() < 0.5:
        replace(file, name, shape=n, dtype=dtype, external=[("/etc/passwd", 0, size)])
    else:
        layout = h5py.VirtualLayout(shape=n, dtype=dtype)
        layout[...] = h5py.VirtualSource("/etc/passwd", "x", shape=n)
        del file[name]
        file.create_virtual_dataset(name, layout)


def packing(file, rng):
    """Other filters, other chunks, chunks that are not there, chunks that do not unpack to their size."""
    name = rng.choice(["grad_norm", "delta_rms", "train_loss", "run_hash"])
    values = file[name][()]
    how = rng.choice(["lzf", "scaleoffset", "tiny", "large", "absent", "short", "garbage", "unfiltered", "unlimited"])
    if how == "lzf":
        replace(file, name, data=values, compression="lzf")
    elif how == "scaleoffset":
        replace(file, name, data=values.astype("i8"), scaleoffset=0)
    elif how == "tiny":
        replace(file, name, data=values, chunks=(1,) * values.ndim, compression=9)
    elif how == "large":
        replace(file, name, shape=values.shape, dtype=values.dtype, maxshape=(None,) * values.ndim, chunks=(2**16,) + (2**5,) * (values.ndim - 1))
    elif how == "absent":
        replace(file, name, shape=values.shape, dtype=values.dtype, chunks=values.shape, compression=1, shuffle=True, fletcher32=True)
    elif how == "unlimited":
        replace(file, name, data=values, maxshape=(None,) * values.ndim, chunks=True)
    else:
        chunk = values.shape if how != "short" else (2048,) + values.shape[1:]
        replace(file, name, shape=values.shape, dtype=values.dtype, chunks=chunk, compression=1, maxshape=(None,) + values.shape[1:])
        import zlib
        raw = {"short": zlib.compress(b"few"), "garbage": b"\x78\x9c" + rng.randbytes(100), "unfiltered": rng.randbytes(10)}[how]
        file[name].id.write_direct_chunk((0,) * values.ndim, raw, 1 if how == "unfiltered" else 0)


def scales(file, rng):
    """Dimensions that are none."""
    name = rng.choice(["run", "step", "layer"])
    length = rng.choice([0, 1, 5, file[name].shape[0] + 1])
    replace(file, name, shape=(length,), dtype="i8")


CHANGES = [missing, another_rank, another_length, huge_length, huge_everywhere, another_type, strange_numbers, same_numbers, strange_text,
           strange_attribute, links, deep, many, elsewhere, packing, scales]


def change(data, how, rng, place):
    """The bytes of the file after this change; None: it makes no file (h5py refuses)."""
    path = os.path.join(place, "craft.h5")
    with open(path, "wb") as out:
        out.write(data)
    try:
        with h5py.File(path, "r+") as file:
            how(file, rng)
    except (ValueError, TypeError, OSError, RuntimeError, KeyError, MemoryError, OverflowError, IndexError):
        return None
    with open(path, "rb") as out:
        return out.read()


def harm(data, rng):
    """Bytes, words and lengths changed at random, where HDF5 keeps its own books."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at, source = rng.randrange(len(data) - 16), rng.randrange(len(data) - 16)
        kind = rng.randrange(4)
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at] = rng.randrange(256)
        elif kind == 2:
            data[at & ~7:(at & ~7) + 8] = rng.choice([b"\xff", b"\0"]) * 8
        else:
            data[at:at + 16] = data[source:source + 16]
    return bytes(data)


# ---- the program's turn ------------------------------------------------------------------------------------------------

class Wrong(Exception):
    pass


def limits(sanitized):
    def set_them():
        if not sanitized:
            resource.setrlimit(resource.RLIMIT_AS, (2 * BYTES, 2 * BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS * (4 if sanitized else 1),) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return set_them


def call(program, words, place, sanitized):
    with open(os.path.join(place, "said"), "w+b") as said:
        start = time.monotonic()
        child = subprocess.Popen([program] + words, cwd=place, stdin=subprocess.DEVNULL, stdout=said, stderr=said, preexec_fn=limits(sanitized))
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - start > 10 * SECONDS: # of the clock: the machine may be busy
                child.kill()
                os.wait4(child.pid, 0)
                child.returncode = -9
                raise Wrong("does not come to an end")
            time.sleep(0.002)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read()
    def wrong(what):
        raise Wrong("%s\n%s" % (what, text[-3000:].decode("utf-8", "replace")))
    if child.returncode not in (0, 1, 2):
        wrong("exit code %d" % child.returncode)
    if usage.ru_maxrss * 1024 > BYTES and not sanitized:
        wrong("%d MB" % (usage.ru_maxrss // 1024))
    if any(byte < 32 and byte not in (9, 10) or byte == 127 for byte in text):
        wrong("control characters")
    if b"Sanitizer" in text or b"runtime error" in text:
        wrong("sanitizer")
    if child.returncode == 2 and not text.strip():
        wrong("no error message")
    if os.path.exists(os.path.join(place, "obeyed")):
        wrong("a command in it was obeyed")
    return child.returncode


def commands(segment, heavy, sample):
    if segment and sample:
        return [["run", "-q", "-j1", "s.yaml"]]
    if segment:
        return [["status", "s.yaml"], ["run", "-q", "-j1", "s.yaml"], ["compact", "-p", "s.yaml"]]
    few = [["show", "results/s.h5"], ["check", "results/s.h5"], ["diff", "results/s.h5", "whole.h5"], ["doctor", "results/s.h5"],
           ["show", "--format", "json", "--by", "depth,width,init", "-m", "grad_norm,train_loss", "results/s.h5"],
           ["report", "-F", "text", "-o", "-", "results/s.h5"], ["plan", "s.yaml"]]
    if sample:
        return few[0:3]
    return few + ([["plot", "results/s.h5"], ["report", "-o", "page.html", "results/s.h5"], ["compact", "-p", "s.yaml"],
                   ["run", "-q", "-j1", "s.yaml"]] if heavy else [["run", "-q", "-j1", "s.yaml"]])


class Bench:
    def __init__(self, program, place):
        self.program, self.place = program, place
        self.sanitized = b"__asan_init" in open(program, "rb").read()
        self.codes = {}
        with open(os.path.join(place, "s.yaml"), "w") as out:
            out.write(STUDY)
        subprocess.run([program, "run", "-q", "-j1", "s.yaml"], cwd=place, check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(place, "results/s.h5"), "rb") as file:
            self.data = file.read()[:-SEAL]
        shutil.copy(os.path.join(place, "results/s.h5"), os.path.join(place, "whole.h5"))

    def attempt(self, crafted, segment, heavy, sample):
        sealed, name = seal(crafted)
        for words in commands(segment, heavy, sample):
            shutil.rmtree(os.path.join(self.place, "results"))
            os.makedirs(os.path.join(self.place, "results/s.parts"))
            path = "results/s.parts/" + name if segment else "results/s.h5"
            with open(os.path.join(self.place, path), "wb") as out:
                out.write(sealed)
            try:
                code = call(self.program, words, self.place, self.sanitized)
            except Wrong as wrong:
                raise Wrong("fathom %s: %s" % (" ".join(words), wrong))
            key = (words[0], code)
            self.codes[key] = self.codes.get(key, 0) + 1


def main():
    program = os.path.abspath(sys.argv[1])
    os.environ.setdefault("FATHOM_SCRIPTS", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts"))
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else (int(time.time()) if cases else 1)
    keep = os.environ.get("CRAFTED_KEEP")
    wrong = tried = 0
    with tempfile.TemporaryDirectory() as place:
        bench = Bench(program, place)
        plan = [(how, i) for i in range(max(1, cases // (len(CHANGES) + 4))) for how in CHANGES + [None] * 4]
        for number, (how, _) in enumerate(plan):
            rng = random.Random("%d %d" % (seed, number))
            name = how.__name__ if how else "harm"
            crafted = change(bench.data, how, rng, place) if how else harm(bench.data, rng)
            if crafted is None:
                continue
            tried += 1
            try:
                bench.attempt(crafted, rng.random() < 0.3, rng.random() < 0.2, cases == 0)
            except Wrong as what:
                wrong += 1
                print("%s (seed %d, case %d): %s" % (name, seed, number, what), flush=True)
                if keep:
                    with open(os.path.join(keep, "%s-%d-%d.h5" % (name, seed, number)), "wb") as out:
                        out.write(seal(crafted)[0])
    if cases:
        print("%d crafted files, %d wrong; exit codes: %s" % (tried, wrong, ", ".join(
            "%s %d: %d" % (*key, n) for key, n in sorted(bench.codes.items()))))
    return wrong != 0


sys.exit(main())
