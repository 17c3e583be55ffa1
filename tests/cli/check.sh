. "$TESTS/lib.sh"
small >small.yaml
cat >>small.yaml <<END
claims:
  - say: zero weights give the first layer no gradient
    measure: grad_norm
    at: { layer: first, step: 0 }
    where: { init: zeros }
    reduce: max
    expect: "== 0"
  - say: no run diverges
    measure: diverged
    reduce: count
    expect: "== 0"
END
fathom run -q small.yaml >/dev/null
code fathom check results/small.h5
echo "--- one that fails"
cat >>small.yaml <<END
  - say: every run reaches a loss of zero
    measure: final_train_loss
    reduce: max
    expect: "<= 0"
END
fathom run -q small.yaml >/dev/null
code fathom check results/small.h5 | sed 's/0\.[0-9]*/0.N/g; s/  */ /g'
echo "--- the results are still the same"
fathom run -q -o again small.yaml >/dev/null
code fathom diff results/small.h5 again/small.h5
