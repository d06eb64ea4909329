#ifndef HUSTINGS_CLONES_H
#define HUSTINGS_CLONES_H

// HUSTINGS_CLONES before a function compiles one copy of it for each level of x86-64, chosen when the program is loaded.
// Sanitizers are not there yet when the choice is made, and crash in it: under them there is one copy.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define HUSTINGS_SANITIZED
#endif
#endif

#if defined(__x86_64__) && defined(__linux__) && !defined(HUSTINGS_SANITIZED)
#define HUSTINGS_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define HUSTINGS_CLONES
#endif

#endif
