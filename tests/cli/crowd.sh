. "$TESTS/lib.sh"
small >small.yaml
fathom run -q -o alone small.yaml >/dev/null
echo "--- six processes begin and finish the same short study at once, twenty times over"
good=0 same=0
for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	pids=
	for process in 1 2 3 4 5 6; do
		fathom run -q -j 1 --commit-every 0 -o crowd$round small.yaml >/dev/null &
		pids="$pids $!"
	done
	for pid in $pids; do
		wait "$pid" && good=$((good + 1))
	done
	fathom diff alone/small.h5 crowd$round/small.h5 >/dev/null && same=$((same + 1))
done
echo "$good of 120 ended well, $same of 20 results are the same"
