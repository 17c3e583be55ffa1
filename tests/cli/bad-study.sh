. "$TESTS/lib.sh"
code fathom run missing.yaml
cat >bad.yaml <<END
title: Everything wrong at once
data:  { set: circels }
model: { dept: [1, 2], activation: rleu, width: 0 }
train: { loss: bce, lr: fast, batch: 10 }
END
code fathom run bad.yaml
code fathom plan bad.yaml
echo "--- impossible combinations"
cat >bce.yaml <<END
data:  { set: fashion-mnist }
train: { loss: bce }
END
code fathom run bce.yaml
cat >regression.yaml <<END
data:  { set: teacher }
train: { loss: cross-entropy }
END
code fathom run regression.yaml
echo "--- not YAML"
printf 'model: { depth: [1, 2\n' >torn.yaml
code fathom run torn.yaml
echo "--- overrides"
small >small.yaml
code fathom run small.yaml dpeth=3
code fathom run small.yaml depth=many
code fathom run small.yaml depth
echo "--- a name that is no name"
small >'na me.yaml'
code fathom run 'na me.yaml'
echo "--- nothing was written"
ls
