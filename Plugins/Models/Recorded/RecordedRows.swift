import Hustings
import HustingsData

extension NameTable {
  /// The number of a name, as rows hold it; the next one when it was not seen before.
  mutating func index(of name: String) -> Int32 { Int32(insert(name).place) }

  subscript(index: Int32) -> String { self[Int(index)] }
}

/// A recorded reward of one response; nil where the file has a row and no number. `line` counts whatever the format
/// counts: lines, or the elements of a list.
struct RewardRow: Sendable {
  let item: Int32
  let response: Int32
  let line: Int32
  let reward: Double?
}

/// A recorded answer about two responses, presented in this order.
struct JudgmentRow: Sendable {
  let item: Int32
  let first: Int32
  let second: Int32
  let line: Int32
  let judgment: Judgment
}

/// A response that was picked as the best of its item's.
struct PickRow: Sendable {
  let item: Int32
  let response: Int32
  let line: Int32
}

/// What a file says of one model.
struct RecordedRows: Sendable {
  /// The three things that can be recorded. A model has one kind.
  enum Kind: Sendable {
    case rewards([RewardRow])
    case judgments([JudgmentRow], areVerdicts: Bool)
    case picks([PickRow])
  }

  let name: String
  var kind: Kind
}

/// What a whole file says, whatever its format.
struct RecordedFile: Sendable {
  /// The file, for messages.
  let file: String
  /// What a model is called that the file does not name: the file's name without its ending.
  let stem: String
  var items = NameTable()
  var responses = NameTable()
  private(set) var models: [RecordedRows] = []
  private var places: [String: Int] = [:]
  /// The model of the last row, which most rows share.
  private var latest = 0

  private let locate: @Sendable (Int32) -> Place

  /// A file whose rows know their lines.
  init(file: String) {
    self.file = file
    stem = RecordedReader.stem(file)
    locate = { Place(file: file, line: Int($0)) }
  }

  /// A file whose rows know their position in a list, which is looked up only when there is something to report.
  init(file: String, locate: @escaping @Sendable (Int32) -> Place) {
    self.file = file
    stem = RecordedReader.stem(file)
    self.locate = locate
  }

  /// What a message about a row needs, without the rows.
  var withoutRows: RecordedFile {
    var file = self
    file.models = []
    return file
  }

  /// Where a row stands.
  func place(_ line: Int32) -> Place { locate(line) }

  mutating func add(_ row: RewardRow, to model: String) {
    let place = place(of: model, new: .rewards([]))
    guard case .rewards(var rows) = models[place].kind else { return }
    models[place].kind = .picks([])
    rows.append(row)
    models[place].kind = .rewards(rows)
  }

  mutating func add(_ row: JudgmentRow, to model: String, areVerdicts: Bool) {
    let place = place(of: model, new: .judgments([], areVerdicts: areVerdicts))
    guard case .judgments(var rows, _) = models[place].kind else { return }
    models[place].kind = .picks([])
    rows.append(row)
    models[place].kind = .judgments(rows, areVerdicts: areVerdicts)
  }

  mutating func add(_ row: PickRow, to model: String) {
    let place = place(of: model, new: .picks([]))
    guard case .picks(var rows) = models[place].kind else { return }
    models[place].kind = .rewards([])
    rows.append(row)
    models[place].kind = .picks(rows)
  }

  private mutating func place(of model: String, new kind: RecordedRows.Kind) -> Int {
    if latest < models.count, models[latest].name == model { return latest }
    if let place = places[model] {
      latest = place
      return place
    }
    latest = models.count
    places[model] = latest
    models.append(RecordedRows(name: model, kind: kind))
    return latest
  }
}
