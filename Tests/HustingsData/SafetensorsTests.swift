import Foundation
import Hustings
import HustingsData
import Testing

@Suite struct SafetensorsTests {
  /// Written by the `safetensors` package for Python, 0.8.0 (`safetensors.numpy.save`).
  let reference = """
    EAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJraW5kIjoiaGVhZCJ9LCJzdGVwcyI6eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpb\
    Ml0sImRhdGFfb2Zmc2V0cyI6WzAsMTZdfSwiYmlhcyI6eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0\
    cyI6WzE2LDI0XX0sIndlaWdodCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwyXSwiZGF0YV9vZmZzZXRzIjpbMjQsNDBd\
    fSwiaGFsZiI6eyJkdHlwZSI6IkYxNiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzQwLDQ0XX19ICAgIAcAAAAAAAAA\
    +P////////+amZmZmZm5PwAAgD8AAABAAABAQAAAkEAAOADC
    """

  func complaint(_ bytes: [UInt8], _ body: (SafetensorsFile) throws -> Void = { _ in }) throws -> String {
    let scratch = try Scratch()
    let path = try scratch.file("a.safetensors", bytes)
    return sentence(path) { try body(try SafetensorsFile(path)) }
  }

  func file(_ header: String, _ content: [UInt8]) -> [UInt8] {
    let length = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + content
  }

