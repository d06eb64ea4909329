#include <math.h>
#include <string.h>

#include "text.h"
#include "text_classes.h"

#pragma STDC FP_CONTRACT OFF

void hustings_weigh(size_t n, const int32_t *columns, const float *idf, int sublinear, float *values) {
  // 1 + ln c for the counts that occur; above it, the function itself.
  static const float logarithm[8] = {0, 1, 1.69314718f, 2.09861229f, 2.38629436f, 2.60943791f, 2.79175947f, 2.94591015f};
  double squares = 0;
  for (size_t i = 0; i < n; i++) {
    float count = values[i], size = count < 0 ? -count : count;
    if (sublinear) size = size < 8 ? logarithm[(int)size] : (float)(1 + log((double)size));
    if (idf) size *= idf[columns[i]];
    values[i] = count < 0 ? -size : size;
    squares += (double)size * (double)size;
  }
  if (squares == 0) return;
  float scale = (float)(1 / sqrt(squares));
  for (size_t i = 0; i < n; i++) values[i] *= scale;
}

// Marks at the beginning of a line, behind any indentation.
static void count_line(size_t n, const uint32_t *line, hustings_surface *s) {
  size_t i = 0;
  while (i < n && (line[i] == ' ' || line[i] == '\t')) i++;
  if (i == n) return;
  uint32_t c = line[i];
  int space = i + 1 < n && line[i + 1] == ' ';
  if ((c == '-' || c == '*' || c == '+' || c == 0x2022) && space) s->bullets += 1;
  size_t k = i;
  while (k < n && k < i + 3 && line[k] >= '0' && line[k] <= '9') k++;
  if (k > i && k + 1 < n && (line[k] == '.' || line[k] == ')') && line[k + 1] == ' ') s->numbered += 1;
  k = i;
  while (k < n && k < i + 6 && line[k] == '#') k++;
  if (k > i && k < n && line[k] == ' ') s->headers += 1;
  if (i + 2 < n && c == '`' && line[i + 1] == '`' && line[i + 2] == '`') s->fences += 1;
}

hustings_surface hustings_count_surface(size_t n, const uint32_t *x) {
  hustings_surface s;
  memset(&s, 0, sizeof s);
  size_t line = 0;
  int blank = 1, gap = 1;
  uint32_t stars = 0, last = ' ';
  for (size_t i = 0; i <= n; i++) {
    uint32_t c = i < n ? x[i] : '\n', next = i + 1 < n ? x[i + 1] : '\n';
    int class = scalar_class(c);
    if (c == '\n') {
      if (blank) {
        gap = 1;
      } else {
        s.lines += 1;
        s.paragraphs += (uint32_t)gap;
        gap = 0;
        count_line(i - line, x + line, &s);
      }
      line = i + 1;
      blank = 1;
      continue;
    }
    s.non_ascii += c >= 128;
    if (class & CLASS_SPACE) continue;
    blank = 0;
    last = c;
    s.digits += (class & CLASS_DIGIT) != 0;
    s.capitals += (class & CLASS_UPPER) != 0;
    if (class != CLASS_OTHER) continue;
    s.punctuation += 1;
    s.questions += c == '?';
    s.exclamations += c == '!';
    s.colons += c == ':';
    s.quotes += c == '"' || c == 0x201C || c == 0x201D;
    if (c == '.' || c == '!' || c == '?') {
      int closing = next == '"' || next == ')' || next == 0x201D || next == 0x2019 || next == '\'';
      s.sentences += closing || (scalar_class(next) & CLASS_SPACE) != 0;
    }
    if (c == '*' && next == '*') {
      stars += 1;
      i += 1;
    }
    if (c == ':' && next == '/' && i + 2 < n && x[i + 2] == '/') s.links += 1;
  }
  s.bold = stars / 2;
  s.fences = (s.fences + 1) / 2;
  s.ends_with_stop = last == '.' || last == '!' || last == '?';
  return s;
}

size_t hustings_count_phrases(size_t n, const uint64_t *words, size_t count, const uint32_t *lengths,
                              const uint64_t *phrases) {
  uint64_t firsts = 0;
  const uint64_t *phrase = phrases;
  for (size_t p = 0; p < count; phrase += lengths[p++]) firsts |= 1ull << (phrase[0] & 63);
  size_t hits = 0;
  for (size_t i = 0; i < n; i++) {
    if (!(firsts >> (words[i] & 63) & 1)) continue;
    phrase = phrases;
    for (size_t p = 0; p < count; phrase += lengths[p++]) {
      uint32_t k = 0;
      while (k < lengths[p] && i + k < n && words[i + k] == phrase[k]) k++;
      if (k == lengths[p]) {
        hits += 1;
        i += lengths[p] - 1;
        break;
      }
    }
  }
  return hits;
}

static size_t place_of(hustings_set set, uint64_t key) {
  size_t place = (size_t)((key * 0x9E3779B97F4A7C15u) >> 32) & (set.size - 1);
  while (set.counts[place] && set.keys[place] != key) place = (place + 1) & (set.size - 1);
  return place;
}

size_t hustings_collect(size_t n, const uint64_t *words, uint32_t length, hustings_set set, uint32_t *most) {
  size_t distinct = 0;
  uint32_t highest = 0;
  memset(set.counts, 0, set.size * sizeof *set.counts);
  for (size_t i = 0; i + length <= n; i++) {
    uint64_t key = 0;
    for (uint32_t k = 0; k < length; k++) key = length == 1 ? words[i] : (key + words[i + k]) * 0x2545F4914F6CDD1Du;
    size_t place = place_of(set, key);
    distinct += set.counts[place] == 0;
    set.keys[place] = key;
    set.counts[place] += 1;
    if (set.counts[place] > highest) highest = set.counts[place];
  }
  if (most) *most = highest;
  return distinct;
}

uint32_t hustings_occurrences(hustings_set set, uint64_t word) { return set.counts[place_of(set, word)]; }
