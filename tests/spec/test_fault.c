/* test_fault.c: everything that a study is refused for: message, place, source line, caret. And hostile files. */
#include "study_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "spec/yaml.h"

static const struct refusal unknown_keys[] = {
	{"model: { widht: 64 }", "widht", 5, "unknown key 'widht': did you mean 'width'?"},
	{"model: { lr: 0.1 }", "lr", 2, "'lr' belongs in section 'train'"},
	{"model: { seed: 1 }", "seed", 4, "'seed' belongs at the top of the file"},
	{"model: { title: a }", "title", 5, "'title' belongs at the top of the file"},
	{"model: { momentm: 1 }", "momentm", 7, "unknown key 'momentm': did you mean 'momentum', in section 'train'?"},
	{"depth: 3", "depth", 5, "'depth' belongs in section 'model'"},
	{"modle: { depth: 3 }", "modle", 5, "unknown key 'modle': did you mean 'model'?"},
	{"log: { qqqqq: 3 }", "qqqqq", 5,
	 "unknown key 'qqqqq': valid here: every, points, every_epoch, eval, metrics, weights"},
	{"also: [{ dpeth: 3 }]", "dpeth", 5, "unknown key 'dpeth': did you mean 'depth'?"},
	{"also: [{ claims: [] }]", "claims", 6, "'claims' belongs at the top of the file"},
	{"skip: [{ dpeth: 3 }]", "dpeth", 5, "unknown key 'dpeth': did you mean 'depth'?"},
	{"zip: [[dpeth, lr]]", "dpeth", 5, "unknown key 'dpeth': did you mean 'depth'?"},
	{"model: { ünit: 64 }", "ünit", 4, "unknown key 'ünit': did you mean 'init'?"},
	{"model: { depth: 1, 3 }", "3", 1, "unknown key '3': a list of values needs [ ]"},
	{"skip: [{depth: 1, 3}]", "3", 1, "'3' has no value: a list of values needs [ ]"},
	{"train: { batch_size: 3 }", "batch_size", 10, "unknown key 'batch_size': did you mean 'batch'?"},
	{"train: { learning_rate: 3 }", "learning_rate", 13, "unknown key 'learning_rate': did you mean 'lr'?"},
	{"model: { hidden_units: 3 }", "hidden_units", 12,
	 "unknown key 'hidden_units': valid here: depth, width, activation, init, bias, gain, init_scale, init_value, "
	 "init_std, sparsity, bias_std"},
	{"? depth", "depth", 5, "'depth' belongs in section 'model'"},
	{"also: [{? dppp}]", "dppp", 4, "unknown key 'dppp': a list of values needs [ ]"},
	{"? dppp", "dppp", 4,
	 "unknown key 'dppp': valid here: title, question, source, data, model, train, seed, log, zip, skip, also, "
	 "search, claims, figures"},
	{"train: { LR: 3 }", "LR", 2, "unknown key 'LR': did you mean 'lr'?"},
	{"<<: {depth: 3}", "<<", 2,
	 "unknown key '<<': valid here: title, question, source, data, model, train, seed, log, zip, skip, also, "
	 "search, "
	 "claims, figures"},
};