  @Test func whatTheReferenceWroteIsRead() throws {
    let scratch = try Scratch()
    let path = try scratch.file("a.safetensors", Array(try #require(Data(base64Encoded: reference))))
    let file = try SafetensorsFile(path)
    #expect(file.metadata == ["kind": "head"])
    #expect(file.names == ["steps", "bias", "weight", "half"])
    #expect(
      try file.tensor("weight").named() == NamedTensor("weight", shape: [2, 2], values: [1, 2, 3, 4.5]))
    #expect(try file.tensor("bias").doubles() == [0.1])
    #expect(try file.tensor("steps").integers() == [7, -8])
    #expect(try file.tensor("half").floats() == [0.5, -3])
    #expect(try file.tensors().map(\.count) == [2, 1, 4, 2])
  }

  @Test func whatTheReferenceWroteIsWrittenTheSame() throws {
    let scratch = try Scratch()
    let original = Array(try #require(Data(base64Encoded: reference)))
    let path = try scratch.file("a.safetensors", original)
    let tensors = try SafetensorsFile(path).tensors()
    let copy = "\(scratch.path)/copy.safetensors"
    try SafetensorsFile.write(tensors.reversed(), metadata: ["kind": "head"], to: copy)
    // The reference breaks ties of width by kind, this writer by name alone.
    let back = try SafetensorsFile(copy)
    #expect(Set(back.names) == Set(tensors.map(\.name)))
    for tensor in tensors { #expect(try back.tensor(tensor.name).bytes == tensor.bytes) }
    #expect(try FileBytes(binary: copy).bytes.count == original.count)
  }

  @Test func whatIsWrittenReadsBackTheSame() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/head.safetensors"
    let tensors = [
      StoredTensor(NamedTensor("w", shape: [3, 2], values: [1, -2, .pi, 0, 1e-20, 3e20])),
      StoredTensor(name: "running \"mean\"", shape: [2], doubles: [0.1, -1e300]),
      StoredTensor(name: "none", shape: [0, 4], floats: []),
      StoredTensor(name: "one", shape: [], floats: [7]),
    ]
    try SafetensorsFile.write(tensors, metadata: ["b": "2", "a": "é"], to: path)
    let first = try FileBytes(binary: path).bytes
    let file = try SafetensorsFile(path)
    #expect(file.metadata == ["b": "2", "a": "é"])
    for tensor in tensors {
      let back = try file.tensor(tensor.name)
      #expect(back.bytes == tensor.bytes)
      #expect(back.shape == tensor.shape)
      #expect(back.kind == tensor.kind)
    }
    try SafetensorsFile.write(tensors.reversed(), metadata: ["a": "é", "b": "2"], to: path)
    #expect(try FileBytes(binary: path).bytes == first)
    #expect(first[0] % 8 == 0)
  }

  @Test func brainFloatsAreTheUpperHalfOfFloats() throws {
    let header = #"{"x":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]}}"#
    let scratch = try Scratch()
    let path = try scratch.file("a", file(header, [0x80, 0x3f, 0x20, 0xc0, 0x49, 0x40]))
    #expect(try SafetensorsFile(path).tensor("x").floats() == [1, -2.5, 3.140625])
  }

  @Test(arguments: [
    (
      #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
      6,
      "a.safetensors is damaged: its tensors overlap at 'y'. Fetch or write it again."
    ),
    (
      #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8,
      "a.safetensors is damaged: its tensors leave a gap at 'x'. Fetch or write it again."
    ),
    (
      #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3,
      "a.safetensors is truncated: it ends before its numbers do. Fetch or write it again."
    ),
    (
      #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5,
      "a.safetensors has 1 bytes after its last number. Fetch or write it again."
    ),
    (
      #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
      "a.safetensors:1: 'x.shape' is [2], but must be a shape of 4 bytes. Correct it."
    ),
    (
      #"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0,
      "a.safetensors:1: 'x.shape' is [4611686018427387904, 4], but must be a shape of 0 bytes. Correct it."
    ),
    (
      #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4,
      "a.safetensors:1: 'x.data_offsets' is [4, 0], but must be a start and an end. Correct it."
    ),
    (
      #"{"x":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}"#, 1,
      "a.safetensors:1: 'x.dtype' is 'F8', but must be one of F16, BF16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64, BOOL. Correct it."
    ),
    (
      #"{"x":{"dtype":"F32","shape":[1]}}"#, 4,
      "a.safetensors:1: 'x.data_offsets' is missing. Check that this is the right file and version."
    ),
    (
      #"{"x":{},"x":{}}"#, 0, "a.safetensors:1:9: the key 'x' stands twice in one object. Remove one of them."
    ),
    (
      #"{"x":"#, 0,
      "a.safetensors:1:6: the JSON ends where a JSON value should follow. The file may be cut short."
    ),
    (
      "[]", 0,
      "a.safetensors:1: the value must be an object, but is an array. Correct it or export the file again."
    ),
    (
      #"{"__metadata__":{"a":1}}"#, 0,
      "a.safetensors:1: '__metadata__.a' must be a string, but is a number. Correct it or export the file again."
    ),
  ])
  func everyFaultOfAHeaderIsNamed(header: String, size: Int, words: String) throws {
    #expect(try complaint(file(header, [UInt8](repeating: 0, count: size))) == words)
  }

  @Test func aFileThatIsSomethingElseIsReported() throws {
    #expect(try complaint([]).contains("is truncated"))
    #expect(try complaint([1, 0, 0]).contains("is truncated"))
    #expect(try complaint([200, 0, 0, 0, 0, 0, 0, 0, 0x7b]).contains("is truncated"))
    #expect(
      try complaint([UInt8](repeating: 0xff, count: 16))
        == "a.safetensors is damaged: its header claims 18446744073709551615 bytes, so it is no safetensors file. "
        + "Fetch or write it again.")
  }

  @Test func everyTruncationIsReported() throws {
    let whole = Array(try #require(Data(base64Encoded: reference)))
    for length in stride(from: 0, to: whole.count, by: 7) + [whole.count - 1] {
      #expect(
        try complaint(Array(whole[..<length]))
          == "a.safetensors is truncated: it ends before its numbers do. Fetch or write it again.")
    }
  }

  @Test func aMissingTensorIsNamedWithTheNearest() throws {
    let whole = Array(try #require(Data(base64Encoded: reference)))
    #expect(
      try complaint(whole) { _ = try $0.tensor("weights") }
        == "a.safetensors has no tensor 'weights'. Did you mean 'weight'? Check that this is the right file.")
  }
}
