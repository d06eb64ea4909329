#ifndef HUSTINGS_CREW_H
#define HUSTINGS_CREW_H

#include <stddef.h>

/// Calls body(context, block) for each block 0 ..< blocks, here and on threads - 1 threads kept for it, and returns 1 when all are
/// done; 0, with nothing called, when the threads are at other work or cannot be had. Each thread begins with blocks side by side,
/// the same ones each time, and then helps out the others.
///
/// A thread that is done looks for more work for .3 milliseconds before it sleeps, since waking one takes about as long:
/// for work that comes in many short pieces.
int hustings_crew_run(size_t threads, size_t blocks, void (*body)(void *context, size_t block), void *context);

#endif
