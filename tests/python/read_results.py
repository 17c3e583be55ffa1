#!/usr/bin/python3
"""Opens a result file as a user would, with h5py and xarray (engines netcdf4 and h5netcdf) and no options, and with h5dump and
ncdump, and checks that it is what docs/FORMAT.md says.

    read_results.py PROGRAM        trains a small study with that fathom, in a folder of its own, and reads its result
    read_results.py RESULT.h5 ...  reads these files

Exit code 0: all is well; 1: something is not; 77, after a loud line: modules are missing, nothing was tested."""

import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

try:
    import h5netcdf  # noqa: F401
    import h5py
    import netCDF4  # noqa: F401
    import numpy as np
    import xarray as xr
except ImportError as missing:
    print("!" * 100)
    print(f"!!! NOT TESTED: reading results from Python: {missing}")
    print("!!! On Debian: apt-get install python3-h5py python3-xarray python3-netcdf4 python3-h5netcdf")
    print("!" * 100)
    sys.exit(77)

STUDY = """
title: Results to be read ‒ ∂ℓ/∂W
question: Can others read them?
source: tests/python
data:  { set: circles, train: 40, test: 20, noise: 0.1 }
model: { depth: [1, 3], width: 8, activation: [tanh, relu], init: [xavier-normal, zeros] }
train: { loss: bce, lr: [0.1, 1e9], batch: 10, steps: 20, diverge_loss: 1e3 }
seed:  { range: 2 }
log:   { every: 10, metrics: all, weights: [initial, final] }
claims:
  - say: the loss is a number ≥ 0
    measure: train_loss
    at: {step: 0}
    reduce: min
    expect: ">= 0"
"""

DIMS = ("run", "step", "layer")
ROOT = ["Conventions", "title", "question", "source", "schema_version", "numerics_version", "spec", "coordinates",
        "fathom_version", "git_commit", "created", "host", "cpu", "isa", "compiler", "flags", "libraries",
        "command_line", "threads", "self_test"]
faults = []


def check(fine, what):
    if not fine:
        faults.append(what)
        print(f"FAULT: {what}")


def words(attributes):
    """flag_meanings, with what is escaped in it put back."""
    raw = attributes["flag_meanings"].split(" ")
    return ["" if w == "%" else urllib.parse.unquote(w) for w in raw]


def check_arrays(file):
    """Every array of the root group: types, dimensions, attributes, codes, padding. Returns name → dimensions."""
    size = {name: file[name].shape[0] for name in DIMS}
    dims = {}
    layers, logged = file["layers"][:], file["logged"][:].astype(bool)
    for name, array in file.items():
        if not isinstance(array, h5py.Dataset):
            continue
        attributes = dict(array.attrs)
        check("long_name" in attributes, f"{name} has no long_name")
        if name in DIMS:
            check(h5py.h5ds.is_scale(array.id), f"{name} is no dimension scale")
            dims[name] = (name,)
            continue
        check("units" in attributes or name == "failure", f"{name} has no units")
        found = []
        for d in range(array.ndim):
            check(len(array.dims[d]) == 1, f"{name}: axis {d} has {len(array.dims[d])} scales")
            found.append(array.dims[d][0].name.lstrip("/"))
        dims[name] = tuple(found)
        check(tuple(found) == DIMS[:array.ndim], f"{name} has dimensions {found}")
        check(array.shape == tuple(size[d] for d in found), f"{name} has the shape {array.shape}")
        check(h5py.check_enum_dtype(array.dtype) is None, f"{name} is an enum")
        if array.dtype == np.float64:
            check(np.isnan(array.attrs["_FillValue"]).all() and np.isnan(array.fillvalue), f"{name}: fill is not NaN")
        if "flag_values" in attributes:
            values = attributes["flag_values"]
            check(values.dtype == array.dtype, f"{name}: flag_values are of another type")
            check(len(values) == len(words(attributes)), f"{name}: flag_values and flag_meanings differ in number")
            check(np.isin(array[:], values).all(), f"{name}: a code without meaning")
        if array.chunks:
            check(array.fletcher32 and array.shuffle and array.compression == "gzip", f"{name}: filters")
        if array.dtype == np.float64 and array.ndim >= 2:
            outside = ~logged if array.ndim == 2 else \
                ~logged[:, :, None] | (np.arange(1, size["layer"] + 1)[None, None, :] > layers[:, None, None])
            check(np.isnan(array[:][outside]).all(), f"{name}: padding is not NaN")
    return dims


def check_hdf5(path):
    with h5py.File(path) as file:
        for name in ROOT:
            check(name in file.attrs, f"no root attribute {name}")
            value = file.attrs[name]
            check(isinstance(value, (str, np.int64)), f"root attribute {name} is a {type(value)}")
        check(file.attrs["Conventions"] == "CF-1.8", "Conventions")
        check(file.attrs["schema_version"] == 1, "schema_version")
        dims = check_arrays(file)
        depth, layers = file["depth"][:], file["layers"][:]
        check((layers == depth + 1).all(), "layers are not depth + 1")
        check((file["layer"][:] == np.arange(1, layers.max() + 1)).all(), "layer is not 1 … largest depth + 1")
        check((np.diff(file["step"][:]) > 0).all(), "step does not ascend")
        check(words(file["status"].attrs) == ["completed", "target", "plateau", "diverged", "failed"], "status words")
        check(len(np.unique(file["run_hash"][:])) == len(file["run"]), "run_hash is not unique")
        for name in ("init", "activation", "lr", "seed", "optimizer", "batch", "width"):
            check(dims.get(name) == ("run",), f"no setting {name}")
        bit = {word: mask for word, mask in zip(words(file["recorded"].attrs), file["recorded"].attrs["flag_masks"])}
        for name in dims:
            if name in bit and not (file["recorded"][:] & bit[name]).any():
                check(False, f"{name} is there though no run recorded it")
        for run, group in file.get("weights", {}).items():
            check_weights(f"weights/{run}", group, int(layers[int(run)]))
        claims = list(file["claims/say"]) if "claims" in file else None
        return dims, {name: file[name][...] for name in dims}, claims


