extension Example {
  /// The same example in another subset, for reports that cut a benchmark in another way.
  public func with(subset: String) -> Example { Example(self, subset: subset) }

  private init(_ example: Example, subset: String) {
    slate = example.slate
    let key = example.key
    self.key = AnswerKey(
      item: key.item, subset: subset, cluster: key.cluster, names: key.names, candidates: key.candidates,
      gold: key.gold, raters: key.raters)
  }
}
