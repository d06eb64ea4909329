#ifndef HUSTINGS_CREW_H
#define HUSTINGS_CREW_H

#include <stddef.h>

/// Calls body(context, 0) here and body(context, 1) … body(context, threads - 1) on threads kept for it, and returns 1 when all are
/// done; 0, with nothing called, when the threads are at other work or cannot be had.
///
/// A thread that is done looks for more work for a tenth of a millisecond before it sleeps, since waking one takes about as long:
/// for work that comes in many short pieces.
int hustings_crew_run(size_t threads, void (*body)(void *context, size_t thread), void *context);

#endif
