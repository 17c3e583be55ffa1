# fathom: `make help` lists what there is to make.
VERSION := 0.1.0
ifeq ($(origin CC),default)
CC      := gcc
endif
BUILD   ?= build
prefix  ?= /usr/local
PYTHON  ?= /usr/bin/python3

# ---- the house: rooms and what each may include, downwards only (scripts/check-includes holds the code to it) -------
ROOMS        := base doc math data net optim trace spec probe theory train lecture search store sched report cli
NEEDS_base   :=
NEEDS_doc    := base
NEEDS_math   := base
NEEDS_data   := base
NEEDS_net    := base math
NEEDS_optim  := base math
NEEDS_trace  := base
NEEDS_spec   := base math data net optim trace
NEEDS_probe  := base math net trace
NEEDS_theory := base math
NEEDS_train  := base math data net optim trace spec probe
NEEDS_lecture := base doc math data net optim trace spec probe train
NEEDS_search := base math data net optim trace spec
NEEDS_store  := base math data net optim trace spec
NEEDS_sched  := base math data net optim trace spec probe train
NEEDS_report := base doc math data net optim trace spec theory search store
NEEDS_cli    := base doc math data net optim trace spec probe theory train lecture search store sched report

# ---- flags: numbers are the same for gcc and clang, for every x86-64-v3 processor: no contraction, no fast-math ------
PACKAGES := hdf5 libfyaml libxxhash zlib
PKG_FLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
MACHINE  := $(shell $(CC) -dumpmachine 2>/dev/null)
V3       := $(if $(filter x86_64%,$(MACHINE)),-march=x86-64-v3)
V4       := $(if $(filter x86_64%,$(MACHINE)),-march=x86-64-v4 -mprefer-vector-width=512)
SANITIZE ?=
COUNT    ?=
ANALYZE  ?=
WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -Wno-unused-parameter
NUMBERS  := -ffp-contract=off -fno-math-errno
# what they cost, and why -fcf-protection is not there: docs/RELIABILITY.md
HARDEN   := $(if $(SANITIZE),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3) -fstack-protector-strong -fstack-clash-protection -fPIE
CFLAGS   ?= -O2 -g
# sanitised kernels: what keeps their compilation to seconds; the generic build's undefined behaviour is its avx2 twin's
FAST     := $(if $(SANITIZE),-fno-var-tracking,$(if $(COUNT)$(ANALYZE),,-O3))
PLAIN    := $(if $(SANITIZE),-fno-sanitize=undefined)
FLAGS     = -std=gnu17 -D_GNU_SOURCE -DH5_USE_110_API -Isrc -MMD -MP -ffile-prefix-map=$(CURDIR)=. $(WARN) $(NUMBERS) $(HARDEN) \
            $(PKG_FLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer) \
            $(if $(COUNT),--coverage -fprofile-update=atomic) $(if $(ANALYZE),-Werror -fanalyzer) $(CFLAGS)
LDFLAGS  += -pie -Wl,-z,relro,-z,now $(if $(SANITIZE),-fsanitize=$(SANITIZE)) $(if $(COUNT),--coverage)
LIBS     := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lhdf5_hl -lsleef -lm -fopenmp
LIBRARIES = $(foreach p,$(PACKAGES),$p $(shell pkg-config --modversion $p 2>/dev/null))
COMMIT   := $(shell git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)

# `make V=1` shows the commands
say = $(if $(V),,@echo '  $@'; )