static const struct refusal unknown_names[] = {
	{"model: { init: xavier-norml }", "xavier-norml", 12,
	 "unknown init 'xavier-norml': did you mean 'xavier-normal'?"},
	{"model: { activation: [tanh, rleu] }", "rleu", 4, "unknown activation 'rleu': did you mean 'relu'?"},
	{"model: { activation: ReLU }", "ReLU", 4, "unknown activation 'ReLU': did you mean 'relu'?"},
	{"model: { activation: LEAKY_RELU }", "LEAKY_RELU", 10,
	 "unknown activation 'LEAKY_RELU': did you mean 'leaky-relu'?"},
	{"model: { activation: s_wish }", "s_wish", 6,
	 "unknown activation 's_wish': valid: identity, sigmoid, tanh, lecun-tanh, softsign, hardtanh, erf, relu, "
	 "leaky-relu, "
	 "elu, selu, gelu, silu, softplus, abs, sin"},
	{"model: { activation: Swish }", "Swish", 5, "unknown activation 'Swish': did you mean 'silu'?"},
	{"model: { init: kaiming_normal }", "kaiming_normal", 14,
	 "unknown init 'kaiming_normal': did you mean 'he-normal'?"},
	{"model: { init: Glorot-Uniform }", "Glorot-Uniform", 14,
	 "unknown init 'Glorot-Uniform': did you mean 'xavier-uniform'?"},
	{"train: { optimizer: NAG }", "NAG", 3, "unknown optimizer 'NAG': did you mean 'nesterov'?"},
	{"train: { optimizer: nagging }", "nagging", 7,
	 "unknown optimizer 'nagging': valid: sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw, sign-sgd"},
	{"train: { optimizer: SGD }", "SGD", 3, "unknown optimizer 'SGD': did you mean 'sgd'?"},
	{"train: { schedule: qqqq }", "qqqq", 4, "unknown schedule 'qqqq': valid: constant, step, exponential, cosine"},
	{"log: { metrics: [train_los] }", "train_los", 9, "unknown metric 'train_los': did you mean 'train_loss'?"},
	{"log: { weights: both }", "both", 4, "unknown set of weights 'both': valid: initial, final"},
	{"train: { momentum: {rnge: 4} }", "rnge", 4, "unknown generator 'rnge': did you mean 'range'?"},
};

static const struct refusal values_of_the_wrong_kind[] = {
	{"model: { depth: x }", "x", 1, "'depth' is a whole number from 0 to 10000, not 'x'"},
	{"model: { depth: 2.5 }", "2.5", 3, "'depth' is a whole number from 0 to 10000, not '2.5'"},
	{"model: { depth: -1 }", "-1", 2, "'depth' is a whole number from 0 to 10000, not '-1'"},
	{"model: { depth: 0x10 }", "0x10", 4, "'depth' is a whole number from 0 to 10000, not '0x10'"},
	{"model: { depth: [1, [2]] }", "[2", 1, "one value of 'depth' belongs here, not a list"},
	{"model: { depth: [1, {range: 2}] }", "{range", 1, "one value of 'depth' belongs here, not a map"},
	{"model: { depth: ~ }", "~", 1, "'depth' has no value"},
	{"model: { depth: [] }", "[", 1, "an empty list of 'depth' leaves no run"},
	{"model: { bias: yes }", "yes", 3, "'bias' is true or false, not 'yes'"},
	{"model: { width: [[]] }", "[]", 1, "an empty list of widths"},
	{"model: { width: [[8, 0]] }", "0]", 1, "'width' is a whole number from 1 to 1000000, not '0'"},
	{"train: { lr: nan }", "nan", 3, "'lr' is a number from 0 to 1000000000, not 'nan'"},
	{"train: { lr: inf }", "inf", 3, "'lr' is a number from 0 to 1000000000, not 'inf'"},
	{"train: { lr: \"1e-2,1\" }", "\"1e", 8,
	 "'lr' is a number from 0 to 1000000000, not '1e-2,1': a list of values needs [ ]"},
	{"train: { batch: fulll }", "fulll", 5,
	 "'batch' is a whole number from 0 to 1000000000 or 'full', not 'fulll'"},
	{"train: { diverge_loss: -3 }", "-3", 2, "'diverge_loss' is a number of at least 0 or 'none', not '-3'"},
	{"data: { classes: [0, x] }", "x", 1, "'classes' is a number from 0 to 1000000, not 'x'"},
	{"data: { classes: [[0], 1] }", "1", 1, "'classes' is a list: its values are lists"},
	{"data: { classes: {range: 3} }", "{range", 1, "'classes' has no numbers to generate: give a value or a list"},
	{"data: 3", "3", 1, "'data' is a section: data: { key: value, … }"},
	{"title: [a]", "[", 1, "'title' is one text"},
	{"title: ~", "~", 1, "'title' is one text"},
	{"seed: {range: 1, log: 2}", "{range", 1,
	 "one of {range: …}, {linear: …}, {log: …}, {pow2: …}, {factor: …} belongs here"},
};

#define NO_POW2 "the ends are whole exponents of 2: {pow2: [4, 9]} is 16, 32, … 512"
#define NO_FACTOR "from a number above 0 to a larger one, by a factor of at least 1.0001: {factor: [0.01, 10, 1.05]}"

