/* clock.h: how long something took. */
#ifndef FATHOM_CLOCK_H
#define FATHOM_CLOCK_H

/* Seconds since some moment in the past; never goes back. */
double clock_now(void);

#endif
