. "$TESTS/lib.sh"
# What a file says may hold anything; the terminal never obeys it.
small | sed 's/^title:.*/title: "red \\e[31mtext\\a, C1 \\x9b31m"/' >escapes.yaml
fathom plan escapes.yaml >out 2>&1
echo "exit code $?"
head -1 out
fathom run -q escapes.yaml >>out 2>&1
printf 'model: { "de\\ept\033[31mh": 1 }\n' >raw.yaml
fathom plan raw.yaml >>out 2>&1
fathom plan "$(printf 'x\033]0;title\007.yaml')" >>out 2>&1
LC_ALL=C grep -c "$(printf '[\001-\010\013-\037\177]')" out