static const struct refusal generators_out_of_range[] = {
	{"train: { lr: {log: [1, 2]} }", "[", 1,
	 "2 arguments do not fit {log: [a, b, n]}: n values from a to b, evenly spaced on a logarithmic scale"},
	{"train: { lr: {log: [0, 1, 5]} }", "[", 1, "a logarithmic scale has numbers above 0 only"},
	{"train: { lr: {linear: [1, 2, 1]} }", "[", 1, "both ends are at least 2 values"},
	{"train: { lr: {linear: [1, a, 3]} }", "a, 3", 1,
	 "'linear' takes numbers: {linear: [a, b, n]}: n values from a to b, evenly spaced"},
	{"train: { lr: {linear: [1, 2, 2.5]} }", "[", 1, "not a whole number of values"},
	{"seed: {range: 0}", "0", 1, "no values"},
	{"seed: {range: [0, 5, 0]}", "[", 1, "no values: the step leads away from the end"},
	{"seed: {range: [5, 0]}", "[", 1, "no values: the step leads away from the end"},
	{"seed: {range: [1, 2, 3, 4]}", "[", 1,
	 "4 arguments do not fit {range: n}: 0 … n − 1; {range: [a, b]} or [a, b, step]: a, a + step, … before b"},
	{"train: { lr: {log: [1, 0, 5]} }", "[", 1, "a logarithmic scale has numbers above 0 only"},
	{"train: { lr: {log: [1, [2], 5]} }", "[2]", 1,
	 "'log' takes numbers: {log: [a, b, n]}: n values from a to b, evenly spaced on a logarithmic scale"},
	{"train: { lr: {log: [1, inf, 5]} }", "inf", 3,
	 "'log' takes numbers: {log: [a, b, n]}: n values from a to b, evenly spaced on a logarithmic scale"},
	{"train: { lr: {factor: [0, 1, 2]} }", "[", 1, NO_FACTOR},
	{"train: { lr: {factor: [2, 1, 2]} }", "[", 1, NO_FACTOR},
	{"train: { lr: {factor: [1, 2, 1]} }", "[", 1, NO_FACTOR},
	{"train: { lr: {factor: [1e-300, 1e300, 1.0001]} }", "[", 1, "more than a million values"},
	{"seed: {pow2: [1.5, 4]}", "[", 1, NO_POW2},
	{"seed: {pow2: [1, 4.5]}", "[", 1, NO_POW2},
	{"seed: {pow2: [-63, 4]}", "[", 1, NO_POW2},
	{"seed: {pow2: [4, 1]}", "[", 1, "no values"},
	{"seed: {range: [0, 5, 0.5]}", "[", 1, "'seed' is a whole number from 0 to 4294967295, not '0.5'"},
	{"seed: {range: 1000001}", "1000001", 7, "more than a million values"},
	{"seed: {pow2: [16, 512]}", "[", 1, NO_POW2},
	{"seed: {pow2: [30, 33]}", "[", 1, "'seed' is a whole number from 0 to 4294967295, not '4294967296'"},
};

static const struct refusal zip_skip_also[] = {
	{"zip: 3", "3", 1, "'zip' is a list: zip: [[depth, steps]]"},
	{"zip: [[depth]]", "[depth", 1, "a zip is a list of two keys or more: [depth, steps]"},
	{"zip: [3]", "3", 1, "a zip is a list of two keys or more: [depth, steps]"},
	{"zip: [[depth, lr], [lr, seed]]", "[lr, s", 1, "'lr' is zipped twice"},
	{"skip: {depth: 3}", "{", 1, "'skip' is a list: skip: [{activation: sigmoid, init: he-normal}]"},
	{"skip: [{depth: x}]", "x", 1, "'depth' is a whole number from 0 to 10000, not 'x'"},
	{"claims: 3", "3", 1, "'claims' is a list of claims: - say: …"},
	{"claims: [3]", "3", 1, "a claim is a map: {say: …, measure: …, expect: …}"},
	{"skip: [{}]", "{", 1, "an empty combination would skip every run"},
	{"skip: [3]", "3", 1, "a combination of keys belongs here: {activation: sigmoid, depth: [16, 32]}"},
	{"also: {depth: 3}", "{", 1, "'also' is a list of grids: also: [{depth: 64}]"},
	{"also: [{search: none}]", "search", 6, "'search' belongs at the top of the file"},
	{"{zip: [[steps, depth]], train: {steps: [1, 2], epochs: 2}}", "2}}", 1,
	 "both 'steps' and 'epochs' are given: one of them is the budget"},
	{"also: [3]", "3", 1, "an entry of 'also' is a map: {depth: 64, init: orthogonal}"},
};

