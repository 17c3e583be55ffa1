. "$TESTS/lib.sh"
fathom doctor >out
echo "exit code $?"
awk '{ print $1, $2 }' out
: >file
fathom doctor -o file/results >/dev/null
echo "exit code $?"
