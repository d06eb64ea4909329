import CKernels
import Hustings
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4 examples and NIST CAVP short messages.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func publishedVectorsHold(text: String, hex: String) {
    #expect(SHA256.digest(text).hex == hex)
  }

  @Test func aMillionLettersMatchThePublishedVector() {
    var hash = SHA256()
    for _ in 0..<1_000 { hash.update(String(repeating: "a", count: 1_000)) }
    #expect(
      hash.finalize().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test(arguments: 0..<140)
  func piecesMakeTheSameDigestAsTheWhole(length: Int) {
    let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    var whole = SHA256()
    bytes.withUnsafeBytes { whole.update($0) }
    var pieces = SHA256()
    for start in stride(from: 0, to: length, by: 7) {
      bytes[start..<min(length, start + 7)].withUnsafeBytes { pieces.update($0) }
    }
    #expect(whole.finalize() == pieces.finalize())
  }

  @Test func everyProcessorTakesBlocksInAlike() {
    var generator = SystemRandomNumberGenerator()
    for count in 1...5 {
      let blocks = (0..<64 * count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      let start = (0..<8).map { _ in UInt32.random(in: .min ... .max, using: &generator) }
      var (here, anywhere) = (start, start)
      hustings_sha256(&here, blocks, count)
      hustings_sha256_portable(&anywhere, blocks, count)
      #expect(here == anywhere)
      #expect(here != start)
    }
  }

  @Test func framingKeepsNeighboursApart() {
    var a = SHA256()
    a.updateFramed("ab")
    a.updateFramed("c")
    var b = SHA256()
    b.updateFramed("a")
    b.updateFramed("bc")
    #expect(a.finalize() != b.finalize())
  }

  @Test func digestsReadTheirOwnHexadecimal() {
    let digest = SHA256.digest("hustings")
    #expect(Digest(hex: digest.hex) == digest)
    #expect(Digest(hex: digest.hex.uppercased()) == digest)
    #expect(Digest(hex: digest.hex.dropLast()) == nil)
    #expect(Digest(hex: String(repeating: "g", count: 64)) == nil)
    #expect(digest.short.count == 12)
  }

  @Test func digestsOrderAsTheirHexadecimalDoes() {
    let digests = (0..<50).map { SHA256.digest("\($0)") }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }
}
