. "$TESTS/lib.sh"
# What a file says may hold anything; the terminal never obeys it.
small | sed -e 's/^title:.*/title: "red \\e[31mtext\\a, C1 \\x9b31m, turned \\u202e"/' \
	-e 's/^question:.*/question: "<script>alert(1)<\/script> `touch obeyed` $(touch obeyed) \\e]0;title\\a"/' >escapes.yaml
cat >>escapes.yaml <<'END'
claims:
  - { say: "\e[2Jsays <b>, `touch obeyed`", measure: final_train_loss, reduce: median, expect: "< 1e9" }
figures:
  - { kind: convergence, by: init, panel: [depth], caption: "'; system('touch obeyed') # `touch obeyed` $(touch obeyed) @m {/Symbol a} </desc><script>\e[31m" }
END
fathom plan escapes.yaml >out 2>&1
echo "exit code $?"
head -1 out
fathom run -q escapes.yaml >>out 2>&1
fathom status escapes.yaml >>out 2>&1
for command in check 'show --format csv' 'show --format json' 'plot --format svg,png,pdf' 'report -o page.html' 'doctor'; do
	fathom $command results/escapes.h5 >>out 2>&1 || echo "$command: exit code $?"
done
printf 'model: { "de\\ept\033[31mh": 1 }\n' >raw.yaml
fathom plan raw.yaml >>out 2>&1
fathom plan "$(printf 'x\033]0;title\007.yaml')" >>out 2>&1
fathom show "$(printf 'x\2332J\377.h5')" >>out 2>&1
fathom plan escapes.yaml "$(printf 'path=\2332J')" >>out 2>&1
LC_ALL=C grep -c "$(printf '[\001-\010\013-\037\177]')" out
iconv -f UTF-8 -t UTF-8 out >/dev/null && echo "all of it is UTF-8"
# Nothing was obeyed, wherever it went.
find . -name obeyed
grep -c '<script' page.html
grep -l 'touch obeyed' results/escapes/*.svg | sed 's/.*-narrow.*/narrow/; s/.*svg/wide/' | sort | uniq -c
grep -c '</desc><script' results/escapes/*.svg
# A link where a segment, or the result, is written or read leads nowhere else.
mkdir other && echo precious >other/file
mkdir -p linked/escapes.parts && ln -s ../../other/file linked/escapes.parts/0123456789abcdef.h5
fathom run -q -o linked escapes.yaml 2>&1 | tail -1
cat other/file
