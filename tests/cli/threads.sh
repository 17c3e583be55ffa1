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
echo "--- how many, when it is not said: those that this process may use, and no more than a job or OpenMP allow"
unset SLURM_CPUS_PER_TASK OMP_NUM_THREADS
threads() # of `fathom plan`, where a new study is estimated
{
	"$@" fathom plan -o none small.yaml | sed -n 's/^estimated time: .* on \([0-9]*\)$/\1/p'
}
[ "$(threads env)" = "$(nproc)" ] && echo all
[ "$(threads taskset -c "$(taskset -pc $$ | sed 's/.*: *\([0-9]*\).*/\1/')")" = 1 ] && echo one by affinity
[ "$(threads env SLURM_CPUS_PER_TASK=1)" = 1 ] && echo one by SLURM
[ "$(threads env OMP_NUM_THREADS=1,4)" = 1 ] && echo one by OpenMP
[ "$(threads env SLURM_CPUS_PER_TASK=4096 OMP_NUM_THREADS=4096)" = "$(nproc)" ] && echo no more than there are
