#include "crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#define MOST 256
// How long to look for what is awaited before sleeping, in nanoseconds.
#define PATIENCE 100000

#if defined(__x86_64__)
#define PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define PAUSE() __asm__ volatile("yield")
#else
#define PAUSE()
#endif

// One who awaits a number: that of a thread's next piece of work, or of all pieces done.
typedef struct {
  atomic_uint_fast64_t number;
  atomic_int sleeps;
  pthread_mutex_t lock;
  pthread_cond_t change;
} post;

static struct {
  // Held while the crew is at work for somebody.
  pthread_mutex_t busy;
  // Threads other than the caller's, 1 ..< size.
  size_t size;
  post posts[MOST];
  post done;
  // Handed to other threads so far.
  uint_fast64_t pieces;
  void (*body)(void *, size_t);
  void *context;
} crew = {.busy = PTHREAD_MUTEX_INITIALIZER, .size = 1};

static int64_t nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// Waits until the number is at least `wanted`.
static void await(post *at, uint_fast64_t wanted) {
  int64_t end = nanoseconds() + PATIENCE;
  do {
    for (int i = 0; i < 32; i++) {
      if (atomic_load_explicit(&at->number, memory_order_acquire) >= wanted) return;
      PAUSE();
    }
  } while (nanoseconds() < end);
  pthread_mutex_lock(&at->lock);
  atomic_store(&at->sleeps, 1);
  while (atomic_load(&at->number) < wanted) pthread_cond_wait(&at->change, &at->lock);
  atomic_store(&at->sleeps, 0);
  pthread_mutex_unlock(&at->lock);
}

// Adds 1 to the number, and wakes who sleeps until it changes.
static void advance(post *at) {
  atomic_fetch_add(&at->number, 1);
  if (!atomic_load(&at->sleeps)) return;
  pthread_mutex_lock(&at->lock);
  pthread_cond_signal(&at->change);
  pthread_mutex_unlock(&at->lock);
}

static void *work(void *argument) {
  size_t thread = (size_t)(uintptr_t)argument;
  for (uint_fast64_t piece = 1;; piece++) {
    await(&crew.posts[thread], piece);
    crew.body(crew.context, thread);
    advance(&crew.done);
  }
  return NULL;
}

static void ready(post *at) {
  pthread_mutex_init(&at->lock, NULL);
  pthread_cond_init(&at->change, NULL);
}

// Threads up to `wanted`, as many as can be had.
static void grow(size_t wanted) {
  if (crew.size == 1) ready(&crew.done);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  while (crew.size < wanted) {
    pthread_t thread;
    ready(&crew.posts[crew.size]);
    if (pthread_create(&thread, &attributes, work, (void *)(uintptr_t)crew.size) != 0) break;
    crew.size++;
  }
  pthread_attr_destroy(&attributes);
}

int hustings_crew_run(size_t threads, void (*body)(void *context, size_t thread), void *context) {
  if (threads > MOST || pthread_mutex_trylock(&crew.busy) != 0) return 0;
  if (crew.size < threads) grow(threads);
  int enough = crew.size >= threads;
  if (enough) {
    crew.body = body;
    crew.context = context;
    for (size_t thread = 1; thread < threads; thread++) advance(&crew.posts[thread]);
    crew.pieces += threads - 1;
    body(context, 0);
    await(&crew.done, crew.pieces);
  }
  pthread_mutex_unlock(&crew.busy);
  return enough;
}
