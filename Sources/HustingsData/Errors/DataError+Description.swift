// The words of this room. Every sentence says what is wrong, where, and what to do next.

extension DataError {
  /// One sentence or two: what is wrong, where, and the next move.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file) cannot be read: \(reason). Check the path and its permissions."
    case .unwritable(let file, let reason):
      "\(file) cannot be written: \(reason). Nothing was left under that name; free space or name another place."
    case .folderInsteadOfFile(let file):
      "\(file) is a folder. Name a file in it."
    case .empty(let file):
      "\(file) is empty. Fetch or export it again."
    case .foreignEncoding(let file, let encoding):
      "\(file) is encoded in \(encoding). Convert it to UTF-8, for example with iconv -f \(encoding) -t UTF-8."
    case .invalidUTF8(let place, let offset):
      "\(place) holds bytes that are no UTF-8, the first at byte \(offset). Convert the file to UTF-8 or fetch it again."
    case .gzip(let file, let fault): "\(file) \(fault.words)"
    case .json(let place, let fault): "\(place): \(fault.words)"
    case .field(let place, let path, let fault): "\(place): \(fault.words(path: path))"
    case .unwritableJSON(let path, let fault): "A value cannot be written as JSON: \(fault.words(path: path))"
    case .lines(let place, let fault): "\(place) \(fault.words)"
    case .csv(let place, let fault): "\(place): \(fault.words)"
    case .tensors(let file, let fault): "\(file) \(fault.words)"
    case .folder(let fault): fault.words
    }
  }
}

extension GzipFault {
  var words: String {
    switch self {
    case .truncated: "is a truncated gzip file: it ends inside the compressed data. Fetch it again."
    case .trailingBytes(let offset):
      "has bytes after the end of its gzip data, from byte \(offset) on. Fetch it again, or cut it there."
    case .checksum: "is a damaged gzip file: its content does not match its checksum. Fetch it again."
    case .corrupt(let reason): "is a damaged gzip file (\(reason)). Fetch it again."
    }
  }
}

extension JSONFault {
  var words: String {
    switch self {
    case .endOfText(let expected): "the JSON ends where \(expected) should follow. The file may be cut short."
    case .unexpected(let found, let expected): "expected \(expected), found \(found). Correct the JSON there."
    case .controlCharacter(let byte):
      "a string holds the control character \(hex(byte)). Write it as an escape, such as \\n or \\u0000."
    case .badEscape(let text): "'\(text)' is no JSON escape. Write \\\\ for a backslash."
    case .loneSurrogate(let text):
      "\(text) is half of a surrogate pair and stands for no character. Export the text again as UTF-8."
    case .badNumber(let text): "'\(text)' is no JSON number. Write digits, such as 0.5 or -1e-3."
    case .numberOutOfRange(let text): "the number \(text) is larger than any double. Correct it."
    case .nonFinite(let text):
      "\(text) is no JSON number. Write null for a missing value, or correct what produced it."
    case .duplicateKey(let key): "the key '\(key)' stands twice in one object. Remove one of them."
    case .tooDeep(let limit): "arrays and objects are nested deeper than \(limit) levels. Flatten the file."
    case .trailingText(let found):
      "\(found) follows the JSON value. Put one value in a file, or name a file of JSON lines .jsonl."
    }
  }
}

extension FieldFault {
  func words(path: String) -> String {
    let name = path.isEmpty ? "the value" : "'\(path)'"
    switch self {
    case .missing(let nearest):
      return "\(name) is missing.\(suggestion(nearest)) Check that this is the right file and version."
    case .wrongType(let expected, let found):
      return "\(name) must be \(expected), but is \(found). Correct it or export the file again."
    case .notFinite(let text):
      return
        "\(name) is \(text), which is not a number. Write null for a missing value, or correct what produced it."
    case .notAllowed(let found, let expected):
      return "\(name) is \(found), but must be \(expected). Correct it."
    case .unknown(let nearest):
      return "\(name) means nothing here.\(suggestion(nearest)) Remove it or correct its spelling."
    }
  }
}

extension LineFault {
  var words: String {
    switch self {
    case .truncated:
      "is truncated: the last line ends in the middle of a record. Fetch or export the file again."
    case .blank: "is blank, but records follow it. Remove the line."
    case .tooLong(let limit): "is longer than \(limit) bytes. Check that the file holds one record a line."
    }
  }
}

extension CSVFault {
  var words: String {
    switch self {
    case .ragged(let found, let expected):
      "the row has \(found) field\(found == 1 ? "" : "s"), but the header has \(expected). "
        + "Correct the row, or quote fields that hold commas."
    case .unterminatedQuote: "a quoted field begins here and never ends. Close its quotation mark."
    case .strayQuote:
      "a quotation mark stands inside a field. Quote the whole field and write each mark in it twice."
    case .duplicateColumn(let name): "the header names the column '\(name)' twice. Rename one of them."
    case .missingColumn(let name, let nearest):
      "there is no column '\(name)'.\(suggestion(nearest)) Check the header."
    case .emptyField(let column): "the column '\(column)' is empty in this row. Fill it in or remove the row."
    case .notANumber(let column, let text):
      "the column '\(column)' holds '\(text)', which is no number. Correct it."
    case .notFinite(let column, let text):
      "the column '\(column)' holds '\(text)', which is not a finite number. Leave the field empty if it is missing."
    case .notAnInteger(let column, let text):
      "the column '\(column)' holds '\(text)', which is no whole number. Correct it."
    }
  }
}

extension TensorFault {
  var words: String {
    switch self {
    case .truncated: "is truncated: it ends before its numbers do. Fetch or write it again."
    case .trailingBytes(let count): "has \(count) bytes after its last number. Fetch or write it again."
    case .damaged(let reason): "is damaged: \(reason). Fetch or write it again."
    case .unsupported(let what): "uses \(what), which is not read here. Save it in another format."
    case .columnMajor(let tensor):
      "stores \(named(tensor)) column by column. Save it with numpy.ascontiguousarray."
    case .missing(let tensor, let nearest):
      "has no tensor '\(tensor)'.\(suggestion(nearest)) Check that this is the right file."
    case .notFinite(let tensor, let index, let value):
      "holds \(value) at position \(index) of \(named(tensor)). Correct what produced it."
    case .notIntegers(let tensor): "stores \(named(tensor)) as floats where integers are needed. Convert it."
    case .wrongShape(let tensor, let found, let expected):
      "gives \(named(tensor)) the shape \(found), but it must be \(expected). Check that this is the right file."
    }
  }

  private func named(_ tensor: String) -> String { tensor.isEmpty ? "its array" : "the tensor '\(tensor)'" }
}

extension FolderFault {
  var words: String {
    switch self {
    case .noRoot:
      "No data folder is known: neither HUSTINGS_DATA nor HOME is set. Pass --data FOLDER."
    case .notAFolder(let path):
      "\(path) is not a folder. Pass --data with the folder that holds the benchmarks, or set HUSTINGS_DATA to it."
    case .missingBenchmark(let name, let folder):
      "There is no folder \(folder). Run: hustings data fetch \(name)"
    case .missingFile(let benchmark, let folder, let file):
      "The folder \(folder) has no file \(file). Run: hustings data fetch \(benchmark)"
    }
  }
}

private func suggestion(_ nearest: String?) -> String {
  guard let nearest else { return "" }
  return " Did you mean '\(nearest)'?"
}

private func hex(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16)
  return "0x" + (digits.count == 1 ? "0" : "") + digits
}
