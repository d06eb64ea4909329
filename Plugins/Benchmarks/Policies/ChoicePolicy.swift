import Foundation
public import Hustings

/// A policy that answers with one of the recorded responses to a prompt, so often with each.
///
/// To everything downstream it is a model: its rewards are log-probabilities, and its shares are the trait `share`.
public struct ChoicePolicy: TraitSource {
  /// Who it is. Its name takes part in its identity, so that two policies that answer alike stand on a board as two.
  public let card: ModelCard
  private let shares: [String: [Digest: Double]]
  private let traits: [String: [String: Double]]

  /// What a response that is never answered is rewarded with: log of 10⁻³⁰⁰.
  private static let never = -300 * log(10.0)

  /// A policy.
  ///
  /// - Parameters:
  ///   - shares: by item and the digest of the response.
  ///   - settings: how it came to be.
  public init(name: String, shares: [String: [Digest: Double]], settings: [String: String] = [:]) {
    var hash = SHA256()
    hash.updateFramed("choice/1")
    hash.updateFramed(name)
    for item in shares.keys.sorted() {
      hash.updateFramed(item)
      for (digest, share) in (shares[item] ?? [:]).sorted(by: { $0.key < $1.key }) {
        hash.update(digest)
        hash.update(share.bitPattern)
      }
    }
    card = ModelCard(
      name: name, kind: .policy, revision: "choices", fingerprint: hash.finalize(), settings: settings)
    self.shares = shares
    traits = [:]
  }

  /// Somebody who is rated response by response, as a way of serving several types of people is by what each gets.
  ///
  /// - Parameters:
  ///   - values: by item and the digest of the response.
  ///   - traits: by item, numbers that belong to each of its responses, by name.
  public init(name: String, values: [String: [Digest: Double]], traits: [String: [String: Double]]) {
    var hash = SHA256()
    hash.updateFramed("values/1")
    hash.updateFramed(name)
    for item in values.keys.sorted() {
      hash.updateFramed(item)
      for (digest, value) in (values[item] ?? [:]).sorted(by: { $0.key < $1.key }) {
        hash.update(digest)
        hash.update(value.bitPattern)
      }
      for (name, value) in (traits[item] ?? [:]).sorted(by: { $0.key < $1.key }) {
        hash.updateFramed(name)
        hash.update(value.bitPattern)
      }
    }
    card = ModelCard(name: name, kind: .policy, revision: "values", fingerprint: hash.finalize())
    shares = values.mapValues { $0.mapValues { $0 } }
    self.traits = traits
    isRated = true
  }

  private var isRated = false

  /// Log-probabilities, or values, of the slate's responses; an abstention where the policy does not know the prompt.
  public func judge(_ slates: [Slate]) -> [Tournament] {
    slates.map { slate in
      guard let own = shares[slate.id] else {
        return Tournament(
          count: slate.responses.count,
          absent: Absence(.abstention, "\(card.name) was not made for this prompt"))
      }
      return Tournament(
        rewards: slate.responses.map { response in
          own[response.digest].map { isRated ? $0 : max(log($0), ChoicePolicy.never) }
        })
    }
  }

  /// The same with how often each response is the answer, or what else is known of the item.
  public func answers(to slates: [Slate]) -> [ModelAnswer] {
    zip(slates, judge(slates)).map { slate, tournament in
      // Nobody was asked.
      var known = [Trait.queries: [Double?](repeating: 0, count: slate.responses.count)]
      if isRated {
        for (name, value) in traits[slate.id] ?? [:] {
          known[name] = [Double?](repeating: value, count: slate.responses.count)
        }
      } else if let own = shares[slate.id] {
        known[Trait.share] = slate.responses.map { own[$0.digest] }
      }
      return ModelAnswer(tournament, traits: known)
    }
  }
}
