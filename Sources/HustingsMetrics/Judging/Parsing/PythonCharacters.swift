extension Unicode.Scalar {
  /// Whether Python's `\s` matches it.
  var isPythonSpace: Bool {
    // Python also counts the four separators below the blank.
    properties.isWhitespace || (0x1c...0x1f).contains(value)
  }

  /// Whether Python's `\d` matches it.
  var isPythonDigit: Bool {
    isASCII ? ("0"..."9").contains(self) : properties.generalCategory == .decimalNumber
  }

  /// Whether Python's `\w` matches it: a letter, anything of numeric value, or an underscore.
  var isPythonWord: Bool {
    if isASCII {
      return isASCIILetter || ("0"..."9").contains(self) || self == "_"
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
    default: return properties.numericType != nil
    }
  }

  /// Whether it is one of A to Z and a to z.
  var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
