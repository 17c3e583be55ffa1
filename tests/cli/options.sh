. "$TESTS/lib.sh"
# What each command takes beside what the other tests give it, and what it refuses.
small >small.yaml
fathom run -q small.yaml >/dev/null
echo "--- the program itself"
fathom --version | sed 's/[0-9].*/N/' | head -1
fathom -h | head -1
code fathom qqqqqqqq
code fathom help --list
code fathom help qqqqqqqq
code fathom help plot extra | head -1
echo "--- show"
code fathom show results/small.h5 results/small.h5
code fathom show results/small.h5 --layer 0
code fathom show results/small.h5 --step=-3
code fathom show results/small.h5 --by depth --layer first --step last -m grad_norm --stat geomean --format tsv | cut -c 1-30
code fathom show results/small.h5 --format xml
echo "--- plan: several grids, zipped keys, one run, a search before and behind it"
cat small.yaml - >grids.yaml <<END
zip: [[depth, width]]
also:
  - { init: sparse, sparsity: 0.5 }
  - { seed: 7, init: zeros }
END
code fathom plan grids.yaml width=8,9 | sed '/estimated/d'
code fathom plan grids.yaml width=8,9 --list | tail -3
fathom plan small.yaml --seconds -j 3 | grep -c .
cat >search.yaml <<END
title: A search
data:  { set: circles, train: 20, test: 10 }
model: { depth: [1, 2], width: 3 }
train: { loss: bce, lr: {log: [0.1, 10000, 17]}, batch: full, steps: 20 }
search: { frontier: lr, measure: final_train_loss, is: "<= 0.69" }
END
code fathom plan search.yaml | sed '/estimated/d'
code fathom run search.yaml 2>&1 | grep -v ' left, '
code fathom plan search.yaml | sed '/estimated/d'
code fathom status search.yaml small.yaml
code fathom run -q search.yaml
code fathom compact search.yaml
echo "--- run"
code fathom run small.yaml --shard=1/x
code fathom run small.yaml --shard=1
code fathom run small.yaml --commit-every=-1
code fathom run small.yaml --threads=x
code fathom run -q --fresh small.yaml
ls results/small.before | wc -l
echo "--- data that are targets"
code fathom data small.yaml set=teacher noise=0 loss=mse metrics=train_loss -o targets.h5
echo "--- diff, list, doctor, gradcheck, bench"
code fathom diff results/small.h5 results/search.h5 results/small.h5
code fathom diff results/small.h5 results/none.h5
code fathom list losses optimizers
code fathom gradcheck --all small.yaml init=zeros | cut -c 1-40
code fathom gradcheck --seconds=x small.yaml
code fathom bench step step
code fathom bench step --width=x
fathom bench step --classes 0 --input 4 --width 4 --depth 1 --batch 4 --optimizer adam --lr 0.01 --log 1 --no-bias --seconds 0.02 | grep -c .
fathom bench step --classes 3 --input 4 --width 4 --depth 1 --batch 4 --activation selu --seconds 0.02 | grep -c .
echo "--- explain: too deep, other data"
code fathom explain depth=5000 width=1
fathom explain set=circles depth=1 width=2 | sed -n 4,5p
echo "--- report: to the terminal, by name, to a path with folders"
code fathom report results/small.h5 -o - | head -1
mkdir -p deep/er
code fathom report results/small.h5 -o deep/er/page.html
code fathom report results/small.h5 -o ./deep/../page.html
code fathom report results/small.h5 results/search.h5 --title "Both" -o both.md
code fathom report results/small.h5 -o deep
