public import Hustings
public import HustingsStore

/// A folder of pages that say what a store holds: boards, models, benchmarks, comparisons, training.
///
/// Pages are pure functions of what is handed in: the same results give the same bytes. They open from disk, ask for nothing from
/// anywhere, and stand alone, each with its style and script.
public struct Site: Sendable {
  /// What the pages are made of, benchmark by benchmark.
  let chapters: [Chapter]
  /// The models of all chapters, those that compete first, by name.
  let cards: [ModelCard]
  /// What the checks of models' adapters found, by fingerprint.
  let certificates: [Digest: Certificate]
  /// Learning curves.
  let curves: [CurvePoint]
  /// What tells this state of the results from a later one; nil for pages that never change.
  let version: String?
  private let pages: [Page]

  private struct Page: Sendable {
    enum Kind: Sendable {
      case boards, models, benchmarks, comparisons, training
      case model(ModelCard)
      case benchmark(Int)
      case comparison(Int, baseline: Int, candidate: Int)
    }

    let kind: Kind
    let path: SitePath
    let title: String
    /// Whether every page links to it from its head.
    let isMain: Bool
  }

  /// The site of some chapters.
  ///
  /// - Parameter version: for pages that are served while runs go on: what changes when the results do.
  public init(
    chapters: [Chapter], curves: [CurvePoint], certificates: [Digest: Certificate] = [:],
    version: String? = nil
  ) {
    let chapters = chapters.filter { !$0.entries.isEmpty }
    self.chapters = chapters
    self.curves = curves
    self.certificates = certificates
    self.version = version
    let cards = Set(chapters.flatMap { $0.entries.map(\.card) }).sorted { a, b in
      if a.isNull != b.isNull { return b.isNull }
      return a.name == b.name ? a.fingerprint < b.fingerprint : a.name < b.name
    }
    self.cards = cards
    pages = Site.pages(chapters, cards, hasCurves: !curves.isEmpty)
  }

  private static func pages(_ chapters: [Chapter], _ cards: [ModelCard], hasCurves: Bool) -> [Page] {
    var pages = [
      Page(kind: .boards, path: .boards, title: "Boards", isMain: true),
      Page(kind: .models, path: SitePath("models.html"), title: "Models", isMain: true),
      Page(kind: .benchmarks, path: SitePath("benchmarks.html"), title: "Benchmarks", isMain: true),
    ]
    if chapters.contains(where: { !$0.pairs.isEmpty }) {
      pages.append(
        Page(kind: .comparisons, path: SitePath("comparisons.html"), title: "Comparisons", isMain: true))
    }
    if hasCurves {
      pages.append(Page(kind: .training, path: SitePath("training.html"), title: "Training", isMain: true))
    }
    pages += cards.map { Page(kind: .model($0), path: $0.path, title: $0.name, isMain: false) }
    for (number, chapter) in chapters.enumerated() {
      pages.append(
        Page(kind: .benchmark(number), path: chapter.path, title: chapter.card.name, isMain: false))
      for pair in chapter.pairs {
        let (baseline, candidate) = (
          chapter.entries[pair.baseline].card, chapter.entries[pair.candidate].card
        )
        pages.append(
          Page(
            kind: .comparison(number, baseline: pair.baseline, candidate: pair.candidate),
            path: chapter.path(baseline: baseline, candidate: candidate),
            title: "\(candidate.name) against \(baseline.name)", isMain: false))
      }
    }
    return pages
  }

  /// Whether there is nothing to show.
  public var isEmpty: Bool { chapters.isEmpty && curves.isEmpty }

  /// The path of every page below the site's folder, the first page first.
  public var paths: [String] { pages.map(\.path.text) }

  /// The bytes of the page at a path below the site's folder; nil when the site has none there.
  public func bytes(at path: String) -> [UInt8]? {
    guard let page = pages.first(where: { $0.path.text == path }) else { return nil }
    let shell = PageShell(
      title: page.title, path: page.path,
      places: pages.filter(\.isMain).map { ($0.title, $0.path) }, version: version)
    return shell.document(body(of: page.kind)).bytes(on: page.path)
  }

  private func body(of kind: Page.Kind) -> [HTML] {
    switch kind {
    case .boards: IndexPage.body(self)
    case .models: ModelsPage.body(self)
    case .benchmarks: BenchmarksPage.body(self)
    case .comparisons: ComparisonsPage.body(self)
    case .training: TrainingPage.body(self)
    case .model(let card): ModelPage.body(self, card)
    case .benchmark(let number): BenchmarkPage.body(self, chapters[number])
    case .comparison(let number, let baseline, let candidate):
      ComparisonPage.body(chapters[number], baseline: baseline, candidate: candidate)
    }
  }
}

extension SitePath {
  /// The site's first page.
  static let boards = SitePath("index.html")
}
