. "$TESTS/lib.sh"
# Whatever is given for a file, a name, a word or the environment: one clear error and exit code 2, or it is taken for what it says.
# Nothing waits for ever, nothing is obeyed, nothing is replaced but files.
PYTHON=${PYTHON-python3}
few() # the exit code, and the first line of what is said, cut
{
	timeout 20 "$@" >said 2>&1 </dev/null
	echo "$?: $(head -1 said | cut -c1-110)"
}

echo "== study files"
small >s.yaml
mkfifo pipe.yaml
mkdir folder.yaml
ln -s /dev/zero device.yaml
ln -s circle.yaml circle.yaml
: >empty.yaml
{ printf '\357\273\277' && cat s.yaml; } >mark.yaml
sed 's/$/\r/' s.yaml >crlf.yaml
printf 't\0i\0t\0l\0e\0:\0 \0a\0\n\0' >utf16.yaml
printf 'title: a\0b\n' >zero.yaml
printf 'title: \377\376\n' >bytes.yaml
printf 'model: { depth: 1, depth: 2 }\n' >twice.yaml
printf 'model: &m { depth: 1 }\ntrain: *m\n' >alias.yaml
printf 'x: &a [1, 2]\nmodel: { <<: *a }\n' >merge.yaml
printf '!!python/object/apply:os.system ["touch obeyed"]\n' >tag.yaml
printf 'title: a\n---\ntitle: b\n' >two.yaml
head -c 100000 /dev/zero | tr '\0' '[' >deep.yaml
{ printf 'title: ' && head -c 1100000 /dev/zero | tr '\0' x; } >large.yaml
{ printf 'seed: { range: 1e18 }\n'; } >range.yaml
awk 'BEGIN { for (i = 0; i < 2000; i++) print "k" i ": 1" }' >keys.yaml
awk 'BEGIN { printf "skip: ["; for (i = 0; i < 2000; i++) printf "{depth: 1},"; print "]" }' >skips.yaml
for file in pipe folder device circle empty mark crlf utf16 zero bytes twice alias merge tag two deep large range keys skips; do
	few fathom plan $file.yaml | sed "s/^/$file /"
done

echo "== names"
mkdir named
for name in ../../x -rf CON . .. 'a b' 'a;touch obeyed' '$(touch obeyed)' '`touch obeyed`' "x'y" 'x"y' 'x|y' '~' .hidden '😀' '%s%n' \
	"$(printf 'x\033[31m')" "$(printf 'a\nb')" 12345678901234567890123456789012345678901234567890123456789012345; do
	[ "$name" = ../../x ] || cp s.yaml "named/$name.yaml"
	few fathom plan "named/$name.yaml"
done
few fathom plan -rf.yaml

echo "== words"
for word in = =1 'lr=%n%s' "$(printf 'l\033[31mr=1')" "$(printf 'lr=\2331')" "lr=$(seq -s, 1 20000)" "title=$(head -c 100000 /dev/zero | tr '\0' x)"; do
	few fathom plan s.yaml "$word"
done
few fathom plan s.yaml $(seq -f 'lr=0.%g' 1 200)
escape=$(printf '\033]0;x\007')
fathom run -q s.yaml >/dev/null
for option in "-m $escape" "-F $escape" "--by $escape" "--where $escape=1" "--layer $escape" "--step $escape" "--stat $escape" "--$escape" "-$escape"; do
	few fathom show $option results/s.h5
done
few fathom "$escape"
few fathom list "$escape"
few fathom run -j "$escape" s.yaml
few fathom run --shard "$escape" s.yaml
few fathom plot -f "$escape" results/s.h5

echo "== data"
awk 'BEGIN { for (i = 0; i < 60; i++) print i / 10 "," i % 7 "," i % 2 }' >good.csv
mkfifo pipe.csv
mkdir folder.csv
ln -s /dev/zero device.csv
: >empty.csv
{ cat good.csv && echo '=cmd|'"' /C calc'"'!A0,1,0'; } >formula.csv
{ cat good.csv && echo '"1","2",0'; } >quotes.csv
{ cat good.csv && printf '1,\0,0\n'; } >zero.csv
{ cat good.csv && echo '1e400,1,0'; } >huge.csv
{ cat good.csv && echo 'inf,nan,0'; } >inf.csv
{ cat good.csv && printf '\033[31m,1,0\n'; } >escape.csv
{ cat good.csv && printf '1\n1,2,3,4\n'; } >ragged.csv
{ sed 's/$/\r/' good.csv && cat good.csv; } >mixed.csv
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "1,"; print 0 }' >wide.csv
awk 'BEGIN { for (i = 0; i < 1000001; i++) printf "1,"; print 0 }' >wider.csv
for file in good pipe folder device empty formula quotes zero huge inf escape ragged mixed wide wider; do
	few fathom plan s.yaml set=csv path=$file.csv noise=0 | sed "s/^/$file /"
