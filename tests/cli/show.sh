. "$TESTS/lib.sh"
small >small.yaml
fathom run -q small.yaml >/dev/null
code fathom show results/small.h5 --by init --where init=zeros --metric steps_done --stat mean
code fathom show results/small.h5 --by depth,init --metric steps_done --format csv
code fathom show results/small.h5 --by depth --where depth=2 --where seed=0 --metric grad_norm --layer last --step 0 --format json | sed 's/\(\.[0-9][0-9][0-9]\)[0-9]*/\1/g'
echo "--- what is not there"
code fathom show results/small.h5 --where init=he-normal
code fathom show results/small.h5 --where int=zeros
code fathom show results/small.h5 --metric dead
code fathom show results/small.h5 --step 7 --metric train_loss
code fathom show results/small.h5 --by dept
