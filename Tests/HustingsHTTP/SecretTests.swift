import Foundation
import HustingsHTTP
import Testing

@Suite struct SecretTests {
  private func failure(_ make: () throws -> Secret) -> SecretFailure? {
    do {
      _ = try make()
      return nil
    } catch { return error as? SecretFailure }
  }

  @Test func aSecretCannotBePrinted() throws {
    let secret = try Secret(variable: "JUDGE_KEY", in: ["JUDGE_KEY": " sk-0123456789 \n"])
    var dumped = ""
    dump(secret, to: &dumped)
    dump(Credential.bearer(secret), to: &dumped)
    let shown = ["\(secret)", String(reflecting: secret), "\(Credential.header("x", secret))", dumped]
    for text in shown {
      #expect(!text.contains("0123456789"))
      #expect(text.contains("[redacted JUDGE_KEY]"))
    }
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test func aVariableThatIsMissingOrEmptyIsNamed() {
    #expect(failure { try Secret(variable: "KEY", in: [:]) } == .variableNotSet("KEY"))
    #expect(failure { try Secret(variable: "KEY", in: ["KEY": " \n"]) } == .empty(source: "KEY"))
    #expect(failure { try Secret(variable: "KEY", in: ["KEY": "a\nb"]) } == .notOneLine(source: "KEY"))
  }

  @Test func aKeyFileHoldsOneLine() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("key").path
    try Data("sk-file\r\n".utf8).write(to: URL(fileURLWithPath: file))
    #expect(try Secret(file: file).description == "[redacted \(file)]")
    try Data("first\nsecond\n".utf8).write(to: URL(fileURLWithPath: file))
    #expect(failure { try Secret(file: file) } == .notOneLine(source: file))
    try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: file))
    #expect(failure { try Secret(file: file) } == .notOneLine(source: file))
    let missing = folder.appendingPathComponent("nothing").path
    #expect(
      failure { try Secret(file: missing) }
        == .unreadableFile(missing, reason: "no such file or directory"))
  }

  @Test func everyFailureSaysTheNextMove() {
    #expect(
      SecretFailure.variableNotSet("KEY").description
        == "The environment variable KEY is not set. Export it with the key in it.")
    #expect(
      SecretFailure.notOneLine(source: "key.txt").description
        == "key.txt holds more than one line of text. Put nothing but the key in it.")
  }
}

@Suite struct RedactorTests {
  private func redactor(_ values: String...) throws -> Redactor {
    Redactor(try values.enumerated().map { try Secret(value: $1, source: "KEY\($0)") })
  }

  @Test func aSecretIsRemovedWhereverItStands() throws {
    let redactor = try redactor("sk-abc/+ d\"é")
    let cases = [
      "sk-abc/+ d\"é", "sk-abc%2F%2B%20d%22%C3%A9", "sk-abc%2f%2b%20d%22%c3%a9", "sk-abc%2F%2B+d%22%C3%A9",
      "sk-abc/+ d\\\"é", "sk-abc\\/+ d\\\"\\u00e9", "sk-abc/+ d\\\"\\u00e9",
    ]
    for text in cases { #expect(redactor.redact("a\(text)b\(text)") == "a[redacted KEY0]b[redacted KEY0]") }
  }

  @Test(arguments: ["", "a", "ab", "me", "alice", "a-longer-user-name"])
  func aBasicHeaderIsRemovedForAnyUser(_ user: String) throws {
    let password = "correct horse"
    let redactor = try redactor(password)
    let encoded = Data("\(user):\(password)".utf8).base64EncodedString()
    let clean = redactor.redact("Authorization: Basic \(encoded)!")
    #expect(clean.contains("[redacted KEY0]"))
    // At most one character before and two after the secret's own survive of what surrounds it.
    let rest = clean.replacingOccurrences(of: "[redacted KEY0]", with: "")
    let padded = Data((user + ":").utf8).base64EncodedString().count
    #expect(rest.count <= "Authorization: Basic !".count + padded + 4)
  }

  @Test func theLongerOfTwoSecretsIsRemovedWhole() throws {
    let redactor = try redactor("abcd", "abcdefgh")
    #expect(redactor.redact("x abcdefgh abcd") == "x [redacted KEY1] [redacted KEY0]")
  }

  @Test func textWithoutSecretsIsUntouched() throws {
    let redactor = try redactor("sk-0123456789")
    let text = "sk-01234567 89 ünïcode \u{2028} end"
    #expect(redactor.redact(text) == text)
    let bytes = Data([0xFF, 0x00, 0x73, 0x6B])
    #expect(redactor.redact(bytes) == bytes)
    #expect(Redactor([]).redact(text) == text)
  }

  @Test func aShortSecretIsNotSearchedFor() throws {
    #expect(try redactor("key").redact("monkey keys") == "monkey keys")
  }

  @Test func invalidBytesAroundASecretStayAsTheyAre() throws {
    let redactor = try redactor("sk-0123456789")
    let clean = redactor.redact(Data([0xFF]) + Data("sk-0123456789".utf8) + Data([0xFE]))
    #expect(clean == Data([0xFF]) + Data("[redacted KEY0]".utf8) + Data([0xFE]))
  }

  @Test func headersLoseTheirSecretsAndKeepTheirOrder() throws {
    let redactor = try redactor("sk-0123456789")
    let headers: Headers = ["A": "1", "Authorization": "Bearer sk-0123456789", "B": "2"]
    #expect(redactor.redact(headers) == ["A": "1", "Authorization": "Bearer [redacted KEY0]", "B": "2"])
  }
}
