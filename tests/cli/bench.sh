. "$TESTS/lib.sh"
fathom bench step --width 8 --depth 2 --batch 8 --input 4 --classes 3 --activation relu --loss cross-entropy --precision float64 --threads 2 --seconds 0.05 >out.json
echo "exit code $?"
/usr/bin/python3 - <<END
import json
b = json.load(open("out.json"))
assert b["steps_per_s"] > 0 and b["threads"] == 2
# 6 B (4·8 + 8·8 + 8·3) - 2 B 4·8
print(b["flop_per_step"], abs(b["gflop_per_s"] / (b["flop_per_step"] * b["steps_per_s"] * 1e-9) - 1) < 1e-4)
END
code fathom bench
code fathom bench flops
code fathom bench step --loss bce --classes 10 --input 10 --seconds 0.05
