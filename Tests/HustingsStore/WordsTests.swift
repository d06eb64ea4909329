import Foundation
import Hustings
import HustingsStore
import Testing

@Suite struct WordsTests {
  private static let path = "results/hustings.sqlite"
  private static let digest = SHA256.digest("abc")

  @Test(arguments: [
    (
      StoreError.missing(path: path),
      "There is no store at results/hustings.sqlite. Make one with `hustings run --store results/hustings.sqlite`."
    ),
    (
      .notAStore(path: path),
      "results/hustings.sqlite is not a Hustings store. Name another file with --store."
    ),
    (
      .newer(path: path, schema: 7, known: 2),
      "results/hustings.sqlite was made by a newer Hustings (schema 7; this one knows up to 2). Upgrade Hustings to read it."
    ),
    (
      .older(path: path, schema: 1, known: 2),
      "results/hustings.sqlite was made by an older Hustings (schema 1; this one reads 2). Any `hustings run --store results/hustings.sqlite` brings it up to date."
    ),
    (
      .readOnly(path: path),
      "results/hustings.sqlite cannot be written. Check the permissions of the file and its folder, or name another file with --store."
    ),
    (
      .unmergedJournal(path: path),
      "The last changes of results/hustings.sqlite are in results/hustings.sqlite-wal, which cannot be read on a disk that cannot be written. Copy both files to another folder and name the copy with --store."
    ),
    (
      .unreachable(path: path),
      "results/hustings.sqlite cannot be opened. Check that its folder exists and that you may read it."
    ),
    (
      .full(path: path),
      "The disk is full, so the last batch was not added to results/hustings.sqlite. Everything before it is safe: free some space and run the same command again."
    ),
    (
      .locked(path: path, seconds: 30),
      "Another process kept results/hustings.sqlite locked for 30 s. Wait for it to end and run the same command again."
    ),
    (
      .locked(path: path, seconds: 0.5),
      "Another process kept results/hustings.sqlite locked for 0.5 s. Wait for it to end and run the same command again."
    ),
    (
      .damaged(path: path, detail: "database disk image is malformed"),
      "results/hustings.sqlite is damaged (database disk image is malformed). Restore a copy of it, or save what can be read with `sqlite3 results/hustings.sqlite .recover`."
    ),
    (
      .unreadable(path: path, table: "models", detail: "model m is of the unknown kind oracle"),
      "results/hustings.sqlite, table models: model m is of the unknown kind oracle. Upgrade Hustings, or restore a copy of the file."
    ),
    (
      .appendOnly(path: path),
      "results/hustings.sqlite is append-only: rows are added to it and never changed or deleted."
    ),
    (
      .failed(path: path, code: 1, message: "no such table: runs"),
      "SQLite could not go on with results/hustings.sqlite: no such table: runs (code 1)."
    ),
    (.unknownBenchmark(digest), "No benchmark ba7816bf8f01 is in the store. Run it first."),
    (.unknownModel(digest), "No model ba7816bf8f01 is in the store. Run it first."),
    (
      .unknownRun(digest), "No run ba7816bf8f01 is in the store. List them with `hustings list runs`."
    ),
    (
      .duplicateItem(benchmark: "pairs", item: "7"),
      "Benchmark pairs has two items named '7'. Items need names of their own: check its reader."
    ),
    (
      .wrongItemCount(benchmark: "pairs", stored: 7, expected: 8),
      "Benchmark pairs has 7 items in the store and 8 in its files. The files changed while they were read: run the same command again."
    ),
    (
      .unfinishedRun(digest, scored: 7, of: 8),
      "Run ba7816bf8f01 has answers for 7 of 8 items, so it cannot be marked as finished. Run the same command again to score the others."
    ),
  ])
  func aSentenceSaysWhatWhereAndTheNextMove(error: StoreError, sentence: String) {
    #expect("\(error)" == sentence)
  }
}
