public import Foundation

/// Removes secrets from any text: logs, messages, stored bodies.
///
/// It looks for each secret as it is and as it travels: percent-encoded, as a form value, escaped in JSON, and inside
/// base64 at each of the three offsets, which covers `Authorization: Basic` with any user name.
public struct Redactor: Sendable {
  private struct Needle: Sendable {
    var bytes: [UInt8]
    var replacement: [UInt8]
  }

  /// By first byte, the longest needle first, so that the whole of a secret goes and not only its first half.
  private let needles: [[Needle]]
  /// Whether there is nothing to look for.
  let isEmpty: Bool
  /// Secrets shorter than this are left alone: they would be found in every other word.
  private static let shortest = 4

  /// A redactor for these secrets; with none it changes nothing.
  public init(_ secrets: [Secret]) {
    var table = [[Needle]](repeating: [], count: 256)
    for secret in secrets where secret.value.utf8.count >= Redactor.shortest {
      for form in Redactor.forms(secret.value) {
        guard let first = form.first else { continue }
        table[Int(first)].append(Needle(bytes: form, replacement: Array(secret.description.utf8)))
      }
    }
    needles = table.map { $0.sorted { $0.bytes.count > $1.bytes.count } }
    isEmpty = table.allSatisfy(\.isEmpty)
  }

  /// The text with every secret replaced by `[redacted SOURCE]`.
  public func redact(_ text: String) -> String {
    redacted(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  /// The bytes with every secret replaced by `[redacted SOURCE]`.
  public func redact(_ data: Data) -> Data {
    redacted(Array(data)).map { Data($0) } ?? data
  }

  /// The bytes with every secret replaced by `[redacted SOURCE]`.
  public func redact(_ bytes: [UInt8]) -> [UInt8] { redacted(bytes) ?? bytes }

  /// Header fields with every secret in their values replaced.
  public func redact(_ headers: Headers) -> Headers {
    var clean = Headers()
    for field in headers.fields { clean.append(field.name, redact(field.value)) }
    return clean
  }

  /// Nil when there is nothing to replace.
  private func redacted(_ bytes: [UInt8]) -> [UInt8]? {
    var output: [UInt8]?
    var copied = 0
    var index = 0
    while index < bytes.count {
      guard
        let needle = needles[Int(bytes[index])].first(where: {
          Redactor.stands($0.bytes, in: bytes, at: index)
        })
      else {
        index += 1
        continue
      }
      var text = output ?? []
      text += bytes[copied..<index]
      text += needle.replacement
      output = text
      index += needle.bytes.count
      copied = index
    }
    guard var text = output else { return nil }
    text += bytes[copied...]
    return text
  }

  private static func stands(_ needle: [UInt8], in bytes: [UInt8], at index: Int) -> Bool {
    guard bytes.count - index >= needle.count else { return false }
    for offset in needle.indices where bytes[index + offset] != needle[offset] { return false }
    return true
  }

  private static func forms(_ value: String) -> Set<[UInt8]> {
    let raw = Array(value.utf8)
    var forms: Set<[UInt8]> = [raw]
    for hexadecimal in [upper, lower] {
      let percent = percentEncoded(raw, hexadecimal)
      forms.insert(percent)
      forms.insert(Array(String(decoding: percent, as: UTF8.self).replacing("%20", with: "+").utf8))
    }
    for slash in [true, false] {
      for ascii in [true, false] { forms.insert(jsonEscaped(value, slash: slash, ascii: ascii)) }
    }
    for offset in 0..<3 {
      let core = base64Core(raw, offset: offset)
      guard core.count >= 6 else { continue }
      forms.insert(core)
      forms.insert(core.map { $0 == UInt8(ascii: "+") ? 0x2D : $0 == UInt8(ascii: "/") ? 0x5F : $0 })
      forms.insert(percentEncoded(core, upper))
    }
    return forms
  }

  private static let upper = Array("0123456789ABCDEF".utf8)
  private static let lower = Array("0123456789abcdef".utf8)

  /// RFC 3986: everything but unreserved characters.
  private static func percentEncoded(_ bytes: [UInt8], _ digits: [UInt8]) -> [UInt8] {
    let kept = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    return bytes.flatMap { kept.contains($0) ? [$0] : [0x25, digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  private static func jsonEscaped(_ value: String, slash: Bool, ascii: Bool) -> [UInt8] {
    var text = ""
    for unit in value.unicodeScalars {
      switch unit {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "/" where slash: text += "\\/"
      case _ where ascii && unit.value > 0x7E:
        for code in String(unit).utf16 {
          let digits = String(code, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: text.unicodeScalars.append(unit)
      }
    }
    return Array(text.utf8)
  }

  /// The characters of a base64 text that depend on the secret alone when it begins `offset` bytes into a group of
  /// three: those shared with the bytes before and after are left out.
  private static func base64Core(_ bytes: [UInt8], offset: Int) -> [UInt8] {
    let encoded = Array(Data(repeating: 0, count: offset) + bytes).base64
    let bits = 8 * (offset + bytes.count)
    let first = (8 * offset + 5) / 6
    let end = bits / 6
    return first < end ? Array(encoded[first..<end]) : []
  }
}

extension [UInt8] {
  fileprivate var base64: [UInt8] { Array(Data(self).base64EncodedData()) }
}
