. "$TESTS/lib.sh"
# A study whose figure and claims could never work is refused before anything is trained.
small >study.yaml
cat >>study.yaml <<END
figures:
  - {kind: convergence}
  - {kind: steps-to-target}
claims:
  - {say: momentum helps, measure: final_train_loss, where: {depth: 3}, expect: "< 1"}
  - {say: it learns, measure: train_accuracy, at: {step: 15}, expect: "> 0.5"}
END
code fathom plan study.yaml
code fathom run study.yaml
echo "--- nothing was written"
ls
echo "--- with overrides it is a note"
small >fine.yaml
cat >>fine.yaml <<END
figures:
  - {kind: convergence, panel: depth}
claims:
  - {say: depth 2 learns, measure: final_train_loss, where: {depth: 2}, expect: "< 10"}
END
code fathom plan --seconds fine.yaml >/dev/null
code fathom run -q fine.yaml depth=1