static const struct refusal no_figures[] = {
	{"figures: 3", "3", 1, "'figures' is a list of figures: - {kind: …}"},
	{"figures: [3]", "3", 1, "a figure is a map: {kind: …}"},
	{"figures: [{kind: a, panel: [lr, lr]}]", "[lr,", 1, "'lr' is given twice"},
	{"figures: [{kind: a, panel: [lrr, depth]}]", "lrr", 3, "unknown key 'lrr': did you mean 'lr'?"},
	{"figures: [{kind: a, over: {step: any}}]", "{step", 1, "a figure draws one place: 'any' is none"},
	{"figures: [{kind: a, over: 3}]", "3", 1, "'over' is a place: {layer: first, step: 0}"},
	{"figures: [{kind: a123456789012345678901234567890123456789.}]", "a123", 41,
	 "unknown figure 'a123456789012345678901234567890123456789.': 'fathom list figures' tells the kinds"},
	{"figures: [{kind: [a]}]", "[a]", 1, "'kind' is one text"},
	{"figures: [{kind: a, name: [a]}]", "[a]", 1, "'name' is one text"},
};

static const struct refusal what_is_no_study[] = {
	{"- 1", "-", 1, "a study is a map: data: …, model: …, train: …"},
	{"3", "3", 1, "a study is a map: data: …, model: …, train: …"},
	{"# nothing", "#", 1, "nothing is written here"},
	{"%YAML 9.9", "%", 1, "not YAML: unsupport version number 9.9: a study needs no %YAML"},
	{"%FOO 1", "%", 1, "nothing is written here"}, /* a warning is no complaint */
	{"ä: \"ö\" @", "@", 1, "not YAML: invalid trailing content after double-quoted scalar"},
	{"a: !x {b: 3}", "{", 1, "a study has no tags ('!')"},
	{"a: !x [b]", "[", 1, "a study has no tags ('!')"},
	{"a: !!int 3", "3", 1, "a study has no tags ('!')"},
	{"a: &x 3", "3", 1, "a study has no anchors ('&') and aliases ('*')"},
	{"a: *x", "x", 1, "a study has no anchors ('&') and aliases ('*')"},
	{"? [a]", "[", 1, "a key must be a word"},
	{"a: b: c", ": c", 1,
	 "not YAML: invalid nested block mapping on the same line: a text with ': ' in it needs quotes"},
	{"is: > 0.5", "0.5", 1,
	 "not YAML: block scalar no linebreak found: a text that begins with > or | needs quotes"},
	{"say: @a", "@a", 1, "not YAML: plain scalar cannot start with '@': quote it"},
	{"a: \"x", "x", 1, "not YAML: double-quoted scalar without closing quote"},
	{"a: [1, {b: 2}", "[", 1, "not YAML: this '[' is not closed"},
	{"{a: 1", "{", 1, "not YAML: this '{' is not closed"},
};

static void single_lines_are_refused(void **state)
{
	ALL_REFUSED(unknown_keys);
	ALL_REFUSED(unknown_names);
	ALL_REFUSED(values_of_the_wrong_kind);
	ALL_REFUSED(generators_out_of_range);
	ALL_REFUSED(zip_skip_also);
	ALL_REFUSED(what_is_no_study);
	ALL_REFUSED(no_figures);
}

