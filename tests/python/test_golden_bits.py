#!/usr/bin/env python3
"""test_golden_bits.py PROGRAM: the numbers of tests/golden/bits.yaml are those in bits.hash (numerics version, hash), with every
instruction set and some numbers of threads. They change only with NUMERICS_VERSION in src/spec/settings.h; then
    tests/python/test_golden_bits.py --refresh PROGRAM
writes the new line, which tells the version too."""
import hashlib
import os
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy
except ImportError:
    print("h5py is not installed")
    sys.exit(77)

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")
LEFT_OUT = {"wall_time"}  # the time is no result


def digest(path):
    """All arrays of numbers in the order of their names, NaN as one NaN; settings and dimensions are among them."""
    whole = hashlib.sha256()
    with h5py.File(path, "r") as file:
        names = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        for name in sorted(set(names) - LEFT_OUT):
            array = file[name][()]
            if array.dtype.kind == "f":
                array = numpy.where(numpy.isnan(array), numpy.array(numpy.nan, array.dtype), array)
            if array.dtype.kind in "fiu" and file[name].attrs.get("flag_meanings") is None:
                whole.update(("%s %s %s\n" % (name, array.shape, array.dtype.str)).encode() + array.tobytes())
        return "%d %s" % (file.attrs["numerics_version"], whole.hexdigest())


def main():
    program = os.path.abspath(sys.argv[-1])
    golden = os.path.join(GOLDEN, "bits.hash")
    results, wrong = {}, 0
    with tempfile.TemporaryDirectory() as place:
        for isa, threads in (("avx512", 2), ("avx2", 1), ("avx2", 7), ("generic", 3)):
            folder = os.path.join(place, "%s-%d" % (isa, threads))
            subprocess.run([program, "run", "-q", "-j", str(threads), "-o", folder, os.path.join(GOLDEN, "bits.yaml")],
                           env=dict(os.environ, FATHOM_ISA=isa), check=True, stdout=subprocess.DEVNULL)
            results[isa, threads] = digest(folder + "/bits.h5")
    if sys.argv[1] == "--refresh":
        with open(golden, "w") as file:
            file.write(results["avx2", 1] + "\n")
    with open(golden) as file:
        expected = file.read().strip()
    for case, found in results.items():
        if found != expected:
            print("%s, %d threads: %s\n    instead of %s" % (*case, found, expected))
            wrong += 1
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main())