# ---- objects: *_real.c once per precision, *_kernel.c once per precision and instruction set ---------------------------
plain    = $(filter-out %_real.c %_kernel.c,$(wildcard src/$1/*.c))
objects  = $(patsubst src/%.c,$(BUILD)/%.o,$(call plain,$1)) \
           $(foreach b,32 64,$(patsubst src/%.c,$(BUILD)/%_f$b.o,$(wildcard src/$1/*_real.c)) \
           $(foreach i,generic avx2 avx512,$(patsubst src/%.c,$(BUILD)/%_f$b_$i.o,$(wildcard src/$1/*_kernel.c))))
rooms    = $1 $(NEEDS_$1)
archives = $(foreach r,$(call rooms,$1),$(if $(wildcard src/$r/*.c),$(BUILD)/lib$r.a))
counter  = $(if $(COUNT),$(BUILD)/tests/count.o)
link     = $(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS)

.PHONY: all
all: $(BUILD)/fathom
$(BUILD)/fathom: $(BUILD)/cli/main.o $(counter) $(call archives,cli)
	$(say)$(link)

$(BUILD)/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(V3) -c -o $@ $<
$(BUILD)/sched/%.o: FLAGS += -fopenmp
$(BUILD)/cli/main.o: V3 :=
$(BUILD)/cli/version.o: $(BUILD)/commit
$(BUILD)/cli/version.o: FLAGS += -DVERSION='"$(VERSION)"' -DCOMMIT='"$(COMMIT)"' -DCFLAGS_USED='"$(CFLAGS) $(NUMBERS) $(V3)"' -DPREFIX='"$(prefix)"' -DLIBRARIES='"$(LIBRARIES)"'
define real_rule
$(BUILD)/%_real_f$1.o: src/%_real.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(say)$$(CC) $$(FLAGS) $$(V3) $$(FAST) -DREAL_BITS=$1 -c -o $$@ $$<
$(BUILD)/%_kernel_f$1_generic.o: src/%_kernel.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(say)$$(CC) $$(FLAGS) $$(V3) $$(FAST) $$(PLAIN) -DREAL_BITS=$1 -DISA_GENERIC -c -o $$@ $$<
$(BUILD)/%_kernel_f$1_avx2.o: src/%_kernel.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(say)$$(CC) $$(FLAGS) $$(V3) $$(FAST) -DREAL_BITS=$1 -DISA_AVX2 -c -o $$@ $$<
$(BUILD)/%_kernel_f$1_avx512.o: src/%_kernel.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(say)$$(CC) $$(FLAGS) $$(V4) $$(FAST) -DREAL_BITS=$1 -DISA_AVX512 -c -o $$@ $$<
endef
$(foreach b,32 64,$(eval $(call real_rule,$b)))

define room_rule
$(BUILD)/lib$1.a: $(filter-out $(BUILD)/cli/main.o,$(call objects,$1))
	@rm -f $$@
	$$(say)ar rcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room_rule,$r)))

# A stamp changes when what it holds does, and only then.
stamp = @mkdir -p $(@D); echo '$1' | cmp -s - $@ || echo '$1' > $@
$(BUILD)/flags: FORCE
	@pkg-config --exists $(PACKAGES) || { echo 'libraries are missing: scripts/bootstrap installs or names them' >&2; exit 1; }
	$(call stamp,$(CC) $(FLAGS) $(LDFLAGS))
$(BUILD)/commit: FORCE
	$(call stamp,$(COMMIT) $(VERSION) $(prefix))
.PHONY: FORCE
FORCE:

# ---- tests: tests/ROOM/test_*.c are linked with that room and those below it; test_*_real.c once per precision ------------
unit    := $(foreach r,$(ROOMS),$(patsubst tests/%.c,$(BUILD)/tests/%,$(filter-out %_real.c,$(wildcard tests/$r/test_*.c))) \
           $(foreach b,32 64,$(patsubst tests/%.c,$(BUILD)/tests/%_f$b,$(wildcard tests/$r/test_*_real.c))))
define test_rule
$(BUILD)/tests/$1/%.o: tests/$1/%.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(say)$$(CC) $$(FLAGS) $$(V3) -Itests -c -o $$@ $$<
$(BUILD)/tests/$1/%_f32.o: tests/$1/%.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(say)$$(CC) $$(FLAGS) $$(V3) -Itests -DREAL_BITS=32 -c -o $$@ $$<
$(BUILD)/tests/$1/%_f64.o: tests/$1/%.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(say)$$(CC) $$(FLAGS) $$(V3) -Itests -DREAL_BITS=64 -c -o $$@ $$<
$(BUILD)/tests/$1/%: $(BUILD)/tests/$1/%.o $(counter) $(call archives,$1)
	$$(say)$$(link) -lcmocka
endef
$(foreach r,$(ROOMS),$(eval $(call test_rule,$r)))
$(BUILD)/tests/count.o: tests/count.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) -c -o $@ $<
# arbitrary bytes for every parser (tests/fuzz/fuzz.h): driven by libFuzzer, or by the files that it found
fuzz_objects := $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(filter-out %/libfuzzer.c %/test_corpus.c,$(wildcard tests/fuzz/*.c)))
unit         += $(BUILD)/tests/fuzz/test_corpus
$(BUILD)/tests/fuzz/%.o: tests/fuzz/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) $(V3) -Itests -c -o $@ $<
$(BUILD)/tests/fuzz/test_corpus: $(BUILD)/tests/fuzz/test_corpus.o $(fuzz_objects) $(counter) $(call archives,cli)
	$(say)$(link) -lcmocka
$(BUILD)/fuzzer: $(BUILD)/tests/fuzz/libfuzzer.o $(fuzz_objects) $(call archives,cli)
	$(say)$(link) -fsanitize=fuzzer
# in test_*harm.c the calls of our own code come first to tests/harm.h, which makes them fail
harms = $(BUILD)/tests/harms
$(filter %_harm,$(unit)): LDFLAGS += @$(harms)
$(filter %_harm,$(unit)): $(harms)
$(harms): tests/harm.h tests/store/harm_hdf5.h
	@mkdir -p $(@D)
	@sed -nE -e '/^(MEMORY|WRAP|HDF5)[(]/s/^[A-Z0-9]+[(][^,]*, (\w+),.*/-Wl,--wrap=\1/p' \
		-e '/^(CALL|AROUND|MOVES|CLOSE)[(]/s/^[A-Z]+[(](\w+).*/-Wl,--wrap=\1/p' \
		-e 's/.* __wrap_(_Exit|fork|open|close|clock_now)[(].*;/-Wl,--wrap=\1/p' $^ | sort -u > $@
$(BUILD)/tests/store/test_chunks: LDFLAGS += -Wl,--wrap=pthread_create,--wrap=deflateInit_
.SECONDARY:
.PHONY: unit
unit: $(unit)
	@for t in $(unit); do $$t || exit 1; done

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/tests/*/*.d)

# ---- what to make: `make help` prints the lines that begin with #: ---------------------------------------------------------
MAKE_MORE = +@$(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$$(nproc))
STUDIES  ?= $(wildcard experiments/*.yaml)
LECTURE  ?= $(wildcard experiments/lecture/*.yaml)

#: make                  the program, build/fathom
#: make experiments      installs what is missing, builds, trains the studies of experiments/, checks their claims, draws their figures,
#:                       makes the lecture, and reports on all in one page, results/report.html; STUDIES='FILE...': on these alone
.PHONY: experiments figures report
experiments:
	@scripts/bootstrap
	$(MAKE_MORE) all
	@code=0; scripts/run-experiments $(BUILD)/fathom $(STUDIES) || code=$$?; [ $$code -lt 128 ] || exit $$code; \
	$(if $(filter file,$(origin STUDIES)),echo; $(MAKE) --no-print-directory lecture || code=1; $(MAKE) --no-print-directory report || code=1;) exit $$code
#: make lecture          trains the studies of experiments/lecture/ into results/lecture/, and a verdict on each of the lecture's 29 claims
.PHONY: lecture
lecture:
	@scripts/bootstrap
	$(MAKE_MORE) all
	@code=0; RESULTS=results/lecture scripts/run-experiments --quiet $(BUILD)/fathom $(LECTURE) || code=$$?; \
	[ $$code -lt 128 ] || exit $$code; echo; $(BUILD)/fathom lecture $(LECTURE:experiments/%.yaml=results/%.h5) && exit $$code
#: make figures          draws the figures again from results/
figures: all
	@scripts/run-experiments --figures $(BUILD)/fathom $(STUDIES)
#: make report           writes that page again, from all results that there are
report: all
	@scripts/run-experiments --report $(BUILD)/fathom

#: make test             installs what is missing, then all tests: unit, command line, Python readers, a browser, gradients
.PHONY: test test-here cli-tests asan lint bench
test:
	@scripts/bootstrap --test
	$(MAKE_MORE) test-here
test-here: all $(unit)
	@PYTHON=$(PYTHON) scripts/run-tests $(BUILD)/fathom $(unit)
test-here: $(if $(SANITIZE),,$(BUILD)/tests/shim.so)
$(BUILD)/tests/shim.so: tests/faults/shim.c tests/faults/server.c tests/faults/server.h $(BUILD)/flags
	@mkdir -p $(@D)
	$(say)$(CC) $(FLAGS) -fPIC -shared -o $@ $(filter %.c,$^)
cli-tests: all
	@scripts/run-cli-tests $(BUILD)/fathom
#: make asan             the same tests under the address and undefined-behaviour sanitisers
asan:
	$(MAKE_MORE) BUILD=$(BUILD)/asan SANITIZE=address,undefined CFLAGS='-O1 -g' test-here
#: make tsan             data races: the scheduler, groups, commits and interrupts under clang's thread sanitiser, with Archer for OpenMP
.PHONY: tsan tsan-here
TSAN_TESTS = $(filter $(addprefix $(BUILD)/tests/,sched/% store/test_chunks train/test_group% train/test_train),$(unit))
tsan:
	@scripts/bootstrap --tsan
	$(MAKE_MORE) BUILD=$(BUILD)/tsan CC=clang-14 SANITIZE=thread CFLAGS='-O1 -g' tsan-here
tsan-here: all $(TSAN_TESTS)
	@scripts/run-tsan $(BUILD)/fathom $(TSAN_TESTS)
#: make valgrind         the program's commands on small studies, and some unit tests, under valgrind's memcheck: no error, no lost block
.PHONY: valgrind
MEMCHECKED = $(filter-out %_harm,$(filter $(addprefix $(BUILD)/tests/,base/test_file base/test_table doc/% fuzz/test_corpus spec/% data/test_csv \
             data/test_idx net/test_mlp% net/test_loss% optim/% probe/test_probe% search/% trace/% train/test_loop% train/test_train),$(unit)))
valgrind: all $(MEMCHECKED)
	@scripts/bootstrap --valgrind
	@scripts/run-valgrind $(BUILD)/fathom $(MEMCHECKED)
#: make coverage         which branches and lines of src/ the tests take; fails below the bar of docs/RELIABILITY.md (some minutes)
.PHONY: coverage coverage-here
coverage:
	@scripts/bootstrap --test
	$(MAKE_MORE) BUILD=$(BUILD)/coverage COUNT=1 CFLAGS='-O0 -g' coverage-here
coverage-here: all $(unit) $(BUILD)/tests/shim.so
	@find $(BUILD) -name '*.gcda' -delete
	@HARM_ALL=1 PYTHON=$(PYTHON) scripts/run-counted $(BUILD)/fathom $(unit); code=$$?; $(PYTHON) scripts/coverage $(BUILD) && exit $$code
#: make mutants SECONDS=N   faults put into the store one at a time, N seconds (default 1800): which of them its tests do not notice;
#:                       ROOM=spec: into another room
.PHONY: mutants
mutants: ROOM = store
mutants: $(unit)
	@nice -n 19 scripts/mutate --seconds $(if $(SECONDS),$(SECONDS),1800) $(BUILD) $(ROOM)
#: make analyze          gcc's path analyser over src/; its weak spots, and what looks there instead, stand above its rule
# Each report was read; what is off here is what gcc 12 cannot follow. A block put into a member of an array's element is forgotten at
# the next store beside it, and NO_MEMORY() counts as a way to lose one: LeakSanitizer (make asan) and valgrind look for leaks there.
# Vectors have the width of their number of lanes, and an array of them counts as unset after its loop: valgrind and -Wall look there.
.PHONY: analyze analyze-here
analyze:
	$(MAKE_MORE) BUILD=$(BUILD)/analyze CC=gcc ANALYZE=1 CFLAGS='-O1 -g' -k analyze-here && echo "analyze: nothing found"
analyze-here: $(filter-out %_f64.o %_avx2.o %_avx512.o %_f64_generic.o,$(foreach r,$(ROOMS),$(call objects,$r)))
ifneq ($(ANALYZE),)
$(patsubst %,$(BUILD)/%.o,store/columns store/folder data/csv_source report/items): FLAGS += -Wno-analyzer-malloc-leak
%_kernel_f32_generic.o: FLAGS += -Wno-analyzer-shift-count-overflow -Wno-analyzer-use-of-uninitialized-value
endif
#: make lint             format, static analysis, and the house rules: who may include whom, how long files and functions are
lint:
	@scripts/bootstrap --lint
	@scripts/lint '$(FLAGS)'
#: make torture SECONDS=N   kills, faults, power failures and crowds for N seconds (default 600): what docs/RELIABILITY.md counts
.PHONY: torture
torture: SECONDS = 600
torture: all $(BUILD)/tests/shim.so
	@$(PYTHON) tests/faults/run $(BUILD)/fathom $(BUILD)/tests/shim.so $(SECONDS)
#: make fuzz SECONDS=N   arbitrary bytes for every parser, N seconds (default 60) and both sanitisers each; what is found stays in build/
.PHONY: fuzz
fuzz: FUZZ_SECONDS = $(if $(SECONDS),$(SECONDS),60)
fuzz: all
	@scripts/bootstrap --fuzz
	$(MAKE_MORE) BUILD=$(BUILD)/fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined CFLAGS='-O1 -g' $(BUILD)/fuzz/fuzzer
	@scripts/run-fuzz $(BUILD)/fuzz/fuzzer $(BUILD)/fathom $(FUZZ_SECONDS) $(TARGETS)
#: make soak RUNS=N      so many tiny runs (default a million), in one go and ended again and again: memory flat, the same bits
#: make interrupts N=N   how long `fathom run` takes to end when it is interrupted, at N random moments (default 200) of every phase
#: make bits             the same bits from builds of two compilers (OTHER_CC, default clang-14), threads, orders, shards, interruptions
.PHONY: soak interrupts bits
soak: RUNS = 1000000
soak: all
	@$(PYTHON) tests/faults/soak $(BUILD)/fathom $(RUNS)
interrupts: N = 200
interrupts: all $(BUILD)/tests/shim.so
	@$(PYTHON) tests/faults/interrupts $(BUILD)/fathom $(BUILD)/tests/shim.so $(N)
OTHER_CC = clang-14
bits: all $(BUILD)/tests/shim.so
	@scripts/bootstrap --test --fuzz
	$(MAKE_MORE) BUILD=$(BUILD)/other CC=$(OTHER_CC) all
	@$(PYTHON) tests/faults/bits $(BUILD)/tests/shim.so tests/golden/bits.yaml $(BUILD)/fathom $(BUILD)/other/fathom
#: make emulated         for machines without AVX-512: the tests of the numbers on one that has it, in Debian's emulator Bochs (1½ hours)
.PHONY: emulated
EMULATED_TESTS = $(filter $(addprefix $(BUILD)/tests/,math/% net/% optim/% train/%),$(unit))
emulated: all $(EMULATED_TESTS)
	@scripts/bootstrap --emulate
	@EMULATED=$(BUILD)/emulated scripts/run-emulated $(BUILD)/fathom $(EMULATED_TESTS)
#: make bench            times the workloads of bench/ on this machine and what bounds them, into bench/RESULTS.md, within 12 minutes;
#:                       scripts/bootstrap --bench installs what it compares with: PyTorch, OpenBLAS, oneDNN, libxsmm
bench: all
	@scripts/run-bench $(BUILD)/fathom

#: make install          into $(DESTDIR)$(prefix) (default /usr/local); make uninstall takes it away again
.PHONY: install uninstall clean help
SHARE = $(DESTDIR)$(prefix)/share
install: all
	install -d $(DESTDIR)$(prefix)/bin $(SHARE)/fathom/scripts $(SHARE)/fathom/experiments/lecture $(SHARE)/doc/fathom/figures
	install $(BUILD)/fathom $(DESTDIR)$(prefix)/bin/
	install -m 644 $(wildcard scripts/*.gp scripts/*.pal scripts/*.sed) $(SHARE)/fathom/scripts/
	install -m 644 $(wildcard experiments/*.yaml) $(SHARE)/fathom/experiments/
	install -m 644 $(wildcard experiments/lecture/*.yaml) $(SHARE)/fathom/experiments/lecture/
	install -m 644 $(wildcard README.md LICENSE CHANGELOG.md CITATION.cff docs/*.md) $(SHARE)/doc/fathom/
	install -m 644 $(wildcard docs/figures/*.svg) $(SHARE)/doc/fathom/figures/
uninstall:
	rm -f $(DESTDIR)$(prefix)/bin/fathom
	rm -rf $(SHARE)/fathom $(SHARE)/doc/fathom
#: make format           clang-format over all sources
.PHONY: format
format:
	clang-format -i $$(find src tests bench -name '*.[ch]')
#: make clean            removes build/; results/ stay
clean:
	rm -rf $(BUILD)
help:
	@sed -n 's/^#: //p' Makefile
	@echo "Settings: BUILD=$(BUILD) CC=$(CC) prefix=$(prefix) PYTHON=$(PYTHON) SANITIZE= V=1 (shows the commands)"
