. "$TESTS/lib.sh"
fathom doctor >out
echo "exit code $?"
cut -c 1-22 out | sed 's/ *$//'
: >file
fathom doctor -o file/results >/dev/null
echo "exit code $?"
