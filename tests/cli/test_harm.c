/* test_harm.c: the commands that only read, and those that write beside a result, with one call for memory, of the file system or of HDF5
 * failing at every place of our code that makes one. Whatever fails, the command says so and its exit code does, or it printed what it
 * prints unharmed: never less without a word. Then the same command, unharmed, prints what it printed before. */
#include "store/harm_hdf5.h"

#include "cm.h"

#include "cli/cli.h"

static const char study[] =
	"title: A study to be harmed\nquestion: What is left?\n"
	"data: { set: circles, train: 20, test: 10 }\n"
	"model: { depth: [1, 2, 3], width: 3, init: [xavier-normal, zeros], activation: tanh }\n"
	"train: { loss: bce, lr: [0.1, 1, 1000], batch: full, steps: 20, target: 0.6 }\n"
	"seed: { range: 2 }\nlog: { every: 5, metrics: [train_loss, test_loss, grad_norm, delta_rms, weight_norm] }\n"
	"claims:\n"
	"  - {say: a, measure: grad_norm, at: {layer: first, step: 0}, over: {layer: last}, expect: '> 0'}\n"
	"  - {say: b, measure: final_train_loss, versus: {init: zeros}, where: {lr: 1}, best: depth, expect: '< 2'}\n"
	"  - {say: c, measure: final_train_loss, slope: lr, scale: log, where: {lr: [0.1, 1]}, expect: '< 1'}\n"
	"  - {say: d, measure: steps_to_target, reduce: share, is: '< 9', source: lecture 15, expect: '> 2'}\n"
	"figures:\n"
	"  - {kind: gradient-by-layer, by: init, panel: depth, best: lr}\n"
	"  - {kind: gradient-over-time, panel: [init, depth], where: {lr: 1}}\n"
	"  - {kind: convergence, by: init, panel: [depth, lr]}\n"
	"  - {kind: trainability, panel: init}\n"
	"  - {kind: metric-against-key, against: lr, measure: grad_norm, layer: 1, step: 0, by: init, panel: depth}\n";

#define SOUGHT(search)                                                                                                 \
	"title: What is sought\ndata: { set: circles, train: 20, test: 10 }\n"                                         \
	"model: { depth: [1, 2], width: 3 }\n"                                                                         \
	"train: { loss: bce, lr: {log: [1, 1000, 9]}, batch: full, steps: 20 }\n"                                      \
	"seed: { range: 2 }\nlog: { metrics: [train_loss] }\nsearch: " search

static const char sought[] = SOUGHT("{frontier: lr}\n"
				    "claims:\n  - {say: a, measure: frontier, reduce: max, expect: '> 0'}\n"
				    "figures:\n  - {kind: frontier}\n");
static const char mapped[] = SOUGHT("{boundary: [depth, lr]}\nfigures:\n  - {kind: boundary}\n");

/* A command; what it does takes longer than most if it is slow: then of its places fewer are harmed. */
struct life {
	bool slow;
	const char *word[12];
};

static const struct life lives[] = {
	{false, {"plan", "--list", "--cost", "harmed.yaml"}},
	{false, {"plan", "harmed.yaml", "lr=1,2", "-o", "none"}},
	{false, {"plan", "sought.yaml"}},
	{false, {"status", "harmed.yaml"}},
	{false, {"show", "results/harmed.h5", "--by", "depth,init", "--metric", "grad_norm,final_train_loss"}},
	{false,
	 {"show", "results/harmed.h5", "--where", "lr=1", "--format", "json", "--stat", "geomean", "--layer", "last"}},
	{false, {"show", "results/harmed.h5"}},
	{false, {"show", "results/sought.h5"}},
	{false, {"check", "-n", "results/harmed.h5"}},
	{false, {"check", "results/sought.h5"}},
	{false, {"diff", "results/harmed.h5", "results/sought.h5"}},
	{false, {"data", "harmed.yaml", "-o", "data.h5"}},
	{false, {"compact", "harmed.yaml"}},
	{false, {"explain"}},
	{false, {"explain", "harmed.yaml", "--run", "3", "-m", "3", "-o", "explained.html"}},
	{false, {"list", "keys"}},
	{false, {"list", "metrics", "--format", "markdown"}},
	{false, {"list", "manual"}},
	{false, {"lecture", "--claim", "15", "results/harmed.h5"}},
	{false, {"lecture", "--claim", "3", "--format", "tex"}},
	{true, {"lecture", "--claim", "1"}},
	{true, {"lecture", "--claim", "5"}},
	{true, {"lecture", "--claim", "6"}},
	{true, {"lecture", "--claim", "7"}},
	{true, {"lecture", "--claim", "10"}},
	{true, {"lecture", "--claim", "11"}},
	{false, {"doctor", "results/harmed.h5"}},
	{true, {"plot", "results/harmed.h5"}},
	{true, {"plot", "results/sought.h5", "-F", "png,pdf"}},
	{true, {"plot", "results/mapped.h5"}},
	{true, {"report", "results/harmed.h5", "results/sought.h5", "-o", "page.html"}},
	{true, {"report", "results/harmed.h5", "-o", "page.md"}},
};

/* What a command printed, on both ways together. */
struct output {
	char *text;
	size_t length;
};

static int terminal[2], paper = -1;

static void take_paper(void)
{
	fflush(stdout);
	assert_int_equal(ftruncate(paper, 0), 0);
	assert_int_equal(lseek(paper, 0, SEEK_SET), 0);
	for (int fd = 1; fd <= 2; fd++)
		assert_int_equal(dup2(paper, fd), fd);
}

