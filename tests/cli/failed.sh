. "$TESTS/lib.sh"
# Runs that cannot be trained (no machine has that much memory): told, with the reason, in the exit code and in the table.
small >small.yaml
code fathom run -q small.yaml width=8,1000000 depth=2 seed=0 init=zeros 2>&1 | sed 's/needs .*/needs .../'
code fathom show results/small.h5 --metric steps_done
code fathom show results/small.h5 --metric steps_done --format csv
code fathom show results/small.h5 --metric steps_done --format json
echo "--- again: nothing to train, still not good"
code fathom run -q small.yaml width=8,1000000 depth=2 seed=0 init=zeros
echo "--- without them"
code fathom run -q small.yaml width=8 depth=2 seed=0 init=zeros
echo "--- claims on nothing but failed runs are counted apart"
cat >>small.yaml <<END
claims:
  - say: what failed has no loss
    measure: final_train_loss
    reduce: max
    expect: "> 0"
END
fathom run -q -o all small.yaml width=1000000 depth=2 seed=0 init=zeros >/dev/null 2>&1
code fathom check all/small.h5 | sed 's/  */ /g'
