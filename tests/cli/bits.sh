. "$TESTS/lib.sh"
# Threads x instruction sets, and instruction sets x shards with a resumed one: the same bits as one thread of the best.
small >small.yaml
fathom run -q -j 1 -o whole small.yaml >/dev/null
same=0
compare()
{
	fathom diff whole/small.h5 $1/small.h5 >/dev/null && same=$((same + 1)) || echo "$1 differs"
}
for isa in avx512 avx2 generic; do
	export FATHOM_ISA=$isa
	for threads in 1 2 3 7 8 16; do
		fathom run -q -j $threads -o $isa-$threads small.yaml >/dev/null
		compare $isa-$threads
	done
	for shard in 3 1 2; do
		fathom run -q -j 2 -o $isa-shards --shard $shard/3 small.yaml >/dev/null
	done
	compare $isa-shards
	fathom run -q -o $isa-grown small.yaml seed=1 >/dev/null
	fathom run -q -o $isa-grown small.yaml >/dev/null
	compare $isa-grown
done
echo "$same of 24 give the same bits"