done
mkdir pipes && for part in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do mkfifo pipes/$part-ubyte; done
few fathom plan s.yaml set=idx path=pipes noise=0
few fathom plan s.yaml set=idx path=/dev noise=0

echo "== results"
mkfifo pipe.h5
mkdir folder.h5
ln -s /dev/zero device.h5
ln -s /etc/passwd link.h5
for command in show check plot report doctor 'diff results/s.h5'; do
	for file in pipe folder device link; do
		few fathom $command $file.h5 | sed "s/^/${command%% *} $file /"
	done
done

echo "== where to"
mkfifo pipe
for file in pipe named; do
	few fathom data s.yaml -o $file
	few fathom report -F md -o $file results/s.h5
	few fathom explain -F text -o $file
done
few fathom report -o '|touch obeyed' results/s.h5
few fathom report -F md -o '|touch obeyed' results/s.h5
ls '|touch obeyed'
[ -p pipe ] && [ -d named ] && echo "still there"
mkdir -p elsewhere linked/s.parts
echo precious >elsewhere/file
ln -s ../../elsewhere linked/s.parts/corrupt
ln -s ../../elsewhere/file linked/s.parts/0123456789abcdef.h5
fathom run -q -o linked s.yaml >/dev/null 2>&1
cat elsewhere/file
ln -s ../elsewhere/file linked/t.h5
cp s.yaml t.yaml
few fathom run -q -o linked t.yaml
cat elsewhere/file
rm -r elsewhere linked

echo "== drawing"
mkdir home lib
cat >home/.gnuplot <<'END'
system "touch obeyed"
END
cp home/.gnuplot lib/common.gp
cat >drawn.yaml <<'END'
title: "'; system('touch obeyed') # `touch obeyed` @x | touch obeyed"
data:  { set: circles, train: 40, test: 20 }
model: { depth: [1, 2], width: 8 }
train: { loss: bce, lr: 0.1, batch: 10, steps: 20 }
log:   { every: 10, metrics: [train_loss] }
figures:
  - { kind: convergence, by: depth, name: curve, caption: "\"; !touch obeyed\n`touch obeyed`\\" }
  - { kind: convergence, by: depth, name: "../../x" }
END
few fathom run -q drawn.yaml
sed -i '$d' drawn.yaml
few fathom run -q drawn.yaml
HOME=$PWD/home GNUPLOT_LIB=$PWD/lib GNUTERM="png; system 'touch obeyed'" GNUPLOT_DRIVER_DIR=$PWD/lib FIT_LOG='|touch obeyed' \
	SHELL="$PWD/lib/common.gp" ENV=$PWD/lib/common.gp few fathom plot -F svg,png results/drawn.h5
few fathom plot -o "it's \$(touch obeyed) \`touch obeyed\` | x" results/drawn.h5
few fathom plot -o pipe results/drawn.h5
rm -rf results/drawn && mkdir target && ln -s "$PWD/target" results/drawn
few fathom plot results/drawn.h5
ls target | grep -c .

echo "== environment"
for value in -1 999999999999 "$escape" '%n'; do
	OMP_NUM_THREADS=$value SLURM_CPUS_PER_TASK=$value COLUMNS=$value TERM=$value few fathom run -q --fresh s.yaml | cut -c1
done
FATHOM_ISA=$escape few fathom doctor | cut -c1
FATHOM_SCRIPTS=$escape few fathom plot results/drawn.h5
SOURCE_DATE_EPOCH=-99999999999999999999 few fathom run -q --fresh s.yaml | cut -c1
TZ=../../../etc/passwd LANG=$escape LC_ALL=$escape few fathom status s.yaml
TMPDIR=/nonexistent few fathom report -o page.html results/s.h5

echo "== exports"
cat >export.yaml <<'END'
data:  { set: csv, path: ["=cmd,a \"b\".csv", "-2+3.csv"], train: 40, test: 20 }
model: { depth: 1, width: 8 }
train: { loss: bce, lr: 0.1, batch: 10, steps: 20 }
log:   { every: 10, metrics: [train_loss] }
END
cp good.csv '=cmd,a "b".csv'
tac good.csv >-2+3.csv
fathom run -q export.yaml
for format in csv tsv json; do
	fathom show --by path --format $format -m final_train_loss results/export.h5 | cut -c1-40
	fathom show --by path --format $format results/export.h5 >export.$format
done
"$PYTHON" -c 'import csv, json
rows = [list(csv.reader(open("export.csv"))), list(csv.reader(open("export.tsv"), delimiter="\t"))]
print([[row[0] for row in table[1:]] for table in rows], [len(set(map(len, table))) for table in rows])
json.load(open("export.json"))'

find . -name obeyed
cat said | LC_ALL=C grep -c "$(printf '[\001-\010\013-\037\177]')"