static void all_faults_at_once_in_order(void **state)
{
	refused("train: { lr: x }\n"
		"zip: [[depth, lr, lr]]\n"
		"model: { depth: 3, depth: 4,\twidht: 2 }\n",
		NULL,
		"x.yaml:1:14: 'lr' is a number from 0 to 1000000000, not 'x'\n"
		"  train: { lr: x }\n"
		"               ^\n"
		"x.yaml:2:7: 'lr' is zipped twice\n"
		"  zip: [[depth, lr, lr]]\n"
		"        ^\n"
		"x.yaml:3:20: key 'depth' is given twice\n"
		"  model: { depth: 3, depth: 4,\twidht: 2 }\n"
		"                     ^^^^^\n"
		"x.yaml:3:30: unknown key 'widht': did you mean 'width'?\n"
		"  model: { depth: 3, depth: 4,\twidht: 2 }\n"
		"                              \t^^^^^");
}

static void the_same_key_bare_and_in_its_section(void **state)
{
	refused("also: [{depth: 2, model: {depth: 3}}]", NULL,
		"x.yaml:1:27: key 'depth' is given twice\n"
		"  also: [{depth: 2, model: {depth: 3}}]\n"
		"                            ^^^^^");
}

static void a_second_document(void **state)
{
	refused("seed: 1\n---\nseed: 2\n", NULL,
		"x.yaml:3:1: a second document: a study is one\n"
		"  seed: 2\n"
		"  ^");
}

/* Whatever libfyaml could not read is told, also where no document has begun yet. */
static void what_follows_the_document(void **state)
{
	refused("seed: 1\n...\n%YAML 9.2\n---\na: b\n", NULL,
		"x.yaml:1:1: not YAML: unsupport version number 9.2: a study needs no %YAML\n"
		"  seed: 1\n"
		"  ^");
	refused("seed: 1\n%YAML 1.2\n", NULL,
		"x.yaml:2:7: not YAML: missing explicit document end marker before directive(s)\n"
		"  %YAML 1.2\n"
		"        ^");
}

/* Texts of which libfyaml 0.7.12 counts the bytes wrongly: it would cut them off, or end them with bytes of nothing. */
static void texts_that_libfyaml_misreads(void **state)
{
	refused("title: 'a ''''x end'\nseed: 1\n", NULL,
		"x.yaml:1:8: libfyaml misreads this text: write it in one line, in \"…\"\n"
		"  title: 'a ''''x end'\n"
		"         ^^^^^^^^^^^^^");
	refused("title: \"a\\\n \n \n b\"\n", NULL,
		"x.yaml:1:8: libfyaml misreads this text: write it in one line, in \"…\"\n"
		"  title: \"a\\\n"
		"         ^^^");
	refused("title: >\n  a\n\n   b\nseed: 1\n", NULL,
		"x.yaml:2:1: libfyaml misreads this text: write it in one line, in \"…\"\n"
		"    a\n"
		"  ^^^");
}

/* What looks like them and is read as it is meant. */
static void texts_that_it_reads(void **state)
{
	static const char *const texts[][2] = {
		{"'''a'' b, ''c'''", "'a' b, 'c'"},
		{"'a''\n\n  ''b'", "a'\n'b"},
		{"\"a\\\n  \\ b\n\n  \\L\\L\\L\"", "a b\n\u2028\u2028\u2028"},
		{">-\n  a\n  b\n\n  c", "a b\nc"},
		{"|\n  a\n\n   b", "a\n\n b\n"},
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct study study;
		char text[256];
		snprintf(text, sizeof text, CIRCLES BCE "title: %s\n", texts[i][0]);
		must_parse(&study, text, NULL);
		assert_string_equal(study.title, texts[i][1]);
		study_release(&study);
	}
}

/* The last character of a text without a newline is passed, and nothing after it is looked at. */
static void what_is_missed_at_the_very_end(void **state)
{
	refused("a: \"", NULL,
		"x.yaml:1:5: not YAML: double-quoted scalar without closing quote\n"
		"  a: \"\n"
		"      ^");
	refused("\"", NULL,
		"x.yaml:1:2: not YAML: double-quoted scalar without closing quote\n"
		"  \"\n"
		"   ^");
	refused("[?", NULL,
		"x.yaml:1:3: not YAML: did not find expected node content\n"
		"  [?\n"
		"    ^");
}

static void nothing_at_all(void **state)
{
	refused("", NULL, "x.yaml:1:1: nothing is written here");
}

