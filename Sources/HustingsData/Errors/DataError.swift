#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// What can be wrong with a file or a folder. Each case is a fact; `description` makes the sentence.
public enum DataError: Error, Sendable, Equatable, CustomStringConvertible, LocalizedError {
  /// The file could not be opened or read; `reason` is the operating system's.
  case unreadable(file: String, reason: String)
  /// The file could not be written; nothing was left under its name.
  case unwritable(file: String, reason: String)
  /// A folder was named where a file is needed.
  case folderInsteadOfFile(file: String)
  /// The file holds no bytes, or nothing but blank space.
  case empty(file: String)
  /// The file begins with the byte order mark of an encoding other than UTF-8.
  case foreignEncoding(file: String, encoding: String)
  /// The file holds bytes that are no UTF-8, the first of them at `offset` (from 0, in the decompressed text).
  case invalidUTF8(at: Place, offset: Int)
  /// A gzip file is damaged.
  case gzip(file: String, fault: GzipFault)
  /// A text is no JSON.
  case json(at: Place, fault: JSONFault)
  /// A JSON value is well formed but not what is needed; `path` leads to it from the root, such as `turns[2].role`.
  case field(at: Place, path: String, fault: FieldFault)
  /// A value cannot be written as JSON.
  case unwritableJSON(path: String, fault: FieldFault)
  /// A file of JSON lines is cut short or has a hole.
  case lines(at: Place, fault: LineFault)
  /// A table of comma-separated values is damaged or lacks what is needed.
  case csv(at: Place, fault: CSVFault)
  /// A file of tensors (npy, npz, safetensors) is damaged or lacks what is needed.
  case tensors(file: String, fault: TensorFault)
  /// A folder of data cannot be found.
  case folder(FolderFault)

  /// The sentence, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

/// What can be wrong with a gzip stream.
public enum GzipFault: Sendable, Equatable {
  /// The file ends inside a member.
  case truncated
  /// After the last member come bytes that begin no other; `offset` counts compressed bytes from 0.
  case trailingBytes(offset: Int)
  /// The decompressed bytes do not have the checksum or the length that the file states.
  case checksum
  /// The compressed bytes are no deflate stream; `reason` is zlib's.
  case corrupt(reason: String)
}

/// What can be wrong with the grammar of a JSON text (RFC 8259).
public enum JSONFault: Sendable, Equatable {
  /// The text ends where `expected` should stand.
  case endOfText(expected: String)
  /// `found` stands where `expected` should.
  case unexpected(found: String, expected: String)
  /// A string holds a control character, which must be escaped.
  case controlCharacter(UInt8)
  /// A backslash is followed by something that is no escape.
  case badEscape(String)
  /// Half of a surrogate pair stands alone.
  case loneSurrogate(String)
  /// A number is not spelled as JSON requires.
  case badNumber(String)
  /// A number is larger than any double.
  case numberOutOfRange(String)
  /// `NaN`, `Infinity` or `-Infinity`, which some programs write though JSON has no such number.
  case nonFinite(String)
  /// An object holds a key twice.
  case duplicateKey(String)
  /// Arrays and objects are nested deeper than the limit.
  case tooDeep(limit: Int)
  /// Something follows the value.
  case trailingText(String)
}

/// What can be wrong with one value of a JSON document.
public enum FieldFault: Sendable, Equatable {
  /// The object has no such key; `nearest` is a key of it that resembles the one wanted.
  case missing(nearest: String?)
  /// The value has another type.
  case wrongType(expected: String, found: String)
  /// The value is NaN or infinite.
  case notFinite(String)
  /// The value has the right type but is not allowed here; `expected` says what is.
  case notAllowed(found: String, expected: String)
  /// The object has a key that means nothing here; `nearest` is one that does.
  case unknown(nearest: String?)
}

/// What can be wrong with a file of lines.
public enum LineFault: Sendable, Equatable {
  /// The last line ends in the middle of a record.
  case truncated
  /// A blank line stands before further records.
  case blank
  /// A line is longer than `limit` bytes.
  case tooLong(limit: Int)
}

/// What can be wrong with a table of comma-separated values (RFC 4180).
public enum CSVFault: Sendable, Equatable {
  /// A row has another number of fields than the header.
  case ragged(found: Int, expected: Int)
  /// A quoted field is never closed.
  case unterminatedQuote
  /// A quotation mark stands inside a field that is not quoted, or text follows the closing one.
  case strayQuote
  /// The header names a column twice.
  case duplicateColumn(String)
  /// The header lacks a column; `nearest` is one that resembles it.
  case missingColumn(String, nearest: String?)
  /// A field that must hold something is empty.
  case emptyField(column: String)
  /// A field is no number.
  case notANumber(column: String, text: String)
  /// A field is NaN or infinite.
  case notFinite(column: String, text: String)
  /// A field is no whole number.
  case notAnInteger(column: String, text: String)
}

/// What can be wrong with a file of tensors.
public enum TensorFault: Sendable, Equatable {
  /// The file ends before its numbers do.
  case truncated
  /// After the numbers come bytes that belong to none.
  case trailingBytes(Int)
  /// The file contradicts itself or its format; the text says how.
  case damaged(String)
  /// The file is well formed but uses something that is not read here.
  case unsupported(String)
  /// The numbers are stored column by column.
  case columnMajor(tensor: String)
  /// The file has no tensor of this name; `nearest` is one that resembles it.
  case missing(tensor: String, nearest: String?)
  /// A number is NaN or infinite; `index` counts row-major from 0.
  case notFinite(tensor: String, index: Int, value: String)
  /// Integers were wanted, but floats are stored.
  case notIntegers(tensor: String)
  /// The tensor has another shape than `expected` describes.
  case wrongShape(tensor: String, found: [Int], expected: String)
}

/// What can be wrong with the place where data lies.
public enum FolderFault: Sendable, Equatable {
  /// The environment names neither a data root nor a home.
  case noRoot
  /// The data root names a file, or cannot be entered.
  case notAFolder(path: String)
  /// The folder of a benchmark is not there.
  case missingBenchmark(name: String, folder: String)
  /// The folder of a benchmark lacks a file.
  case missingFile(benchmark: String, folder: String, file: String)
}
