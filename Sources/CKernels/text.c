#include "text.h"

#include <string.h>

#include "text_classes.h"

size_t hustings_scalars(const uint8_t *text, size_t bytes, uint32_t *out) {
  size_t n = 0, i = 0;
  while (i < bytes) {
    while (i + 8 <= bytes) {
      uint64_t word;
      memcpy(&word, text + i, 8);
      if (word & 0x8080808080808080u) break;
      for (int k = 0; k < 8; k++) out[n + (size_t)k] = text[i + (size_t)k];
      i += 8;
      n += 8;
    }
    if (i >= bytes) break;
    uint32_t c = text[i];
    if (c < 0x80) {
      i += 1;
    } else if (c < 0xE0) {
      c = (c & 0x1F) << 6 | (text[i + 1] & 0x3F);
      i += 2;
    } else if (c < 0xF0) {
      c = (c & 0x0F) << 12 | (uint32_t)(text[i + 1] & 0x3F) << 6 | (text[i + 2] & 0x3F);
      i += 3;
    } else {
      c = (c & 0x07) << 18 | (uint32_t)(text[i + 1] & 0x3F) << 12 | (uint32_t)(text[i + 2] & 0x3F) << 6 |
          (text[i + 3] & 0x3F);
      i += 4;
    }
    out[n++] = c;
  }
  return n;
}

size_t hustings_fold(size_t n, const uint32_t *scalars, uint32_t *out) {
  size_t m = 1;
  out[0] = ' ';
  for (size_t i = 0; i < n; i++) {
    uint32_t c = scalars[i];
    int space = c < 128 ? ascii_class(c) == CLASS_SPACE : is_wide_space(c);
    c = space ? ' ' : scalar_fold(c);
    out[m] = c;
    m += !(space && out[m - 1] == ' ');
  }
  if (out[m - 1] != ' ') out[m++] = ' ';
  return m == 1 ? 0 : m;
}

// Multiplication by an odd constant mixes upwards, the shift brings the high bits down again: the finaliser of SplitMix64
// (Steele, Lea, Flood 2014), cut to one round, which is enough in front of a table of hashed features.
static inline uint64_t mixed(uint64_t h) {
  h ^= h >> 32;
  h *= 0xD6E8FEB86659FD93u;
  h ^= h >> 32;
  return h * 0x9E3779B97F4A7C15u;
}

static const uint64_t spread = 0x2545F4914F6CDD1Du;
static const uint64_t character_seed = 0x632BE59BD9B4E019u;

static inline void add(hustings_tally tally, uint64_t hash) {
  uint64_t bits = mixed(hash);
  uint64_t column = bits >> (64 - tally.bits);
  tally.counts[column] += (int32_t)(bits & 2) - 1;
  tally.touched[column >> 6] |= 1ull << (column & 63);
  tally.blocks[column >> 12] |= 1ull << (column >> 6 & 63);
}

size_t hustings_words(size_t n, const uint32_t *folded, uint64_t *out, size_t *letters) {
  size_t count = 0, inside = 0;
  uint64_t hash = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t c = folded[i];
    if (scalar_class(c) & CLASS_WORD) {
      hash = (hash + c) * spread;
      hash ^= hash >> 29;
      inside += 1;
    } else if (hash) {
      out[count++] = hash;
      hash = 0;
    }
  }
  if (hash) out[count++] = hash;
  if (letters) *letters = inside;
  return count;
}

void hustings_count_words(size_t n, const uint64_t *words, uint32_t longest, hustings_tally tally) {
  for (size_t i = 0; i < n; i++) {
    uint64_t hash = 0;
    for (uint32_t k = 0; k < longest && i + k < n; k++) {
      hash = (hash + words[i + k]) * spread;
      add(tally, hash);
    }
  }
}

void hustings_count_characters(size_t n, const uint32_t *folded, uint32_t shortest, uint32_t longest,
                               hustings_tally tally) {
  size_t start = 0;
  while (start + 1 < n) {
    size_t end = start + 1;
    while (folded[end] != ' ') end++;
    size_t length = end - start + 1;
    const uint32_t *token = folded + start;
    if (length <= shortest) {
      uint64_t hash = character_seed;
      for (size_t k = 0; k < length; k++) hash = hash * spread + token[k];
      add(tally, hash);
    } else {
      // Runs as long as the token itself, or shorter.
      uint32_t top = length < longest ? (uint32_t)length : longest;
      for (size_t i = 0; i + shortest <= length; i++) {
        uint64_t hash = character_seed;
        for (uint32_t k = 0; k < shortest; k++) hash = hash * spread + token[i + k];
        add(tally, hash);
        for (uint32_t k = shortest; k < top && i + k < length; k++) {
          hash = hash * spread + token[i + k];
          add(tally, hash);
        }
      }
    }
    start = end;
  }
}

size_t hustings_drain(hustings_tally tally, int32_t *columns, float *values) {
  size_t n = 0, blocks = (((size_t)1 << tally.bits) + 4095) / 4096;
  for (size_t block = 0; block < blocks; block++) {
    for (uint64_t words = tally.blocks[block]; words; words &= words - 1) {
      size_t word = block * 64 + (size_t)__builtin_ctzll(words);
      for (uint64_t bits = tally.touched[word]; bits; bits &= bits - 1) {
        size_t column = word * 64 + (size_t)__builtin_ctzll(bits);
        columns[n] = (int32_t)column;
        values[n] = (float)tally.counts[column];
        n += tally.counts[column] != 0;
        tally.counts[column] = 0;
      }
      tally.touched[word] = 0;
    }
    tally.blocks[block] = 0;
  }
  return n;
}
