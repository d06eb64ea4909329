public import Hustings

/// Where the files of a benchmark come from and what they must be: `benchmarks/manifests/NAME.json`.
///
/// ```json
/// {"name": "llmbar", "version": "1", "title": "LLMBar", "source": ["https://github.com/princeton-nlp/LLMBar"],
///  "commit": "900616b…", "licence": "MIT", "citation": "Zeng et al. 2024", "notes": "…",
///  "files": [{"path": "natural.json", "url": "https://…", "sha256": "…", "bytes": 4321}],
///  "rows": [{"path": "rows.jsonl", "dataset": "org/name", "config": "default", "split": "test", "items": 2985}]}
/// ```
public struct Manifest: Sendable, Equatable {
  /// The name of the benchmark and of its folder: lower-case letters, digits, `-`, `_` and `.`.
  public let name: String
  /// The version of the data, which results carry.
  public let version: String
  /// The name in words.
  public let title: String
  /// Where the data is published.
  public let source: [String]
  /// The revision of the source; nil when it has none.
  public let commit: String?
  /// The licence, as its SPDX name where it has one.
  public let licence: String
  /// The paper or page to cite; nil when there is none.
  public let citation: String?
  /// What a user should know; nil when there is nothing.
  public let notes: String?
  /// The files to download as they are.
  public let files: [FileSource]
  /// The files to put together from pages of rows.
  public let rows: [RowsSource]

  /// A file to download.
  public struct FileSource: Sendable, Equatable {
    /// Where it goes, relative to the folder of the benchmark.
    public let path: String
    /// Where it comes from.
    public let url: String
    /// What its bytes must be.
    public let sha256: Digest
    /// How many there must be.
    public let bytes: Int
  }

  /// A file of JSON lines to put together from the pages of a data set server (Hugging Face's `rows` endpoint).
  public struct RowsSource: Sendable, Equatable {
    /// Where it goes, relative to the folder of the benchmark.
    public let path: String
    /// The data set, such as `allenai/reward-bench`.
    public let dataset: String
    /// The configuration, often `default`.
    public let config: String
    /// The split, such as `test`.
    public let split: String
    /// How many rows there must be.
    public let items: Int
    /// What the bytes of the file must be; nil until a first download pins them.
    public let sha256: Digest?

    /// The rows of one page, the most that the server gives.
    public static let pageSize = 100

    /// The offsets of all pages.
    public var offsets: [Int] { Array(stride(from: 0, to: items, by: Self.pageSize)) }

    /// The address of the page that begins at row `offset`.
    ///
    /// - Parameter server: the data set server, or a mirror of it.
    public func pageURL(offset: Int, server: String = "https://datasets-server.huggingface.co") -> String {
      let length = min(Self.pageSize, items - offset)
      return "\(server)/rows?dataset=\(Self.escaped(dataset))"
        + "&config=\(Self.escaped(config))&split=\(Self.escaped(split))&offset=\(offset)&length=\(length)"
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986, section 2.3.
    private static func escaped(_ text: String) -> String {
      let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
      let digits = Array("0123456789ABCDEF")
      return text.utf8.map { byte in
        plain.contains(byte)
          ? String(Unicode.Scalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }.joined()
    }
  }

  /// Every path of the manifest, files first.
  public var paths: [String] { files.map(\.path) + rows.map(\.path) }
}
