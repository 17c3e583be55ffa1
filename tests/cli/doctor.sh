. "$TESTS/lib.sh"
fathom doctor >out
echo "exit code $?"
awk '{ print $1, $2 }' out
echo "--- whole result files, and one that is not"
small >small.yaml
fathom run -q small.yaml
code fathom doctor results/small.h5
cp results/small.h5 flipped.h5
printf 'x' | dd of=flipped.h5 bs=1 seek=5000 conv=notrunc 2>/dev/null
size=$(wc -c <results/small.h5)
head -c $((size - 32)) results/small.h5 >unsealed.h5
head -c $((size / 2)) results/small.h5 >cut.h5
code fathom doctor results/small.h5 flipped.h5 unsealed.h5 cut.h5 none.h5
echo "--- nowhere to write"
: >file
fathom doctor -o file/results >/dev/null
echo "exit code $?"
