/// A hash of a name that never changes: 64-bit FNV-1a over its UTF-8 bytes.
///
/// Made to turn an identity (an item, a prompt, a model) into the `stream` of a `CounterGenerator`. Swift's
/// own `hashValue` differs from run to run. Fowler, Noll, Vo; test vectors in RFC 9923.
public func stableHash(_ identity: some StringProtocol) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in identity.utf8 {
    hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
  return hash
}