static void read_paper(struct output *output)
{
	fflush(stdout);
	clearerr(stdout);
	for (int fd = 1; fd <= 2; fd++)
		assert_int_equal(dup2(terminal[fd - 1], fd), fd);
	const off_t length = lseek(paper, 0, SEEK_END);
	output->text = calloc((size_t)length + 1, 1);
	output->length = (size_t)length;
	assert_int_equal(pread(paper, output->text, (size_t)length, 0), length);
	char *time = strstr(output->text, "estimated time"); /* by the pace of this machine in this moment */
	if (time)
		*time = '\0';
}

/* The exit code; −1: a fault, in err. */
static int live(const struct life *life, struct err *err)
{
	char *word[13] = {0}, name[64];
	int n = 1;
	snprintf(name, sizeof name, "fathom %s", life->word[0]);
	word[0] = name;
	for (; life->word[n]; n++)
		word[n] = (char *)life->word[n];
	return commands[table_find(&command_table, life->word[0])].run(n, word, err);
}

static void harm_one(const struct life *life, enum harm_kind kind, int error, int nth)
{
	static struct err err;
	struct output whole, output;
	take_paper();
	err = (struct err){0};
	const int unharmed = live(life, &err);
	read_paper(&whole);
	HARM_EACH(
		kind, false, error, nth,
		{
			err = (struct err){0};
			take_paper();
			harm.on = true;
			code = live(life, &err);
			harm.on = false;
			code = harm.struck ? code : 0;
		},
		{
			read_paper(&output);
			/* verdicts that cannot be stored are told, and are none the less what they are */
			bool said = code == -1 ? err.length > 0 && err.kind != ERR_NONE
					       : (code != 0 && output.length > 0) || strstr(output.text, "not stored");
			if (kind == HARM_HDF5) /* a sound file is not called a bad one */
				said &= code == -1 ? err.kind == ERR_SYSTEM : code == 3 || code == 0;
			if (!said && strcmp(output.text, whole.text) != 0 && life->word[0][0] != 'd')
				fail_msg("%s, place %d: code %d: %s%s", life->word[0], harm.at, code, err.text,
					 output.text);
			free(output.text);
		});
	take_paper();
	err = (struct err){0};
	assert_int_equal(live(life, &err), unharmed);
	read_paper(&output);
	if (life->word[0][0] != 'd' && life->word[0][0] != 'p')
		assert_string_equal(output.text, whole.text);
	free(output.text);
	free(whole.text);
}

static int all; /* HARM_ALL: see tests/store/test_harm.c */

static void memory_is_short(void **state)
{
	harm_last_look_for_leaks();
	for (size_t l = 0; l < sizeof lives / sizeof *lives; l++) {
		if (strcmp(lives[l].word[0], "data") == 0)
			continue; /* a command that ended here leaves its file open in HDF5 */
		harm.stride = all > 0 ? 1 : lives[l].slow ? 24 : 8;
		harm_one(&lives[l], HARM_MEMORY, 0, 1);
	}
}

static void calls_fail(void **state)
{
	for (size_t l = 0; l < sizeof lives / sizeof *lives; l++) {
		harm.stride = all > 0 ? 1 : lives[l].slow ? 12 : 4;
		harm_one(&lives[l], HARM_CALLS, EIO, 1);
	}
}

static void hdf5_fails(void **state)
{
	for (size_t l = 0; l < sizeof lives / sizeof *lives; l++) {
		harm.stride = all > 0 ? 1 : lives[l].slow ? 12 : 4;
		for (int nth = 1; nth >= -3; nth -= all > 0 ? 1 : 4)
			harm_one(&lives[l], HARM_HDF5, 0, nth);
	}
}

static char folder[64];

static void must_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int begin(void **state)
{
	static struct err err;
	static const struct life runs[] = {{false, {"run", "-q", "-j", "1", "harmed.yaml"}},
					   {false, {"run", "-q", "-j", "1", "sought.yaml"}},
					   {false, {"run", "-q", "-j", "1", "mapped.yaml"}}};
	char *scripts = realpath("scripts", NULL);
	all = getenv("HARM_ALL") ? atoi(getenv("HARM_ALL")) : 0;
	if (scripts)
		setenv("FATHOM_SCRIPTS", scripts, 0);
	free(scripts);
	strcpy(folder, "/tmp/fathom-harm-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(mkdir("bin", 0777), 0); /* nothing is drawn: gnuplot is not what is harmed */
	assert_int_equal(symlink("/bin/true", "bin/gnuplot"), 0);
	assert_int_equal(symlink("/bin/sed", "bin/sed"), 0);
	setenv("PATH", "bin", 1);
	must_write("harmed.yaml", study);
	must_write("sought.yaml", sought);
	must_write("mapped.yaml", mapped);
	for (int fd = 1; fd <= 2; fd++)
		terminal[fd - 1] = dup(fd);
	paper = open("paper", O_RDWR | O_CREAT, 0666);
	harm.open[paper] = false; /* it outlives what is harmed */
	for (int i = 0; i < 3; i++)
		if (live(&runs[i], &err) != 0)
			fail_msg("%s", err.text);
	return 0;
}

static int end(void **state)
{
	char command[100];
	setenv("PATH", "/usr/bin:/bin", 1);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return chdir("/") || system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_fail),
		cmocka_unit_test(hdf5_fails),
		cmocka_unit_test(memory_is_short),
	};
	const int failed = cmocka_run_group_tests_name("commands, harmed", tests, begin, end);
	harm_last_look_for_leaks();
	return failed;
}
