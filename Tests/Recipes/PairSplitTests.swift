import Hustings
import HustingsTraining
import Recipes
import Testing

@Suite struct PairSplitTests {
  @Test(arguments: [FoldRule.modulo, .shuffled(seed: 3)])
  func noPromptIsInTwoFoldsAndEveryPairIsInOne(_ rule: FoldRule) throws {
    let pairs = Toy.pairs(50)
    let folds = try PairSplits.folds(pairs, 4, by: rule)
    #expect(folds.joined().sorted() == Array(0..<50))
    let prompts = folds.map { Set($0.map { pairs[$0].prompt.digest }) }
    for (i, a) in prompts.enumerated() { for b in prompts[(i + 1)...] { #expect(a.isDisjoint(with: b)) } }
    #expect(folds.allSatisfy { (9...15).contains($0.count) })
  }

  @Test func dealingInOrderIsModulo() throws {
    let folds = try PairSplits.folds(Toy.pairs(30), 5, by: .modulo)
    #expect(folds[0] == [0, 1, 2, 15, 16, 17])
  }

  @Test func theSeedDecidesWhatIsHeldOut() throws {
    let pairs = Toy.pairs(90)
    let one = try PairSplits.holdingOut(0.2, of: pairs, seed: 1)
    #expect(one == (try PairSplits.holdingOut(0.2, of: pairs, seed: 1)))
    #expect(one.heldOut != (try PairSplits.holdingOut(0.2, of: pairs, seed: 2)).heldOut)
    #expect(one.heldOut.count == 18)
    #expect((one.training + one.heldOut).sorted() == Array(0..<90))
  }

  @Test func somethingIsAlwaysLeftToTrainOn() throws {
    let parts = try PairSplits.holdingOut(0.99, of: Toy.pairs(6), seed: 0)
    #expect(parts.training.count == 3 && parts.heldOut.count == 3)
    #expect(try PairSplits.holdingOut(0, of: Toy.pairs(6), seed: 0).heldOut.isEmpty)
    #expect(throws: RecipeError.tooFewPrompts(1, needed: 2)) {
      try PairSplits.holdingOut(0.5, of: Toy.pairs(3), seed: 0)
    }
    #expect(throws: RecipeError.tooFewPrompts(2, needed: 5)) {
      try PairSplits.folds(Toy.pairs(6), 5, by: .modulo)
    }
  }

  @Test func aPromptOnBothSidesIsNamed() throws {
    let pairs = Toy.pairs(6)
    #expect(throws: RecipeError.sharedPrompt("Question 0?")) {
      try PairSplits.checkDisjoint(Array(pairs[1...]), [pairs[0]])
    }
    try PairSplits.checkDisjoint(Array(pairs[3...]), Array(pairs[..<3]))
  }
}
