import Foundation

/// Work on several things at the same time, with results in their order.
public enum Parallel {
  /// What `body` makes of each input, in the inputs' order, whichever is done first; the first fault in that order is thrown.
  public static func map<Input, Output, Failure: Error>(
    _ inputs: [Input], _ body: (Input) throws(Failure) -> Output
  ) throws(Failure) -> [Output] {
    let slots = Slots<Output, Failure>(count: inputs.count)
    // The call returns after the last one is done, so nothing escapes, and inputs are only read.
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let (inputs, body) = (inputs, body)
      DispatchQueue.concurrentPerform(iterations: inputs.count) { place in
        do throws(Failure) {
          slots.fill(place, .success(try body(inputs[place])))
        } catch {
          slots.fill(place, .failure(error))
        }
      }
    }
    var outputs: [Output] = []
    outputs.reserveCapacity(inputs.count)
    for result in slots.results { if let result { outputs.append(try result.get()) } }
    return outputs
  }

  private final class Slots<Output, Failure: Error>: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var results: [Result<Output, Failure>?]

    init(count: Int) { results = Array(repeating: nil, count: count) }

    func fill(_ place: Int, _ result: Result<Output, Failure>) { lock.withLock { results[place] = result } }
  }
}
