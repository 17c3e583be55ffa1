. "$TESTS/lib.sh"
code fathom list
code fathom list losses
code fathom list losses --format markdown
code fathom list --format names statuses
code fathom list lossses
echo "--- every table that is listed can be shown"
for table in $(fathom list --format names); do
	for format in table markdown names; do
		fathom list "$table" --format $format >out || echo "$table in $format: exit code $?"
		[ -s out ] || echo "$table in $format: nothing"
	done
done
fathom list manual | grep -c 'depth' >count && [ "$(cat count)" -gt 3 ] && echo "the manual speaks of depth"
