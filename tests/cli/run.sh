. "$TESTS/lib.sh"
small >small.yaml
echo "--- the first time"
code fathom run -j 2 small.yaml
ls results
echo "--- a second time"
code fathom run small.yaml
echo "--- one more value of an axis trains only the new runs"
code fathom run small.yaml depth=1,2,3
echo "--- back again: nothing is trained, what is not named is kept"
code fathom run small.yaml
code fathom status small.yaml
echo "--- and found when it returns"
code fathom run small.yaml depth=1,2,3
echo "--- all again, with what was there moved away"
cp results/small.h5 first.h5
code fathom run --fresh -q small.yaml depth=1,2,3
ls results/small.before/* | sed 's/[0-9TZ]*-[0-9]*:/TIME:/'
code fathom diff first.h5 results/small.h5
echo "--- another folder"
code fathom run -q -o elsewhere/deep small.yaml
ls elsewhere/deep
