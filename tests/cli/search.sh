. "$TESTS/lib.sh"
# One linear layer without bias and the mean square error: gradient descent is stable up to 2 / the largest eigenvalue of the
# Hessian, 2/N X'X. All examples are (2, 1) or its opposite: the eigenvalue is 2 (4 + 1) = 10, the learning rate 0.2.
cat >linear.csv <<END
2,1,1
-2,-1,3
2,1,0.5
-2,-1,2
2,1,1
END
cat >oracle.yaml <<END
data:  { set: csv, path: linear.csv, train: 4, test: 1, standardize: none }
model: { depth: 0, bias: false, init: [xavier-normal, he-normal] }
train: { loss: mse, batch: full, steps: 20000, precision: float64, lr: {factor: [0.01, 10, 1.01]}, diverge_loss: 1e9 }
seed:  { range: 2 }
log:   { metrics: [train_loss] }
search: { frontier: lr }
claims:
  - {say: not less than 1 percent below 2 over the largest eigenvalue, measure: frontier, reduce: min, expect: "in [0.198, 0.2]"}
  - {say: nor above it, measure: frontier_above, reduce: max, expect: "in [0.2, 0.202]"}
END
code fathom run -q oracle.yaml
fathom show results/oracle.h5
code fathom check results/oracle.h5
echo "--- killed and continued, in shards: the same runs"
cat >small.yaml <<END
data:  { set: circles, train: 40, test: 20, noise: 0.1 }
model: { depth: [1, 2, 3], width: 8 }
train: { loss: bce, lr: {factor: [0.01, 1000, 1.1]}, batch: full, steps: 2000, diverge_loss: 20 }
seed:  { range: 3 }
log:   { metrics: [train_loss] }
search: { frontier: lr, measure: final_train_loss, is: "<= 0.6" }
END
code fathom plan small.yaml | sed -n '/^search/,/^new/p'
fathom run -q -o whole small.yaml | tail -2
for i in 1 2 3; do
	start_run -q --commit-every 0 -j 2 small.yaml
	wait_for_commit
	kill -9 $pid
	wait $pid
done 2>/dev/null
fathom status small.yaml | awk 'NR == 2 && $2 ~ /[+]$/ && $4 ~ /[+]$/ { print "more is to come" }'
fathom run -q small.yaml | tail -2
code fathom diff whole/small.h5 results/small.h5
for i in 1 2 3; do
	fathom run -q -o shards small.yaml --shard $i/3 >/dev/null
done
code fathom diff whole/small.h5 shards/small.h5
echo "--- what it has found is what the whole grid says"
fathom run -q -o grid oracle.yaml lr=factor:0.05:1:1.01 'search={frontier: lr, full: true}'
fathom run -q -o part oracle.yaml lr=factor:0.05:1:1.01
for folder in grid part; do
	fathom show $folder/oracle.h5 --by init,seed -m frontier,frontier_above -F tsv | cut -f 1,2,5,9 >$folder.found
done
cmp grid.found part.found && cat part.found
echo "--- a map: what is told from the whole grid is what the search trained, and what it missed is counted right"
cat >map.yaml <<END
data:  { set: gaussians, classes: [0, 1, 2, 3], train: 64, test: 8, features: 8, noise: 0.5 }
model: { depth: {range: [1, 13]}, width: 12, activation: tanh, init: orthogonal }
train: { loss: cross-entropy, lr: {log: [0.5, 500, 61]}, batch: full, steps: 40 }
log:   { metrics: [train_loss] }
search: { boundary: [depth, lr], measure: final_train_loss, is: "<= 1.3" }
figures: [{kind: boundary}]
END
fathom run -q -o part map.yaml | tail -2
fathom run -q -o grid map.yaml 'search={boundary: [depth, lr], measure: final_train_loss, is: "<= 1.3", full: true}'
fathom show part/map.h5 --by depth,lr -m final_train_loss -F tsv | cut -f 1,2,5 >part.trained
fathom show grid/map.h5 --by depth,lr -m searched,final_train_loss -F tsv | awk -F '\t' 'NR == 1 || $5 == 1' | cut -f 1,2,8 >grid.searched
cmp part.trained grid.searched && echo "the same $(($(wc -l <part.trained) - 1)) runs"
for folder in part grid; do
	fathom plot $folder/map.h5 -F svg >/dev/null
done
# each point of both maps, from the stretches that the figure's table is made of; the search's of either result
points()
{
	awk -F '\t' -v half=$2 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
		NR > 1 && $c["grid"] == half { for (j = $c["from"]; j <= $c["to"]; j++) print $c["row"], j, $c["stable"] }' $1/map/boundary.tsv
}
points part 0 >part.map
points grid 0 >grid.map
points grid 1 >grid.whole
cmp part.map grid.map && wc -l <grid.map
fathom show grid/map.h5 --by depth,lr -m final_train_loss -F tsv | awk -F '\t' 'NR > 1 { print ($5 <= 1.3) }' >whole.stable
cut -d ' ' -f 3 grid.whole | cmp - whole.stable && echo "the whole grid is drawn as it is"
missed=$(paste -d ' ' grid.map grid.whole | awk '$3 != $6' | wc -l)
told=$(fathom show grid/map.h5 --by depth,lr -m mistaken -F tsv | awk -F '\t' '$5 == 1' | wc -l)
[ $missed = $told ] && echo "mistaken in $told"
echo "--- slips"
sed 's/^search:.*/search: { frontiers: rl, coarse: 1, is: "< 1" }/' small.yaml >slip.yaml
code fathom plan slip.yaml
sed 's/^search:.*/search: { frontier: l, measure: train_loss, is: "< 1" }/' small.yaml >slip.yaml
code fathom plan slip.yaml
sed 's/^search:.*/search: { frontier: width }/' small.yaml >slip.yaml
code fathom plan slip.yaml
sed 's/^search:.*/search: { boundary: [depth, seed] }\nskip: [{depth: 2}]/' small.yaml >slip.yaml
code fathom plan slip.yaml
sed 's/^search:.*/search: { boundary: [depth, lr] }\nskip: [{depth: 2}]/' small.yaml >slip.yaml
code fathom plan slip.yaml
code fathom plan small.yaml lr=3,2,1
sed 's/^search:.*/claims: [{say: it, measure: frontier, expect: "> 0"}]/' small.yaml >slip.yaml
code fathom plan slip.yaml
sed 's/^figures:.*/claims: [{say: it, measure: mistaken, expect: "< 0.1"}]/' map.yaml >slip.yaml
code fathom plan slip.yaml
code fathom plan map.yaml 'search={frontier: lr}'
