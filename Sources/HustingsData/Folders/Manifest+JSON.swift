import Hustings

extension Manifest {
  /// Reads and checks a manifest.
  public static func read(_ path: String) throws -> Manifest {
    try Manifest(JSONNode.read(path, nonFinite: .refuse))
  }

  /// Checks a manifest: no unknown keys, safe paths, none twice, whole digests.
  public init(_ node: JSONNode) throws {
    try node.allow(
      only: [
        "name", "version", "title", "source", "commit", "licence", "citation", "notes", "files", "rows",
      ])
    name = try node.string("name")
    guard Self.isName(name) else {
      throw node.fault(
        "name", .notAllowed(found: "'\(name)'", expected: "lower-case letters, digits, '-', '_' and '.'"))
    }
    version = try node.text("version")
    title = try node.text("title")
    source = try node.array("source").map { try $0.url() }
    commit = try node.optionalString("commit")
    licence = try node.text("licence")
    citation = try node.optionalString("citation")
    notes = try node.optionalString("notes")
    files = try (node.optionalArray("files") ?? []).map { try FileSource($0) }
    rows = try (node.optionalArray("rows") ?? []).map { try RowsSource($0) }
    guard !files.isEmpty || !rows.isEmpty else {
      throw node.fault(
        "files", .notAllowed(found: "empty", expected: "at least one file, here or under 'rows'"))
    }
    var seen: Set<String> = []
    for path in paths where !seen.insert(path).inserted {
      throw node.fault(
        "files", .notAllowed(found: "a list with '\(path)' twice", expected: "without repetition"))
    }
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".")
      && name.unicodeScalars.allSatisfy { scalar in
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || "-_.".unicodeScalars.contains(scalar)
      }
  }

  /// The manifest as JSON, keys in the order of the documentation.
  public var json: JSONValue {
    var object = JSONObject()
    object["name"] = .string(name)
    object["version"] = .string(version)
    object["title"] = .string(title)
    object["source"] = .array(source.map { .string($0) })
    object["commit"] = commit.map { .string($0) }
    object["licence"] = .string(licence)
    object["citation"] = citation.map { .string($0) }
    object["notes"] = notes.map { .string($0) }
    if !files.isEmpty { object["files"] = .array(files.map(\.json)) }
    if !rows.isEmpty { object["rows"] = .array(rows.map(\.json)) }
    return .object(object)
  }
}

extension Manifest.FileSource {
  fileprivate init(_ node: JSONNode) throws {
    try node.allow(only: ["path", "url", "sha256", "bytes"])
    path = try node.safePath("path")
    url = try node.node("url").url()
    sha256 = try node.digest("sha256")
    bytes = try node.count("bytes")
  }

  fileprivate var json: JSONValue {
    ["path": .string(path), "url": .string(url), "sha256": .string(sha256.hex), "bytes": .integer(bytes)]
  }
}

extension Manifest.RowsSource {
  fileprivate init(_ node: JSONNode) throws {
    try node.allow(only: ["path", "dataset", "config", "split", "items", "sha256"])
    path = try node.safePath("path")
    dataset = try node.text("dataset")
    config = try node.text("config")
    split = try node.text("split")
    items = try node.count("items")
    sha256 = try node.optionalNode("sha256") == nil ? nil : node.digest("sha256")
  }

  fileprivate var json: JSONValue {
    var object = JSONObject()
    object["path"] = .string(path)
    object["dataset"] = .string(dataset)
    object["config"] = .string(config)
    object["split"] = .string(split)
    object["items"] = .integer(items)
    object["sha256"] = sha256.map { .string($0.hex) }
    return .object(object)
  }
}

extension JSONNode {
  /// The string `key`, which must not be empty.
  fileprivate func text(_ key: String) throws -> String {
    let text = try string(key)
    guard !text.isEmpty else { throw fault(key, .notAllowed(found: "empty", expected: "a text")) }
    return text
  }

  fileprivate func count(_ key: String) throws -> Int {
    let count = try integer(key)
    guard count > 0 else { throw fault(key, .notAllowed(found: "\(count)", expected: "a positive number")) }
    return count
  }

  fileprivate func digest(_ key: String) throws -> Digest {
    let text = try string(key)
    guard let digest = Digest(hex: text) else {
      throw fault(key, .notAllowed(found: "'\(text)'", expected: "64 hexadecimal digits"))
    }
    return digest
  }

  fileprivate func url() throws -> String {
    let text = try string()
    guard text.hasPrefix("https://") || text.hasPrefix("http://") else {
      throw fault(
        .notAllowed(found: "'\(text)'", expected: "an address that begins with https:// or http://"))
    }
    return text
  }

  /// A path that stays inside the folder it is relative to, on every system.
  fileprivate func safePath(_ key: String) throws -> String {
    let path = try string(key)
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let isSafe = parts.allSatisfy {
      !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("\\") && !$0.contains("\0")
    }
    guard isSafe else {
      throw fault(key, .notAllowed(found: "'\(path)'", expected: "a path inside the folder of the benchmark"))
    }
    return path
  }
}
