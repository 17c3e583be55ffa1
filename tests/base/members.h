/* members.h: threads that are members of a team. */
#ifndef FATHOM_TEST_MEMBERS_H
#define FATHOM_TEST_MEMBERS_H

#include "cm.h"

#include "base/team.h"

struct member {
	struct team *team;
	int me;
	pthread_t thread;
};

static void *member_serve(void *argument)
{
	struct member *member = argument;
	team_serve(member->team, member->me);
	return NULL;
}

/* n threads join the team … */
static void members_join(struct team *team, int n, struct member *member)
{
	for (int i = 0; i < n; i++) {
		member[i] = (struct member){.team = team, .me = team_enlist(team)};
		assert_int_equal(pthread_create(&member[i].thread, NULL, member_serve, &member[i]), 0);
	}
}

/* … which closes. */
static void members_leave(struct team *team, int n, struct member *member)
{
	team_close(team);
	for (int i = 0; i < n; i++)
		pthread_join(member[i].thread, NULL);
	assert_int_equal(atomic_load(&team->members), 0);
}

#endif
