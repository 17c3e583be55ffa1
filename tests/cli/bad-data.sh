. "$TESTS/lib.sh"
cat >idx.yaml <<END
data:  { set: idx, path: images, train: 10, test: 10 }
model: { depth: 1, width: 4 }
train: { batch: full, steps: 2 }
END
echo "--- missing"
code fathom run idx.yaml
echo "--- truncated: 20 examples are promised, 3 are there"
mkdir images
# big-endian words: 0x803 20 2 2, then 80 bytes; 0x801 20, then 20 labels
images() { printf '\000\000\010\003\000\000\000\024\000\000\000\002\000\000\000\002'; head -c $1 /dev/zero; }
labels() { printf '\000\000\010\001\000\000\000\024'; for i in 0 1 2 3 4 5 6 7 8 9; do printf '\000\001'; done; }
images 12 >images/train-images-idx3-ubyte
labels >images/train-labels-idx1-ubyte
images 80 >images/t10k-images-idx3-ubyte
labels >images/t10k-labels-idx1-ubyte
code fathom run idx.yaml
echo "--- truncated gzip"
rm images/*
images 80 | gzip -n | head -c 30 >images/train-images-idx3-ubyte.gz
labels | gzip -n >images/train-labels-idx1-ubyte.gz
images 80 | gzip -n >images/t10k-images-idx3-ubyte.gz
labels | gzip -n >images/t10k-labels-idx1-ubyte.gz
code fathom run idx.yaml
echo "--- a CSV file with a hole"
printf '1,2,0\n3,,1\n' >holes.csv
cat >csv.yaml <<END
data:  { set: csv, path: holes.csv, train: 1, test: 1 }
model: { depth: 1, width: 4 }
train: { batch: full, steps: 2 }
END
code fathom run csv.yaml
echo "--- no results were written"
ls
