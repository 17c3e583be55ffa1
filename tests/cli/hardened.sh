# What the linker and the compiler were told to make attacks harder is in the program.
program=$(command -v fathom)
readelf -W -h "$program" | grep -q 'Type: *DYN' && echo "position independent"
readelf -W -l "$program" | grep -q GNU_RELRO && echo "tables of the linker are read-only"
readelf -W -d "$program" | grep -q BIND_NOW && echo "bound at the start"
readelf -W -l "$program" | grep GNU_STACK | grep -q 'RW ' && echo "no code on the stack"
readelf -W -d "$program" | grep -q TEXTREL || echo "no relocations in code"
readelf -W -l "$program" | grep LOAD | grep -c 'RWE'
# a sanitised program checks more than this; one that counts (make coverage) is compiled without optimisation, which checks need
symbols=$(readelf -W --syms "$program" | grep -oE "__(asan_init|gcov_dump|stack_chk_fail|snprintf_chk|memset_chk)" | sort -u)
case $symbols in
*__asan_init* | *__gcov_dump*) echo "stack protected" && echo "sizes of buffers checked" && echo "of those known only at run time, too" ;;
*)
	case $symbols in *__stack_chk_fail*) echo "stack protected" ;; esac
	case $symbols in *__snprintf_chk*) echo "sizes of buffers checked" ;; esac
	case $symbols in *__memset_chk*) echo "of those known only at run time, too" ;; esac
	;;
esac
# a frame of more than a page touches each of its pages as it grows
objdump -d --no-show-raw-insn "$program" | grep -qE '(orq|movq) +\$0x0,\(%rsp\)' && echo "no jump over the stack's guard page"
