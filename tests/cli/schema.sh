. "$TESTS/lib.sh"
small >small.yaml
fathom run -q small.yaml >/dev/null
/usr/bin/python3 - <<END 2>/dev/null || echo "python3-h5py is missing: this test cannot run"
import h5py
with h5py.File("results/small.h5", "r+") as f:
    f.attrs["schema_version"] = f.attrs["schema_version"].dtype.type(99)
END
before=$(cksum <results/small.h5)
code fathom run small.yaml seed=5
code fathom show results/small.h5
code fathom check results/small.h5
code fathom plot results/small.h5
[ "$before" = "$(cksum <results/small.h5)" ] && echo "the file is as it was"
