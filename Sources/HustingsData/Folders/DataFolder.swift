/// The folder under which every benchmark has a folder of its own.
public struct DataFolder: Sendable, Equatable {
  /// The path of the folder.
  public let path: String

  /// The folder at `path`, which need not exist yet.
  public init(path: String) { self.path = path }

  /// Systems that keep a user's caches in different places.
  public enum Platform: Sendable {
    /// `$XDG_CACHE_HOME/hustings`, else `~/.cache/hustings` (XDG Base Directory Specification 0.8).
    case linux
    /// `~/Library/Caches/hustings`.
    case macOS

    /// The system this program was built for.
    public static var current: Platform {
      #if os(macOS)
        .macOS
      #else
        .linux
      #endif
    }
  }

  /// The data root: what the user named, else `HUSTINGS_DATA`, else the user's cache folder.
  ///
  /// Empty values count as unset, and so does a relative `XDG_CACHE_HOME`, as its specification demands.
  /// - Parameter environment: the variables of the process, handed in by whoever may read them.
  public static func resolve(
    explicit: String?, environment: [String: String], platform: Platform = .current
  ) throws -> DataFolder {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let explicit, !explicit.isEmpty { return DataFolder(path: explicit) }
    if let path = value("HUSTINGS_DATA") { return DataFolder(path: path) }
    if platform == .linux, let cache = value("XDG_CACHE_HOME"), cache.hasPrefix("/") {
      return DataFolder(path: join(cache, "hustings"))
    }
    guard let home = value("HOME") else { throw DataError.folder(.noRoot) }
    return DataFolder(path: join(home, platform == .linux ? ".cache/hustings" : "Library/Caches/hustings"))
  }

  /// Where the files of the benchmark `name` belong.
  public func benchmark(_ name: String) -> BenchmarkFolder {
    BenchmarkFolder(name: name, path: Self.join(path, name))
  }

  static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}

/// The folder of one benchmark. Whatever is missing in it is reported with the command that fetches it.
public struct BenchmarkFolder: Sendable, Equatable {
  /// The name of the benchmark, as in `hustings data fetch NAME`.
  public let name: String
  /// The path of the folder.
  public let path: String

  /// The folder at `path` for the benchmark `name`.
  public init(name: String, path: String) {
    self.name = name
    self.path = path
  }

  /// Whether the folder holds `file`.
  public func has(_ file: String) -> Bool {
    PathKind(of: DataFolder.join(path, file)) != .missing
  }

  /// The path of `file`, which must be there.
  public func file(_ file: String) throws -> String {
    if has(file) { return DataFolder.join(path, file) }
    switch PathKind(of: path) {
    case .missing: throw DataError.folder(.missingBenchmark(name: name, folder: path))
    case .file: throw DataError.folder(.notAFolder(path: path))
    case .folder: throw DataError.folder(.missingFile(benchmark: name, folder: path, file: file))
    }
  }
}
