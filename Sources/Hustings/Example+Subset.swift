extension Example {
  /// The same example in another subset, for reports that cut a benchmark in another way.
  public func with(subset: String) -> Example { Example(self, subset: subset) }

  /// The same example in another subset and under another name, for benchmarks that hold several others; perhaps with another
  /// prompt.
  public func with(subset: String, id: String, prompt: Prompt? = nil) -> Example {
    Example(self, subset: subset, id: id, prompt: prompt)
  }

  private init(_ example: Example, subset: String, id: String? = nil, prompt: Prompt? = nil) {
    let key = example.key
    slate =
      id.map {
        Slate(id: $0, prompt: prompt ?? example.slate.prompt, responses: example.slate.responses)
      } ?? example.slate
    self.key = AnswerKey(
      item: id ?? key.item, subset: subset, cluster: key.cluster, names: key.names,
      candidates: key.candidates,
      gold: key.gold, raters: key.raters)
  }
}
