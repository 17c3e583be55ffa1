. "$TESTS/lib.sh"
small >small.yaml
fathom gradcheck >table
echo "exit code $?"
grep -c ' ok$' table >/dev/null && tail -1 table | sed 's/[0-9][0-9]*/N/g; s/ N networks wrong/ N wrong/'
grep -v ' ok$' table | grep -v '^activation' | grep -c WRONG
fathom gradcheck small.yaml depth=3 activation=gelu precision=float64 | cut -c 1-40
echo "--- the check, checked: programs with a slip (losses and errors left out)"
fathom gradcheck --mutants >table
echo "exit code $?"
sed 's/^\([a-z-]*\) *[0-9.e+-]*  \(yes\|NO \|   \) *[0-9.e+-]* *\(never\|[123]\) *[0-9.e+-]*/\1  \2  \3/' table
code fathom gradcheck --mutants small.yaml
