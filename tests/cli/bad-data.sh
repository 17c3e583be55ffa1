. "$TESTS/lib.sh"
cat >idx.yaml <<END
data:  { set: idx, path: images, train: 10, test: 10 }
model: { depth: 1, width: 4 }
train: { steps: 2 }
END
echo "--- missing"
code fathom run idx.yaml
echo "--- truncated: 20 examples are promised, 3 are there"
mkdir images
# big-endian words: 0x803 n 2 2, then n × 4 bytes; 0x801 n, then n labels
images() { printf '\000\000\010\003\000\000\000\024\000\000\000\002\000\000\000\002'; head -c $1 /dev/zero; }
labels() { printf '\000\000\010\001\000\000\000\024'; head -c $1 /dev/zero | tr '\000' '\001'; }
images 12 >images/train-images-idx3-ubyte
labels 20 >images/train-labels-idx1-ubyte
images 80 >images/t10k-images-idx3-ubyte
labels 20 >images/t10k-labels-idx1-ubyte
code fathom run idx.yaml
echo "--- truncated gzip"
rm images/*
images 80 | gzip -n | head -c 30 >images/train-images-idx3-ubyte.gz
labels 20 | gzip -n >images/train-labels-idx1-ubyte.gz
images 80 | gzip -n >images/t10k-images-idx3-ubyte.gz
labels 20 | gzip -n >images/t10k-labels-idx1-ubyte.gz
code fathom run idx.yaml
echo "--- a CSV file with a hole"
printf '1,2,0\n3,,1\n' >holes.csv
cat >csv.yaml <<END
data:  { set: csv, path: holes.csv, train: 1, test: 1 }
model: { depth: 1, width: 4 }
train: { steps: 2 }
END
code fathom run csv.yaml
echo "--- no results were written"
ls
