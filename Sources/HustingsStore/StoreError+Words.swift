import Hustings

extension StoreError: CustomStringConvertible {
  /// What is wrong, where, and what to do next.
  public var description: String {
    switch self {
    case .missing(let path):
      "There is no store at \(path). Make one with `hustings run --store \(path)`."
    case .notAStore(let path):
      "\(path) is not a Hustings store. Name another file with --store."
    case .newer(let path, let schema, let known):
      "\(path) was made by a newer Hustings (schema \(schema); this one knows up to \(known)). Upgrade Hustings to read it."
    case .older(let path, let schema, let known):
      "\(path) was made by an older Hustings (schema \(schema); this one reads \(known)). "
        + "Any `hustings run --store \(path)` brings it up to date."
    case .readOnly(let path):
      "\(path) cannot be written. Check the permissions of the file and its folder, or name another file with --store."
    case .unmergedJournal(let path):
      "The last changes of \(path) are in \(path)-wal, which cannot be read on a disk that cannot be written. "
        + "Copy both files to another folder and name the copy with --store."
    case .unreachable(let path):
      "\(path) cannot be opened. Check that its folder exists and that you may read it."
    case .full(let path):
      "The disk is full, so the last batch was not added to \(path). Everything before it is safe: "
        + "free some space and run the same command again."
    case .locked(let path, let seconds):
      "Another process kept \(path) locked for \(StoreError.plain(seconds)) s. "
        + "Wait for it to end and run the same command again."
    case .damaged(let path, let detail):
      "\(path) is damaged (\(detail)). Restore a copy of it, or save what can be read with `sqlite3 \(path) .recover`."
    case .unreadable(let path, let table, let detail):
      "\(path), table \(table): \(detail). Upgrade Hustings, or restore a copy of the file."
    case .appendOnly(let path):
      "\(path) is append-only: rows are added to it and never changed or deleted."
    case .failed(let path, let code, let message):
      "SQLite could not go on with \(path): \(message) (code \(code))."
    case .unknownBenchmark(let identity):
      "No benchmark \(identity.short) is in the store. Run it first."
    case .unknownModel(let fingerprint):
      "No model \(fingerprint.short) is in the store. Run it first."
    case .unknownRun(let identity):
      "No run \(identity.short) is in the store. List them with `hustings list runs`."
    case .duplicateItem(let benchmark, let item):
      "Benchmark \(benchmark) has two items named '\(item)'. Items need names of their own: check its reader."
    case .wrongItemCount(let benchmark, let stored, let expected):
      "Benchmark \(benchmark) has \(stored) items in the store and \(expected) in its files. "
        + "The files changed while they were read: run the same command again."
    case .unfinishedRun(let identity, let scored, let of):
      "Run \(identity.short) has answers for \(scored) of \(of) items, so it cannot be marked as finished. "
        + "Run the same command again to score the others."
    }
  }

  private static func plain(_ seconds: Double) -> String {
    seconds == seconds.rounded() && abs(seconds) < 1e9 ? String(Int(seconds)) : String(seconds)
  }
}
