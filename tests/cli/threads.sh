. "$TESTS/lib.sh"
small >small.yaml
for threads in 1 2 3 8; do
	fathom run -q -j $threads -o j$threads small.yaml >/dev/null
done
for threads in 2 3 8; do
	code fathom diff j1/small.h5 j$threads/small.h5
done
echo "--- a difference is seen"
fathom run -q -o other small.yaml lr=0.1,0.2 seed=0 depth=1 init=zeros
code fathom diff j1/small.h5 other/small.h5
