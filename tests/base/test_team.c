/* test_team.c: every part of every call is done once, whoever is there, sleeps or comes late; nobody is lost when a team closes. */
#include "cm.h"

#include <stdlib.h>
#include <unistd.h>

#include "members.h"

/* Plain numbers: what one call writes the next reads, by whatever thread (for the thread sanitizer). */
enum { MOST = 16 };
struct tally {
	int times[MOST], parts, nap;
};

static void count_part(void *what, int part, int parts)
{
	struct tally *tally = what;
	if (part == tally->nap)
		usleep(300); /* longer than anybody stays awake */
	tally->times[part]++;
	if (part == 0)
		tally->parts = parts;
}

static void calls(bool spin, int members)
{
	struct team team;
	struct member member[MOST];
	struct tally tally = {.nap = -1};
	int expected[MOST] = {0};
	team_init(&team, spin);
	for (int round = 0; round < 3; round++) {
		team_open(&team);
		members_join(&team, members, member);
		for (int call = 0; call < 300; call++) {
			const int parts = 1 + call % (members + 3), n = parts < members + 1 ? parts : members + 1;
			tally.nap = call % 50 == 0 ? call / 50 % n : -1;
			if (call % 70 == 0)
				usleep(300); /* they fall asleep */
			team_share(&team, parts, count_part, &tally);
			assert_int_equal(tally.parts, n);
			for (int p = 0; p < n; p++)
				expected[p]++;
			assert_memory_equal(tally.times, expected, sizeof expected);
		}
		members_leave(&team, members, member);
	}
	team_release(&team);
}

static void each_part_once(void **state)
{
	for (int members = 0; members <= 7; members += members < 3 ? 1 : 4) {
		calls(true, members);
		calls(false, members);
	}
}

/* Members that are counted but have not come yet: the leader does their parts. */
static void late_members(void **state)
{
	struct team team;
	struct member member[2];
	struct tally tally = {.nap = -1};
	const int twice[] = {2, 2, 2};
	team_init(&team, true);
	team_open(&team);
	for (int i = 0; i < 2; i++)
		member[i] = (struct member){.team = &team, .me = team_enlist(&team)};
	team_share(&team, 3, count_part, &tally);
	team_share(&team, 3, count_part, &tally);
	assert_memory_equal(tally.times, twice, sizeof twice);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&member[i].thread, NULL, member_serve, &member[i]), 0);
	members_leave(&team, 2, member);
	team_close(&team); /* again: nothing */
	team_release(&team);
}

static void nobody(void **state)
{
	struct tally tally = {.nap = -1};
	team_share(NULL, 5, count_part, &tally);
	assert_int_equal(tally.parts, 1);
	assert_int_equal(tally.times[0], 1);
	assert_int_equal(team_parts(NULL, 1e9), 1);
	team_tell(NULL, 0.5);
}

static void worth(void **state)
{
	struct team team;
	team_init(&team, true);
	team_open(&team);
	assert_int_equal(team_parts(&team, 1e12), 1);
	for (int i = 0; i < 7; i++)
		team_enlist(&team);
	assert_int_equal(team_parts(&team, 1e12), 8);
	assert_int_equal(team_parts(&team, 3.5 * TEAM_PART_WORK), 3);
	assert_int_equal(team_parts(&team, 1.9 * TEAM_PART_WORK), 1);
	assert_int_equal(team_worth(1e12, TEAM_PART_WORK), TEAM_MOST);
	team_release(&team);
}

/* The cuts of a matrix cover every element once, at multiples of the unit. */
static void cuts(void **state)
{
	enum { ROWS = 23, COLUMNS = 70 };
	for (int parts = 1; parts <= 12; parts++)
		for (int rows = 1; rows <= ROWS; rows += 11)
			for (int columns = 1; columns <= COLUMNS; columns += 23) {
				char seen[ROWS][COLUMNS] = {0};
				for (int p = 0; p < parts; p++) {
					const struct team_rect r = team_rect(rows, columns, 16, p, parts);
					assert_true(r.rows >= 0 && r.columns >= 0 && r.column % 16 == 0);
					for (int i = r.row; i < r.row + r.rows; i++)
						for (int j = r.column; j < r.column + r.columns; j++)
							seen[i][j]++;
				}
				for (int i = 0; i < ROWS; i++)
					for (int j = 0; j < COLUMNS; j++)
						assert_int_equal(seen[i][j], i < rows && j < columns);
			}
	const struct team_rect half = team_rect(256, 512, 16, 1, 2);
	assert_int_equal(half.rows, 256);
	assert_int_equal(half.columns, 256);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_part_once), cmocka_unit_test(late_members), cmocka_unit_test(nobody),
		cmocka_unit_test(worth),          cmocka_unit_test(cuts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