static void long_lines_are_shown_in_part(void **state)
{
	struct text text = TEXT_INIT;
	text_add(&text, "title: \"%0500d\"\nmodel: {name: %0200d, widht: 3, other: %0200d}", 0, 0, 0);
	static struct err err;
	struct study study;
	assert_int_equal(parse_text(&study, text.at, NULL, &err), -1);
	assert_non_null(strstr(err.text,
			       "x.yaml:2:217: unknown key 'widht': did you mean 'width'?\n"
			       "  …0000000000000000000000000000, widht: 3, other: 000000000000000000000000000000"));
	for (const char *line = strtok(err.text, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(strlen(line) < 200);
	text_release(&text);
}

/* What is cut is cut between characters, and each is a column. */
static void characters_stay_whole(void **state)
{
	struct text text = TEXT_INIT;
	static struct err err;
	struct study study;
	refused("title: ä\nmodel: {ünit: ä, widht: 3}\r\nseed: 1", NULL,
		"x.yaml:2:9: unknown key 'ünit': did you mean 'init'?\n"
		"  model: {ünit: ä, widht: 3}\n"
		"          ^^^^\n"
		"x.yaml:2:18: unknown key 'widht': did you mean 'width'?\n"
		"  model: {ünit: ä, widht: 3}\n"
		"                   ^^^^^");
	for (int shift = 0; shift < 2; shift++) { /* of two neighbouring bytes one is in the middle of an ä */
		text_add(&text, "%smodel: {name: \"", shift ? " " : "");
		for (int i = 0; i < 60; i++)
			text_add(&text, "ä");
		text_add(&text, "\", widht: 3, other: \"");
		for (int i = 0; i < 60; i++)
			text_add(&text, "ä");
		text_add(&text, "\"}");
		assert_int_equal(parse_text(&study, text.at, NULL, &err), -1);
		assert_int_equal(yaml_unreadable(err.text, err.length), err.length);
		const char *line = strstr(err.text, "did you mean 'width'?\n") + strlen("did you mean 'width'?\n");
		const char *carets = strchr(line, '\n') + 1;
		assert_int_equal(characters(line, strstr(line, "widht")), strspn(carets, " "));
		text_release(&text);
	}
	text_add(&text, "a");
	for (int i = 0; i < 60; i++)
		text_add(&text, "ä");
	text_add(&text, ": 1");
	assert_int_equal(parse_text(&study, text.at, NULL, &err), -1);
	assert_int_equal(yaml_unreadable(err.text, err.length), err.length);
	assert_non_null(strstr(err.text, "ä…'"));
	text_release(&text);
}

static void control_characters_are_not_repeated(void **state)
{
	refused("title: a\nmodel: {\"\\e[31m\": 3}", NULL,
		"x.yaml:2:9: unknown key '?[31m': valid here: depth, width, activation, init, bias, gain, init_scale, "
		"init_value, init_std, sparsity, bias_std\n"
		"  model: {\"\\e[31m\": 3}\n"
		"          ^^^^^^^^");
	refused("a\x7f: 1", NULL,
		"x.yaml:1:1: unknown key 'a?': valid here: title, question, source, data, model, train, "
		"seed, log, zip, skip, also, search, claims, figures\n  a?: 1\n  ^^");
	refused("title: \x01", NULL, "x.yaml:1:8: not readable text: byte 0x01\n  title: ?\n         ^");
	refused("title: \xff", NULL, "x.yaml:1:8: not readable text: byte 0xff\n  title: \xff\n         ^");
	refused("title: \xe2\x82", NULL, "x.yaml:1:8: not readable text: byte 0xe2\n  title: \xe2\x82\n         ^");
	refused("title: \xc1\x80", NULL, "x.yaml:1:8: not readable text: byte 0xc1\n  title: \xc1\x80\n         ^");
	refused("title: \xf0\x9f\x98z", NULL,
		"x.yaml:1:8: not readable text: byte 0xf0\n  title: \xf0\x9f\x98z\n         ^");
	refused("title: \xf5\x80\x80\x80", NULL,
		"x.yaml:1:8: not readable text: byte 0xf5\n  title: \xf5\x80\x80\x80\n         ^");
}

static void no_more_faults_than_can_be_read(void **state)
{
	struct text text = TEXT_INIT;
	static struct err err;
	struct study study;
	for (int i = 0; i < 900; i++)
		text_add(&text, "k%d: 1\n", i);
	assert_int_equal(parse_text(&study, text.at, NULL, &err), -1);
	assert_non_null(strstr(err.text, "x.yaml:50:1:"));
	assert_null(strstr(err.text, "x.yaml:51:1:"));
	text_release(&text);
}

/* ---- hostile files ------------------------------------------------------------------------------------------------ */

static void repeated(const char *piece, size_t times, const char *expected)
{
	static struct err err;
	struct study study;
	struct text text = TEXT_INIT;
	for (size_t i = 0; i < times; i++)
		text_add_bytes(&text, piece, strlen(piece));
	assert_int_equal(parse_text(&study, text.at, NULL, &err), -1);
	if (!strstr(err.text, expected))
		fail_msg("expected '%s' in:\n%.500s", expected, err.text);
	text_release(&text);
}

static void deep_or_wide_files_cost_little(void **state)
{
	repeated("[", 32, "this '[' is not closed");
	repeated("[", 33, "x.yaml:1:33: nested more than 32 deep");
	repeated("{a: ", 300000, "nested more than 32 deep");
	repeated("- ", 300000, "nested more than 32 deep");
	struct text keys_text = TEXT_INIT;
	for (int i = 0; i < 100000; i++)
		text_add(&keys_text, "k%d: 1\n", i);
	repeated(keys_text.at, 1, "x.yaml:1001:1: more than 1000 keys in one place");
	text_release(&keys_text);
	repeated("- {kind: a}\n", 1, "a study is a map");
	struct text figures = TEXT_INIT;
	text_add(&figures, "figures:\n");
	for (int i = 0; i < 50000; i++)
		text_add(&figures, "- {kind: a}\n");
	repeated(figures.at, 1, "more than 100 figures");
	text_release(&figures);
	struct text many = TEXT_INIT;
	text_add(&many, "claims:\n");
	for (int i = 0; i < 1001; i++)
		text_add(&many, "- {say: a}\n");
	repeated(many.at, 1, "x.yaml:2:1: more than 1000 claims");
	text_release(&many);
	text_add(&many, "skip:\n");
	for (int i = 0; i < 1001; i++)
		text_add(&many, "- {seed: %d}\n", i);
	repeated(many.at, 1, "x.yaml:2:1: more than 1000 combinations to leave out");
	text_release(&many);
}

static void an_alias_bomb_is_refused_at_its_first_anchor(void **state)
{
	refused("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", NULL,
		"x.yaml:1:7: a study has no anchors ('&') and aliases ('*')\n"
		"  a: &a [x, x]\n"
		"        ^");
}

static void grids_without_bound_are_refused(void **state)
{
	refused("seed: {range: 1e6}\nmodel: {depth: {range: 101}}", NULL,
		"x.yaml:1:1: the grid has more than 100000000 runs\n"
		"  seed: {range: 1e6}\n"
		"  ^");
	/* 10^25 is more than 2^64 */
	refused("train: {lr: {linear: [0, 1, 1e5]}, rho: {linear: [0, 1, 1e5]}, beta1: {linear: [0, 1, 1e5]}}\n"
		"seed: {range: 1e5}\nmodel: {init_std: {linear: [0, 1, 1e5]}}",
		NULL,
		"x.yaml:1:1: the grid has more than 100000000 runs\n"
		"  train: {lr: {linear: [0, 1, 1e5]}, rho: {linear: [0, 1, 1e5]}, beta1: {linear: [0, 1, 1e5]}}\n"
		"  ^");
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

static void names_that_are_no_names(void **state)
{
	static const char *const bad[] = {
		"",   ".x", "a b", "a/b",
		"-x", "..", "ä",   "0123456789012345678901234567890123456789012345678901234567890123x"};
	static struct err err;
	struct study study;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err = (struct err){0};
		assert_int_equal(study_parse(&study, "seed: 1", 7, bad[i], "", 0, NULL, &err), -1);
		assert_non_null(strstr(err.text, "cannot name a study"));
	}
	/* bytes that are inside of no character at all */
	char inside[70];
	memset(inside, 0x80, sizeof inside - 1);
	inside[sizeof inside - 1] = '\0';
	err = (struct err){0};
	assert_int_equal(study_parse(&study, "seed: 1", 7, inside, "", 0, NULL, &err), -1);
	assert_non_null(strstr(err.text, "'…' cannot name a study"));
	assert_int_equal(study_parse(&study, "seed: 1", 7, "a.B_c-1", "", 0, NULL, &err), 0);
	study_release(&study);
}

static void files_are_read(void **state)
{
	char folder[] = "/tmp/fathom-study-XXXXXX", path[64];
	static struct err err;
	struct study study;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/my.study.yaml", folder);
	err = (struct err){0};
	assert_int_equal(study_load(&study, path, 0, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("model: {depth: 5}\n", file);
	fclose(file);
	err = (struct err){0};
	assert_int_equal(study_load(&study, path, 0, NULL, &err), 0);
	assert_string_equal(study.name, "my.study");
	assert_string_equal(study.path, path);
	assert_int_equal(study.grid[0].base.depth, 5);
	study_release(&study);
	/* no folder, no ending; a name that is all ending is none */
	char *before = getcwd(NULL, 0);
	assert_non_null(before);
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(rename("my.study.yaml", "study"), 0);
	assert_int_equal(study_load(&study, "study", 0, NULL, &err), 0);
	assert_string_equal(study.name, "study");
	study_release(&study);
	assert_int_equal(rename("study", ".yaml"), 0);
	err = (struct err){0};
	assert_int_equal(study_load(&study, ".yaml", 0, NULL, &err), -1);
	assert_non_null(strstr(err.text, "'.yaml' cannot name a study"));
	assert_int_equal(rename(".yaml", "my.study.yaml"), 0);
	assert_int_equal(chdir(before), 0);
	free(before);
	/* without its ending it is not found, but named */
	char stem[64], expected[256];
	snprintf(stem, sizeof stem, "%s/my.study", folder);
	snprintf(expected, sizeof expected, "cannot open '%s': No such file or directory\ndid you mean '%s'?", stem,
		 path);
	err = (struct err){0};
	assert_int_equal(study_load(&study, stem, 0, NULL, &err), -1);
	assert_string_equal(err.text, expected);
	/* a result, also one longer than a study may be */
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("\x89HDF\r\n\x1a\n", file);
	fclose(file);
	assert_int_equal(truncate(path, 1 << 21), 0);
	err = (struct err){0};
	assert_int_equal(study_load(&study, path, 0, NULL, &err), -1);
	assert_non_null(strstr(err.text, "is a result, not a study"));
	assert_int_equal(err.kind, ERR_INPUT);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(truncate(path, (1 << 20) + 1), 0);
	assert_int_equal(study_load(&study, path, 0, NULL, &err), -1);
	assert_non_null(strstr(err.text, "more than the 1048576 allowed"));
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_lines_are_refused),
		cmocka_unit_test(all_faults_at_once_in_order),
		cmocka_unit_test(the_same_key_bare_and_in_its_section),
		cmocka_unit_test(a_second_document),
		cmocka_unit_test(what_follows_the_document),
		cmocka_unit_test(texts_that_libfyaml_misreads),
		cmocka_unit_test(texts_that_it_reads),
		cmocka_unit_test(what_is_missed_at_the_very_end),
		cmocka_unit_test(nothing_at_all),
		cmocka_unit_test(long_lines_are_shown_in_part),
		cmocka_unit_test(characters_stay_whole),
		cmocka_unit_test(control_characters_are_not_repeated),
		cmocka_unit_test(no_more_faults_than_can_be_read),
		cmocka_unit_test(deep_or_wide_files_cost_little),
		cmocka_unit_test(an_alias_bomb_is_refused_at_its_first_anchor),
		cmocka_unit_test(grids_without_bound_are_refused),
		cmocka_unit_test(names_that_are_no_names),
		cmocka_unit_test(files_are_read),
	};
	return cmocka_run_group_tests_name("faults of studies", tests, NULL, NULL);
}
