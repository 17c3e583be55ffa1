. "$TESTS/lib.sh"
# What each kind of figure says in words, for a dozen figures of one study and the maps of two searches.
cat >words.yaml <<END
title: Words of figures
data:  { set: circles, train: 40, test: 20, noise: 0.1 }
model: { depth: [1, 2, 3], width: [4, 8], init: [xavier-normal, zeros], activation: [tanh, relu] }
train: { loss: bce, lr: [0.1, 1, 3000], batch: 10, steps: 40, target: 0.65 }
log:   { every: 10, metrics: [train_loss, test_accuracy, grad_norm, delta_rms] }
figures:
  - { kind: gradient-by-layer, name: a, by: init, panel: [depth, activation], where: {lr: 1, width: 4}, step: last }
  - { kind: gradient-by-layer, name: b, by: init, panel: [depth], where: {lr: 1, width: 4, activation: tanh, init: zeros}, step: 10 }
  - { kind: gradient-over-time, name: c, measure: delta_rms, panel: [init, depth], where: {lr: 0.1, width: 4, activation: tanh} }
  - { kind: gradient-over-time, name: d, panel: [depth], where: {lr: 3000, width: 4, activation: relu, init: xavier-normal} }
  - { kind: convergence, name: e, by: lr, panel: [depth], where: {init: xavier-normal, width: 4, activation: tanh} }
  - { kind: convergence, name: f, measure: test_accuracy, by: init, where: {depth: 2, width: 4, activation: tanh}, best: lr }
  - { kind: trainability, name: g, panel: init, where: {width: 4, activation: tanh} }
  - { kind: trainability, name: h, measure: final_train_loss, panel: [init, activation], where: {width: 8} }
  - { kind: steps-to-target, name: i, where: {width: 4, activation: tanh, lr: 1} }
  - { kind: metric-against-key, name: j, against: width, measure: grad_norm, layer: 1, step: last, over: {layer: last}, by: init, where: {lr: 1, activation: tanh}, panel: depth }
  - { kind: metric-against-key, name: k, against: lr, measure: train_loss, step: last, over: {measure: test_accuracy}, by: depth, where: {init: xavier-normal, activation: tanh, width: 4} }
  - { kind: metric-against-key, name: l, against: depth, measure: final_test_accuracy, by: init, where: {width: 4, activation: tanh}, best: lr }
END
sought()
{
	cat <<END
title: What is sought
data:  { set: circles, train: 20, test: 10 }
model: { depth: [1, 2, 3, 4], width: 3, init: [xavier-normal, he-normal] }
train: { loss: bce, lr: {log: [0.1, 10000, 17]}, batch: full, steps: 20 }
log:   { metrics: [train_loss] }
END
}
{ sought; cat <<END; } >frontier.yaml
search: { frontier: lr, measure: final_train_loss, is: "<= 0.69" }
claims:
  - { say: it falls, measure: frontier, slope: depth, at: {}, expect: "< 0" }
  - { say: above it, measure: frontier_above, over: {measure: frontier}, reduce: max, expect: "< 3" }
figures:
  - { kind: frontier, by: init }
  - { kind: frontier, name: other, against: depth, by: activation, panel: [init], caption: One panel each }
END
{ sought; echo "search: { boundary: [depth, lr], full: true, measure: final_train_loss, is: \"<= 0.69\" }"; echo "figures: [{ kind: boundary, panel: [init] }]"; } >full.yaml
{ sought; echo "search: { boundary: [depth, lr], coarse: 3, measure: final_train_loss, is: \"<= 0.69\" }"; echo "figures: [{ kind: boundary, panel: [init] }]"; } >part.yaml
for name in words frontier full part; do
	fathom run -q $name.yaml
	echo "exit code $?"
	code fathom report results/$name.h5 --format text -o $name.txt
	sed -n '/^Figures/,/^Settings/p; /^Claims/,/^Figures/p' $name.txt
done
