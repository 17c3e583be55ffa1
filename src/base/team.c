/* team.c: see team.h
 *
 * A call is one atomic word, its number and the number of parts. Who changes the number of the last call in part[p] to this one
 * has part p, and then `work` and `what` are those of this call: the next begins when all parts are done. A thread that sleeps
 * says so before it looks at the word for the last time, and who changes the word looks for sleepers afterwards; both are
 * sequentially consistent, so one of them sees the other. */
#include "base/team.h"

#include <math.h>

#include "base/clock.h"

enum { PARTS_BITS = 16 };

static const double SPIN_SECONDS = 1e-4; /* a sleeping thread takes about half of that to wake */

void team_init(struct team *team, bool spin)
{
	*team = (struct team){.spin = spin ? SPIN_SECONDS : 0, .part_work = TEAM_PART_WORK};
	pthread_mutex_init(&team->lock, NULL);
	pthread_cond_init(&team->called, NULL);
	pthread_cond_init(&team->finished, NULL);
}

void team_release(struct team *team)
{
	pthread_mutex_destroy(&team->lock);
	pthread_cond_destroy(&team->called);
	pthread_cond_destroy(&team->finished);
}

static int parts_of(uint64_t call)
{
	return (int)(call & ((1u << PARTS_BITS) - 1));
}

static void relax(void)
{
	for (int i = 0; i < 16; i++)
#if defined __x86_64__
		__builtin_ia32_pause();
#else
		__asm__ volatile("" ::: "memory");
#endif
}

/* ---- the leader ---- */

static void call(struct team *team, int parts)
{
	const uint64_t last = atomic_load_explicit(&team->call, memory_order_relaxed) >> PARTS_BITS;
	atomic_store(&team->call, (last + 1) << PARTS_BITS | (uint64_t)parts);
	if (atomic_load(&team->asleep) == 0)
		return;
	pthread_mutex_lock(&team->lock);
	pthread_cond_broadcast(&team->called);
	pthread_mutex_unlock(&team->lock);
}

/* Until a counter of members has this value. */
static void wait_for(struct team *team, atomic_int *counter, int value)
{
	if (atomic_load(counter) == value)
		return;
	const double start = clock_now();
	do {
		relax();
		if (atomic_load(counter) == value)
			return;
	} while (clock_now() - start < team->spin);
	pthread_mutex_lock(&team->lock);
	atomic_store(&team->leader_asleep, 1);
	while (atomic_load(counter) != value)
		pthread_cond_wait(&team->finished, &team->lock);
	atomic_store(&team->leader_asleep, 0);
	pthread_mutex_unlock(&team->lock);
}

void team_open(struct team *team)
{
	call(team, 1);
}

void team_close(struct team *team)
{
	if (parts_of(atomic_load(&team->call)) == 0)
		return;
	call(team, 0);
	wait_for(team, &team->members, 0);
}

/* Whether this part of this call is ours from now on. */
static bool begin(struct team *team, int part, uint64_t now)
{
	uint64_t last = atomic_load(&team->part[part].call);
	return last < now && atomic_compare_exchange_strong(&team->part[part].call, &last, now);
}

void team_share(struct team *team, int parts, team_work *f, void *what)
{
	const int hands = team && parts > 1 ? 1 + atomic_load(&team->members) : 1;
	parts = parts < hands ? parts : hands;
	parts = parts < TEAM_MOST ? parts : TEAM_MOST;
	if (parts <= 1) {
		f(what, 0, 1);
		return;
	}
	team->work = f;
	team->what = what;
	atomic_store_explicit(&team->done, 0, memory_order_relaxed);
	call(team, parts);
	const uint64_t now = atomic_load_explicit(&team->call, memory_order_relaxed);
	int others = parts - 1;
	f(what, 0, parts);
	for (int p = 1; p < parts; p++)
		if (begin(team, p, now)) {
			f(what, p, parts);
			others--;
		}
	wait_for(team, &team->done, others);
}

/* ---- members ---- */

int team_enlist(struct team *team)
{
	return 1 + atomic_fetch_add(&team->members, 1);
}

static void count(struct team *team, atomic_int *counter, int change)
{
	atomic_fetch_add(counter, change);
	if (atomic_load(&team->leader_asleep) == 0)
		return;
	pthread_mutex_lock(&team->lock);
	pthread_cond_signal(&team->finished);
	pthread_mutex_unlock(&team->lock);
}

/* Another call than this one. */
static uint64_t next_call(struct team *team, uint64_t last)
{
	uint64_t now = atomic_load(&team->call);
	for (const double start = clock_now(); now == last && clock_now() - start < team->spin;) {
		relax();
		now = atomic_load(&team->call);
	}
	if (now != last)
		return now;
	pthread_mutex_lock(&team->lock);
	atomic_fetch_add(&team->asleep, 1);
	while ((now = atomic_load(&team->call)) == last)
		pthread_cond_wait(&team->called, &team->lock);
	atomic_fetch_sub(&team->asleep, 1);
	pthread_mutex_unlock(&team->lock);
	return now;
}

void team_serve(struct team *team, int me)
{
	for (uint64_t now = atomic_load(&team->call); parts_of(now) > 0; now = next_call(team, now))
		if (me < parts_of(now) && begin(team, me, now)) {
			team->work(team->what, me, parts_of(now));
			count(team, &team->done, 1);
		}
	count(team, &team->members, -1);
}

/* ---- cutting ---- */

struct team_rect team_rect(int rows, int columns, int unit, int p, int parts)
{
	struct team_rect rect;
	const int units = (columns + unit - 1) / unit;
	int across = 1;
	double shortest = INFINITY;
	for (int c = 1; c <= parts; c++) {
		const int down = parts / c;
		const double sides = (double)rows / down + (double)columns / c;
		if (parts % c == 0 && c <= units && down <= rows && sides < shortest) {
			shortest = sides;
			across = c;
		}
	}
	rect.rows = team_cut(rows, 1, p / across, parts / across, &rect.row);
	rect.columns = team_cut(columns, unit, p % across, across, &rect.column);
	return rect;
}
