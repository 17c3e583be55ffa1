. "$TESTS/lib.sh"
# Nothing in the program, or in a library that it loads, may switch the processor to flushing small numbers to zero.
small >small.yaml
program=$(readlink -f "$(command -v fathom)")
echo "--- in the program: $(nm "$program" | grep -c 'set_fast_math\|crtfastmath') objects of -ffast-math"
echo "--- with all its libraries loaded"
fathom doctor | grep -c 'self-test.*0b627b2db67d072e'
echo "--- with one more, which was linked with -ffast-math"
echo 'int nothing;' >fast.c
gcc -shared -fPIC -ffast-math -o fast.so fast.c
nm fast.so | grep -c set_fast_math
ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$PWD/fast.so code fathom run -q small.yaml
ls
