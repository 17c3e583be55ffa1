/* team.h: threads that help another with its work. The leader cuts a piece of work into parts, at most one for each member and
 * itself; members do theirs as soon as they hear of it, and the leader does every part that nobody has begun: so it never waits
 * for a member that sleeps, is late or has no processor. Who does which part must not show in what comes out. Members wait between
 * pieces, spinning a little while before they sleep. One leader at a time; NULL is a team of nobody.
 *
 *     leader                                member (any thread)
 *     team_open(team)                       with a lock that also guards open and close: me = team_enlist(team)
 *     team_share(team, parts, f, what) …    team_serve(team, me), which returns after
 *     team_close(team)
 */
#ifndef FATHOM_TEAM_H
#define FATHOM_TEAM_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* A call costs a few microseconds: parts of less than about twenty are not worth it. Work is counted in vector operations of 64
 * bytes, about 0.1 ns each. */
enum { TEAM_MOST = 64, TEAM_PART_WORK = 150000 };

typedef void team_work(void *what, int part, int parts);

struct team {
	_Atomic uint64_t call; /* its number, and how many parts; 0 parts: the team is closed */
	atomic_int members;    /* beside the leader: 1 … members */
	atomic_int done;       /* parts of this call by others than the leader */
	_Atomic double left;   /* the share of its work that is still to do */
	double spin;           /* seconds before a waiting thread sleeps */
	double part_work;      /* the least work of a part: TEAM_PART_WORK */
	team_work *work;
	void *what;
	struct {
		_Alignas(64) _Atomic uint64_t call; /* the last call of which somebody began this part */
	} part[TEAM_MOST];
	pthread_mutex_t lock; /* of sleep */
	pthread_cond_t called, finished;
	atomic_int asleep, leader_asleep;
};

/* spin: whether there is a processor for each thread, so that waiting awake takes time from nobody. */
void team_init(struct team *team, bool spin);
void team_release(struct team *team);

void team_open(struct team *team);
void team_close(struct team *team); /* returns when all members have left; does nothing if it is closed */

/* f(what, p, n) once for each p = 0 … n−1, for some n ≤ parts; returns when all are done. */
void team_share(struct team *team, int parts, team_work *f, void *what);

/* What the leader says of its progress, for anybody to read. */
static inline void team_tell(struct team *team, double left)
{
	if (team)
		atomic_store_explicit(&team->left, left, memory_order_relaxed);
}

int team_enlist(struct team *team);
void team_serve(struct team *team, int me);

/* The most parts that this much work is worth, the leader's included. */
static inline int team_worth(double work, double part)
{
	return work < 2 * part ? 1 : work < TEAM_MOST * part ? (int)(work / part) : TEAM_MOST;
}

/* … for those who are there. */
static inline int team_parts(struct team *team, double work)
{
	const int hands = team ? 1 + atomic_load_explicit(&team->members, memory_order_acquire) : 1;
	const int parts = hands > 1 ? team_worth(work, team->part_work) : 1;
	return parts < hands ? parts : hands;
}

/* ---- cutting ---- */

/* The share of part p of n things cut at multiples of `unit`, even in units: how many, from *from on. 0: there are fewer than
 * parts. */
static inline int team_cut(int n, int unit, int p, int parts, int *from)
{
	const int units = (n + unit - 1) / unit;
	const int begin = (int)((int64_t)units * p / parts) * unit,
		  end = (int)((int64_t)units * (p + 1) / parts) * unit;
	*from = begin;
	return (end < n ? end : n) - begin;
}

struct team_rect {
	int row, rows, column, columns;
};

/* The same of a matrix, columns at multiples of `unit`: in rectangles with short sides, as a product reads both. */
struct team_rect team_rect(int rows, int columns, int unit, int p, int parts);

#endif
