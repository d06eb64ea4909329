#ifndef HUSTINGS_TEXT_CLASSES_H
#define HUSTINGS_TEXT_CLASSES_H

#include <stdint.h>

enum { CLASS_OTHER = 0, CLASS_SPACE = 1, CLASS_WORD = 2, CLASS_DIGIT = 4, CLASS_UPPER = 8 };

static const uint8_t ascii_classes[128] = {
    [9 ... 13] = CLASS_SPACE, [28 ... 32] = CLASS_SPACE,
    ['0' ... '9'] = CLASS_WORD | CLASS_DIGIT,
    ['A' ... 'Z'] = CLASS_WORD | CLASS_UPPER,
    ['a' ... 'z'] = CLASS_WORD, ['_'] = CLASS_WORD,
};

static inline int ascii_class(uint32_t c) { return ascii_classes[c]; }

// Blocks of symbols and punctuation beyond ASCII; every other scalar from U+00C0 on counts as part of a word.
static inline int is_symbol(uint32_t c) {
  if (c < 0xC0) return !(c == 0xAA || c == 0xB5 || c == 0xBA || c == 0xB2 || c == 0xB3 || c == 0xB9);
  if (c == 0xD7 || c == 0xF7) return 1;
  if (c < 0x2000) return c == 0x37E || c == 0x387 || (c >= 0x55A && c <= 0x55F) || c == 0x589 || c == 0x5BE ||
                         c == 0x60C || c == 0x61B || c == 0x61F || c == 0x6D4 || c == 0x964 || c == 0x965;
  if (c < 0x2070) return 1;                    // general punctuation
  if (c >= 0x20A0 && c <= 0x20CF) return 1;    // currency
  if (c >= 0x2190 && c <= 0x245F) return 1;    // arrows, mathematics, technical
  if (c >= 0x2500 && c <= 0x2775) return 1;    // boxes, shapes, dingbats
  if (c >= 0x2794 && c <= 0x2BFF) return 1;    // dingbats, arrows, braille, mathematics
  if (c >= 0x2E00 && c <= 0x2E7F) return 1;    // supplemental punctuation
  if (c >= 0x3000 && c <= 0x3004) return 1;    // CJK punctuation
  if (c >= 0x3008 && c <= 0x3020) return 1;
  if (c == 0x3030 || c == 0x30FB) return 1;
  if (c >= 0xE000 && c <= 0xF8FF) return 1;    // private use
  if (c >= 0xFE00 && c <= 0xFE6F) return c < 0xFE20 || c > 0xFE2F;
  if (c >= 0xFF01 && c <= 0xFF0F) return 1;    // full-width punctuation
  if (c >= 0xFF1A && c <= 0xFF20) return 1;
  if (c >= 0xFF3B && c <= 0xFF40) return 1;
  if (c >= 0xFF5B && c <= 0xFF65) return 1;
  if (c >= 0xFFF0 && c <= 0xFFFF) return 1;
  return c >= 0x1F000 && c <= 0x1FAFF;         // emoji
}

static inline int is_wide_space(uint32_t c) {
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

// Latin, Greek and Cyrillic; other scripts keep their letters as they are.
static inline uint32_t wide_lower(uint32_t c) {
  if (c < 0xC0) return c;
  if (c <= 0xDE) return c == 0xD7 ? c : c + 32;
  if (c < 0x100) return c;
  if (c <= 0x17F) {
    if (c == 0x130) return 'i';
    if (c == 0x178) return 0xFF;
    if (c == 0x131 || c == 0x138 || c == 0x149 || c == 0x17F) return c;
    int even_is_upper = !((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E));
    return even_is_upper ? c | 1 : (c & 1 ? c + 1 : c);
  }
  if (c >= 0x391 && c <= 0x3A9) return c == 0x3A2 ? c : c + 32;
  if (c == 0x386) return 0x3AC;
  if (c >= 0x388 && c <= 0x38A) return c + 37;
  if (c == 0x38C) return 0x3CC;
  if (c == 0x38E || c == 0x38F) return c + 63;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if (c >= 0x460 && c <= 0x481) return c | 1;
  if (c >= 0x48A && c <= 0x4BF) return c | 1;
  if (c >= 0x1E00 && c <= 0x1E95) return c | 1;
  if (c >= 0x1EA0 && c <= 0x1EFF) return c | 1;
  return c;
}

static inline int scalar_class(uint32_t c) {
  if (c < 128) return ascii_class(c);
  if (is_wide_space(c)) return CLASS_SPACE;
  if (is_symbol(c)) return CLASS_OTHER;
  return wide_lower(c) != c ? CLASS_WORD | CLASS_UPPER : CLASS_WORD;
}

static inline uint32_t scalar_fold(uint32_t c) {
  if (c < 128) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  if (c == 0x2018 || c == 0x2019) return '\'';
  if (c == 0x201C || c == 0x201D) return '"';
  return wide_lower(c);
}

#endif
