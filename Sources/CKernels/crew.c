#include "crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#define MOST 256
// How long to look for what is awaited before sleeping, in nanoseconds.
#define PATIENCE 300000

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

// The blocks that a thread has yet to do, the first in the low half and the end in the high half: it takes them from the
// front, and those who have none left from the back, so that blocks side by side stay with one thread and its cache.
typedef struct {
  _Alignas(64) atomic_uint_fast64_t blocks;
} share;

static struct {
  // Held while the crew is at work for somebody.
  pthread_mutex_t busy;
  // Threads other than the caller's, 1 ..< size.
  size_t size;
  post posts[MOST];
  post done;
  // Handed to other threads so far.
  uint_fast64_t pieces;
  size_t threads;
  share shares[MOST];
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

static uint_fast64_t blocks_of(uint_fast64_t first, uint_fast64_t end) { return end << 32 | first; }

// Takes one of a share's blocks, from the front or from the back; false when there are none.
static int take(share *from, int front, size_t *block) {
  uint_fast64_t all = atomic_load_explicit(&from->blocks, memory_order_relaxed);
  for (;;) {
    uint_fast64_t first = all & UINT32_MAX, end = all >> 32;
    if (first >= end) return 0;
    *block = front ? first : end - 1;
    uint_fast64_t rest = front ? blocks_of(first + 1, end) : blocks_of(first, end - 1);
    if (atomic_compare_exchange_weak_explicit(&from->blocks, &all, rest, memory_order_relaxed, memory_order_relaxed))
      return 1;
  }
}

static void do_blocks(size_t thread) {
  size_t block;
  for (size_t ahead = 0; ahead < crew.threads; ahead++) {
    share *from = &crew.shares[(thread + ahead) % crew.threads];
    while (take(from, ahead == 0, &block)) crew.body(crew.context, block);
  }
}

static void *work(void *argument) {
  size_t thread = (size_t)(uintptr_t)argument;
  for (uint_fast64_t piece = 1;; piece++) {
    await(&crew.posts[thread], piece);
    do_blocks(thread);
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

int hustings_crew_run(size_t threads, size_t blocks, void (*body)(void *context, size_t block), void *context) {
  if (threads > MOST || blocks > UINT32_MAX || pthread_mutex_trylock(&crew.busy) != 0) return 0;
  if (crew.size < threads) grow(threads);
  int enough = crew.size >= threads;
  if (enough) {
    crew.body = body;
    crew.context = context;
    crew.threads = threads;
    for (size_t thread = 0; thread < threads; thread++)
      atomic_store_explicit(&crew.shares[thread].blocks,
                            blocks_of(thread * blocks / threads, (thread + 1) * blocks / threads), memory_order_relaxed);
    for (size_t thread = 1; thread < threads; thread++) advance(&crew.posts[thread]);
    crew.pieces += threads - 1;
    do_blocks(0);
    await(&crew.done, crew.pieces);
  }
  pthread_mutex_unlock(&crew.busy);
  return enough;
}
