. "$TESTS/lib.sh"
small >small.yaml
code fathom data small.yaml -o inputs.h5
code fathom data small.yaml
code fathom data small.yaml data_seed=0,1 -o two.h5
code fathom data small.yaml -o missing/folder/inputs.h5
ls