def check_document(names):
    """docs/FORMAT.md tells of every array."""
    page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "FORMAT.md")
    with open(page, encoding="utf-8") as file:
        text = file.read()
    for name in names:
        check(f"`{name}`" in text, f"docs/FORMAT.md does not name `{name}`")


def check_weights(name, group, layers):
    for moment in group.values():
        if not isinstance(moment, h5py.Group):
            continue
        for l in range(1, layers + 1):
            W = moment[f"W{l}"]
            check(W.ndim == 2 and W.dims[0][0].shape[0] == W.shape[0], f"{name}: W{l}")
            check(l == 1 or W.shape[1] == moment[f"W{l - 1}"].shape[0], f"{name}: W{l} does not fit W{l - 1}")
            check(f"b{l}" not in moment or moment[f"b{l}"].shape == W.shape[:1], f"{name}: b{l}")


def check_xarray(path, dims, values):
    for engine in ("netcdf4", "h5netcdf"):
        with xr.open_dataset(path, engine=engine) as data:
            check(set(data.variables) == set(dims), f"{engine}: {set(data.variables) ^ set(dims)}")
            for name, expected in dims.items():
                check(data[name].dims == expected, f"{engine}: {name} has dimensions {data[name].dims}")
                read = data[name].values
                same = read == values[name] if read.dtype == object else \
                    np.array_equal(read, values[name], equal_nan=read.dtype.kind == "f")
                check(np.all(same), f"{engine}: {name} reads otherwise")
                check(read.dtype == values[name].dtype, f"{engine}: {name} is {read.dtype}")
            check("init" in data.train_loss.coords, f"{engine}: settings are no coordinates")
            code = words(data.init.attrs).index("xavier-normal")
            few = data.train_loss.where(data.init == code, drop=True)
            check(few.sizes["run"] == (values["init"] == code).sum(), f"{engine}: selection by a code")
            check(data.attrs["title"] != "" and isinstance(data.attrs["spec"], str), f"{engine}: texts")
    with xr.open_dataset(path) as data:
        check(data.sizes["run"] == len(values["run"]), "xarray without an engine")


def check_groups(path, claims, weights):
    for engine in ("netcdf4", "h5netcdf"):
        if claims is not None:
            with xr.open_dataset(path, engine=engine, group="claims") as data:
                check(data["pass"].dims == ("claim",) and data["say"].dims == ("claim",), f"{engine}: claims")
                check(str(data["say"].values[0]) == claims[0].decode(), f"{engine}: what is claimed")
                check(set(np.unique(data["pass"])) <= {0, 1, 2}, f"{engine}: verdicts")
        if weights:
            with xr.open_dataset(path, engine=engine, group=weights) as data:
                check(data["W1"].dims == ("n1", "n0"), f"{engine}: weights")


def check_tools(path):
    for tool in (["h5dump"], ["h5dump", "-H"], ["ncdump"], ["ncdump", "-h"]):
        if not shutil.which(tool[0]):
            print(f"!!! NOT TESTED: {tool[0]} is not installed")
            continue
        done = subprocess.run(tool + [path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        check(done.returncode == 0 and not done.stderr, f"{' '.join(tool)}: {done.stderr.decode()[:300]}")
        check(b"run_hash" in done.stdout, f"{' '.join(tool)} shows no run_hash")


def read(path):
    dims, values, claims = check_hdf5(path)
    with h5py.File(path) as file:
        runs = sorted(file.get("weights", {}))
    check_xarray(path, dims, values)
    check_groups(path, claims, f"weights/{runs[0]}/final" if runs else None)
    check_tools(path)
    check_document(dims)


def train(program):
    """A result with everything in it, and the inputs; in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        study, result = os.path.join(folder, "read.yaml"), os.path.join(folder, "results", "read.h5")
        with open(study, "w", encoding="utf-8") as out:
            out.write(STUDY)
        run = [program, "run", study, "-o", os.path.join(folder, "results")]
        for command in (run, [program, "check", result], [program, "data", study, "-o", os.path.join(folder, "in.h5")]):
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            check(done.returncode == 0, f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout.decode()}")
        if faults:
            return
        read(result)
        with h5py.File(result) as file:
            check("weights" in file and "claims" in file, "no weights, no claims")
            check((file["status"][:] == 3).any(), "no run diverged at a learning rate of 1e9")
        with h5py.File(os.path.join(folder, "in.h5")) as file:
            check(file["train/X"].shape == (40, 2) and file["train/y"].shape == (40,), "inputs of training")
            check(file["test/X"].shape == (20, 2) and abs(file["train/X"][:].mean()) < 1e-3, "inputs are not standardised")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if len(sys.argv) == 2 and not sys.argv[1].endswith(".h5"):
        train(os.path.abspath(sys.argv[1]))
    else:
        for path in sys.argv[1:]:
            read(path)
    print(f"read_results: {'all is well' if not faults else f'{len(faults)} faults'}")
    sys.exit(1 if faults else 0)


main()
