#ifndef HUSTINGS_TEXT_H
#define HUSTINGS_TEXT_H

#include <stddef.h>
#include <stdint.h>

// Text as numbers. Every function is a pure function of its arguments and gives the same on every processor; character
// classes are written out in text_classes.h, so they do not follow the Unicode tables of the system.

/// The Unicode scalars of valid UTF-8. `out` has room for `bytes` of them; returns how many there are.
size_t hustings_scalars(const uint8_t *text, size_t bytes, uint32_t *out);

/// Folds scalars for counting: letters to lower case, curly quotes to straight ones, every run of white space to one
/// space, with one space in front and one behind. `out` has room for n + 2; returns how many, 0 for blank text.
size_t hustings_fold(size_t n, const uint32_t *scalars, uint32_t *out);

/// The hashes of the words of a folded text, in order; a word is a longest run of letters, digits and underscores.
/// `out` has room for n / 2 + 1; returns how many. `letters`, unless NULL, is the number of scalars in words.
size_t hustings_words(size_t n, const uint32_t *folded, uint64_t *out, size_t *letters);

/// Signed counts of hashed n-grams. `counts` has 2^bits places, `touched` a bit for each of them and `blocks` a bit for each word of
/// `touched`; all zero before the first use and after every `hustings_drain`.
typedef struct {
  uint32_t bits;
  int32_t *counts;
  uint64_t *touched;
  uint64_t *blocks;
} hustings_tally;

/// Counts every run of 1 to `longest` words.
void hustings_count_words(size_t n, const uint64_t *words, uint32_t longest, hustings_tally tally);

/// Counts every run of `shortest` to `longest` characters within the space-separated tokens of a folded text, each with
/// one space in front and one behind. A token no longer than the run counts once, and not again for longer runs.
void hustings_count_characters(size_t n, const uint32_t *folded, uint32_t shortest, uint32_t longest,
                               hustings_tally tally);

/// The columns with a count other than 0, ascending, and their counts; returns how many. The tally is zero afterwards.
size_t hustings_drain(hustings_tally tally, int32_t *columns, float *values);

/// Counts c to sign(c)·(sublinear ? 1 + ln|c| : |c|)·idf[column] over the row's Euclidean length; a row of zeros stays.
/// A NULL `idf` means 1.
void hustings_weigh(size_t n, const int32_t *columns, const float *idf, int sublinear, float *values);

/// What can be counted in one pass over a text.
typedef struct {
  uint32_t digits, capitals, punctuation, non_ascii;
  uint32_t lines, paragraphs, sentences;
  uint32_t bullets, numbered, headers, bold, fences, links;
  uint32_t questions, exclamations, colons, quotes;
  uint32_t ends_with_stop;
} hustings_surface;

/// The surface of a text.
hustings_surface hustings_count_surface(size_t n, const uint32_t *scalars);

/// How often any of the phrases stands in the words, none of them overlapping another. Phrase p is the next lengths[p] hashes of `phrases`.
size_t hustings_count_phrases(size_t n, const uint64_t *words, size_t count, const uint32_t *lengths,
                              const uint64_t *phrases);

/// A set of hashes with how often each occurred: `size` places, a power of two above the number of hashes.
typedef struct {
  size_t size;
  uint64_t *keys;
  uint32_t *counts;
} hustings_set;

/// Empties the set and puts the runs of `length` words into it; returns how many distinct ones there are. `most`, unless
/// NULL, is how often the most frequent one occurs.
size_t hustings_collect(size_t n, const uint64_t *words, uint32_t length, hustings_set set, uint32_t *most);

/// How often the set holds the hash.
uint32_t hustings_occurrences(hustings_set set, uint64_t word);

#endif
