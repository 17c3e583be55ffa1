/* server.h: a program that starts a thousand times a minute. */
#ifndef FAULTS_SERVER_H
#define FAULTS_SERVER_H

/* If the environment has FAULT_SERVER=FD, answers the requests that come by that socket until it is closed, each with a child
 * in which alone this returns: argv, environment, working folder and output are then those of the request. */
void serve(char **argv);

#endif
