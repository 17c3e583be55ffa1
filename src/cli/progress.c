/* progress.c: see progress.h */
#include "cli/progress.h"

#include <math.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/print.h"

/* Seconds between two lines, on a terminal and elsewhere. */
static const double TERMINAL_SECONDS = 0.2, PLAIN_SECONDS = 10;

void meter_start(struct meter *meter)
{
	*meter = (struct meter){.terminal = isatty(STDERR_FILENO)};
}

void meter_clear(struct meter *meter)
{
	if (meter->shown)
		fputs("\r\033[K", stderr);
	meter->shown = false;
}

/* Of all, from the cost of the plan alone. */
static double seconds_estimated(struct meter *meter, const struct sched_progress *p)
{
	struct err ignored;
	if (meter->pace == 0 && sched_pace(&meter->pace, &ignored) != 0)
		meter->pace = NAN;
	return p->cost * meter->pace / p->threads;
}

/* What is left, in estimated cost, at the pace so far: runs differ in length, so counting them would mislead. */
static double seconds_left(const struct sched_progress *p)
{
	return (p->cost - p->cost_done) * p->seconds / p->cost_done;
}

/* Once a run has ended, or a hundredth of the work is done, the pace so far says more than an estimate. */
static void add_left(struct meter *meter, const struct sched_progress *p, struct text *line)
{
	char left[32];
	if (p->cost_done > 0 && (p->done > 0 || p->cost_done > 0.01 * p->cost)) {
		text_add(line, ", %s left", format_duration(left, seconds_left(p)));
		return;
	}
	const double all = seconds_estimated(meter, p);
	if (p->seconds > all)
		text_add(line, ", longer than the estimated %s", format_duration(left, all));
	else
		text_add(line, ", about %s left by estimate", format_duration(left, all - p->seconds));
}

void meter_line(struct meter *meter, const struct sched_progress *p, struct text *line)
{
	text_add(line, "%zu of %zu runs", p->done, p->runs);
	if (p->seconds > 0 && p->done > 0)
		text_add(line, ", %.3g runs/s", (double)p->done / p->seconds);
	if (p->done < p->runs)
		add_left(meter, p, line);
	if (p->by_status[STATUS_DIVERGED])
		text_add(line, ", %zu diverged", p->by_status[STATUS_DIVERGED]);
	if (p->by_status[STATUS_FAILED])
		text_add(line, ", %zu failed", p->by_status[STATUS_FAILED]);
	text_add(line, ", %d thread%s", p->threads, p->threads == 1 ? "" : "s");
}

/* Now: the user may have changed it. A line that is too long would wrap, and its first half could not be cleared. */
static int terminal_width(void)
{
	struct winsize size;
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

void meter_show(struct meter *meter, const struct sched_progress *progress)
{
	struct text line = TEXT_INIT;
	if (progress->seconds - meter->latest < (meter->terminal ? TERMINAL_SECONDS : PLAIN_SECONDS))
		return;
	meter->latest = progress->seconds;
	meter_line(meter, progress, &line);
	if (meter->terminal)
		fprintf(stderr, "\r\033[K%.*s", terminal_width() - 1, line.at);
	else
		fprintf(stderr, "%s\n", line.at);
	fflush(stderr);
	meter->shown = meter->terminal;
	text_release(&line);
}
