public import Hustings

/// What can go wrong with a store, as facts. The sentences are in `StoreError+Words.swift`.
public enum StoreError: Error, Sendable, Hashable {
  /// There is no file to read or to add to.
  case missing(path: String)
  /// The file is something else: not SQLite, or another program's database.
  case notAStore(path: String)
  /// The file was made by a newer release, whose schema this one does not know.
  case newer(path: String, schema: Int, known: Int)
  /// The file was made by an older release and is open for reading only, so that it cannot be brought up to date.
  case older(path: String, schema: Int, known: Int)
  /// The file, or the disk it is on, cannot be written.
  case readOnly(path: String)
  /// The file's last changes are in a journal beside it, which a disk that cannot be written does not let SQLite read.
  case unmergedJournal(path: String)
  /// The folder of the file is not there, or cannot be entered.
  case unreachable(path: String)
  /// The disk is full.
  case full(path: String)
  /// Another process kept the file locked for longer than this one was willing to wait.
  case locked(path: String, seconds: Double)
  /// The file is damaged.
  case damaged(path: String, detail: String)
  /// A row holds what this release cannot read.
  case unreadable(path: String, table: String, detail: String)
  /// Something tried to change or delete a row.
  case appendOnly(path: String)
  /// Anything else that SQLite reports.
  case failed(path: String, code: Int, message: String)

  /// No benchmark of this identity is in the store, or its items were never all written.
  case unknownBenchmark(Digest)
  /// No model of this fingerprint is in the store.
  case unknownModel(Digest)
  /// No run of this identity is in the store.
  case unknownRun(Digest)
  /// Two items of one benchmark have the same name.
  case duplicateItem(benchmark: String, item: String)
  /// A benchmark has another number of items than was said.
  case wrongItemCount(benchmark: String, stored: Int, expected: Int)
  /// A run was to be marked as finished while items were still without an answer.
  case unfinishedRun(Digest, scored: Int, of: Int)
}
