import GRDB
import Hustings

/// Whose tournaments a sheet holds. The SQL of table `sheets`.
enum Voice {
  case gold
  case rater(String)
  case run(Digest)
  /// What a run knows of the responses themselves, by the trait's name, as rewards.
  case trait(Digest, String)

  private var columns: (voice: String, name: String) {
    switch self {
    case .gold: ("gold", "")
    case .rater(let name): ("rater", name)
    case .run(let identity): ("run", identity.hex)
    case .trait(let identity, let name): ("run", "\(identity.hex)/\(name)")
    }
  }

  /// The sheet of this voice on a benchmark, made when it is not there.
  func sheet(on benchmark: Int64, in db: Database) throws -> Int64 {
    let (voice, name) = columns
    let insert = try Prepared(
      db, cached: "INSERT OR IGNORE INTO sheets (benchmark_id, voice, name) VALUES (?, ?, ?)")
    insert.bind(benchmark, at: 1)
    insert.bind(voice, at: 2)
    insert.bind(name, at: 3)
    try insert.run()
    let select = try Prepared(
      db, cached: "SELECT id FROM sheets WHERE benchmark_id = ? AND voice = ? AND name = ?")
    select.bind(benchmark, at: 1)
    select.bind(voice, at: 2)
    select.bind(name, at: 3)
    guard try select.step() else {
      throw Unreadable(table: "sheets", detail: "the sheet of \(voice) '\(name)' is missing")
    }
    return select.identifier(0)
  }

  /// The sheets of a run's traits, by the trait's name.
  static func traits(of run: Digest, in db: Database) throws -> [(name: String, sheet: Int64)] {
    let select = try Prepared(
      db, "SELECT id, name FROM sheets WHERE voice = 'run' AND name > ? AND name < ? ORDER BY name")
    // A slash is followed by a zero in the order of characters.
    select.bind("\(run.hex)/", at: 1)
    select.bind("\(run.hex)0", at: 2)
    var traits: [(name: String, sheet: Int64)] = []
    while try select.step() {
      traits.append((String(select.text(1).dropFirst(run.hex.count + 1)), select.identifier(0)))
    }
    return traits
  }

  /// The sheets of an answer key: the gold's, when any item is written, and each rater's, by name.
  static func key(of benchmark: Int64, in db: Database) throws -> (
    gold: Int64?, raters: [(name: String, sheet: Int64)]
  ) {
    let select = try Prepared(
      db, "SELECT id, voice, name FROM sheets WHERE benchmark_id = ? AND voice <> 'run' ORDER BY name, id")
    select.bind(benchmark, at: 1)
    var gold: Int64?
    var raters: [(name: String, sheet: Int64)] = []
    while try select.step() {
      if select.text(1) == "gold" {
        gold = select.identifier(0)
      } else {
        raters.append((select.text(2), select.identifier(0)))
      }
    }
    return (gold, raters)
  }
}
