import CKernels
public import Hustings
import HustingsNumerics

/// Hashed word and character n-grams with TF–IDF weights, and the surface of prompt and response.
///
/// Sparse columns are those of the response: n-gram g adds ±1 to column h(g) of 2^bits, the sign being a bit of the hash
/// (Weinberger et al. 2009), then count c becomes sign(c)·(1 + ln|c|)·idf, and the row has length 1. With n training
/// passages, of which d have the column, idf = ln((1 + n) / (1 + d)) + 1. Dense columns are standardised on the training
/// passages and cut at 8 standard deviations. A prompt alone has the prompt's surface, and 0 elsewhere.
public struct HashedEncoder: Encoder {
  /// What is counted.
  public let settings: HashedSettings
  /// One inverse document frequency per hashed column.
  let idf: [Float]
  let scaling: Standardisation?
  let workers: Int?
  /// Its name, fingerprint and shape.
  public let card: EncoderCard

  static let version = "1"

  init(_ settings: HashedSettings, idf: [Float], scaling: Standardisation?, workers: Int?) {
    self.settings = settings
    self.idf = idf
    self.scaling = scaling
    self.workers = workers
    card = EncoderCard(
      name: HashedEncoder.name(of: settings),
      fingerprint: EncoderState([HashedEncoder.part(settings, idf, scaling)]).digest,
      sparseWidth: settings.width, denseColumns: HashedEncoder.denseColumns(settings))
  }

  /// The encoder fitted on training passages.
  ///
  /// - Parameter workers: the number of threads; nil for one per active core. It changes no number.
  public init(
    _ settings: HashedSettings = HashedSettings(), fittedOn passages: [Passage], workers: Int? = nil
  )
    throws
  {
    self = try HashedEncoder.fitting(settings, on: passages, workers: workers).encoder
  }

  /// The encoder fitted on passages, and their rows, with every text read once.
  public static func fitting(_ settings: HashedSettings, on passages: [Passage], workers: Int? = nil) throws
    -> (encoder: HashedEncoder, rows: FeatureMatrix)
  {
    guard !passages.isEmpty else { throw EncoderError.nothingToFit(kind: "hashed") }
    let raw = HashedRows.read(passages, settings, idf: nil, workers: workers)
    let idf = raw.inverseDocumentFrequencies(width: settings.width)
    let scaling =
      settings.hasSurface
      ? Standardisation(
        fittedOn: raw.denseWithResponse(width: denseColumns(settings).count),
        width: denseColumns(settings).count, scale: settings.surfaceScale, limit: 8)
      : nil
    let encoder = HashedEncoder(settings, idf: idf, scaling: scaling, workers: workers)
    return (encoder, encoder.finish(raw.weighed(idf, settings, workers: workers)))
  }

  /// One row per passage, in order.
  public func encode(_ passages: [Passage]) async throws -> FeatureMatrix { rows(of: passages) }

  /// One row per passage, in order.
  public func rows(of passages: [Passage]) -> FeatureMatrix {
    finish(HashedRows.read(passages, settings, idf: idf, workers: workers))
  }

  private func finish(_ raw: HashedRows) -> FeatureMatrix {
    var dense = raw.dense
    if let scaling {
      let own = SurfaceFeature.allCases.count
      // A prompt alone has no response, which must not look like an empty one.
      scaling.apply(to: &dense, except: raw.promptsAlone, keeping: own)
    }
    let sparse =
      settings.width == 0
      ? nil
      : SparseRows(width: settings.width, offsets: raw.offsets, columns: raw.columns, values: raw.values)
    return FeatureMatrix(
      count: raw.count, sparse: sparse, denseWidth: card.denseWidth, dense: dense)
  }

  /// Settings and fitted numbers.
  public var state: EncoderState { EncoderState([HashedEncoder.part(settings, idf, scaling)]) }

  private static func part(_ settings: HashedSettings, _ idf: [Float], _ scaling: Standardisation?)
    -> EncoderState.Part
  {
    var options = settings.options
    options["version"] = version
    var tensors = [NamedTensor("idf", shape: [idf.count], values: idf)]
    if let scaling { tensors += scaling.tensors }
    return EncoderState.Part(kind: "hashed", settings: options, tensors: tensors)
  }

  private static func name(of settings: HashedSettings) -> String {
    let plain = HashedSettings().options
    let changed = settings.options.filter { plain[$0.key] != $0.value }.sorted { $0.key < $1.key }
    return changed.isEmpty
      ? "hashed" : "hashed?" + changed.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
  }

  /// The prompt's surface, the response's, and what they share.
  static func denseColumns(_ settings: HashedSettings) -> [String] {
    guard settings.hasSurface else { return [] }
    return SurfaceFeature.allCases.map { "prompt.\($0.rawValue)" }
      + SurfaceFeature.allCases.map { "response.\($0.rawValue)" }
      + SharedFeature.allCases.map { "shared.\($0.rawValue)" }
  }
}

extension HashedEncoder {
  /// `hashed` on the command line.
  public static let plugin = EncoderPlugin(
    kind: "hashed",
    usage: "hashed?words=2&characters=3-5&bits=18&sublinear=yes&surface=yes&surface-scale=0.2",
    summary: "hashed word and character n-grams with TF-IDF weights, and the surface of prompt and response",
    keepsRows: true,
    fit: { specification, training, _ in
      guard specification.argument.isEmpty else {
        throw EncoderError.surplusArgument(kind: "hashed", argument: specification.argument)
      }
      return try HashedEncoder(HashedSettings(specification.options), fittedOn: training)
    },
    restore: { part, _ in try HashedEncoder(restoring: part) })

  /// The encoder that a state describes.
  init(restoring part: EncoderState.Part) throws {
    func bad(_ reason: String) -> EncoderError { .badState(kind: "hashed", reason: reason) }
    var options = part.settings
    guard let version = options.removeValue(forKey: "version"), version == HashedEncoder.version else {
      throw bad(
        "it was made by version \(part.settings["version"] ?? "?") and this is \(HashedEncoder.version)")
    }
    let settings = try HashedSettings(options)
    guard let idf = part.tensor("idf")?.values, idf.count == settings.width else {
      throw bad("its inverse document frequencies are missing or of another number than its columns")
    }
    let width = HashedEncoder.denseColumns(settings).count
    let scaling = try settings.hasSurface ? Standardisation(restoring: part, width: width) : nil
    self.init(settings, idf: idf, scaling: scaling, workers: nil)
  }
}
