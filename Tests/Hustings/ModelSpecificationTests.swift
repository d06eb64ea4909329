import Hustings
import Testing

@Suite struct ModelSpecificationTests {
  @Test func aPlainNameHasNothingElse() throws {
    let specification = try #require(ModelSpecification("null:length"))
    #expect(specification.scheme == "null")
    #expect(specification.argument == "length")
    #expect(specification.selection == nil)
    #expect(specification.options.isEmpty)
  }

  @Test func aSelectionFollowsTheHash() throws {
    let specification = try #require(ModelSpecification("recorded:judgebench/rm_scores.csv#*"))
    #expect(specification.argument == "judgebench/rm_scores.csv")
    #expect(specification.selection == "*")
  }

  @Test func optionsFollowTheQuestionMarkAndMayHoldAddresses() throws {
    let specification = try #require(
      ModelSpecification("openai:gpt?base-url=http://localhost:8000/v1&rubric=pairwise"))
    #expect(specification.argument == "gpt")
    #expect(specification.option("base-url") == "http://localhost:8000/v1")
    #expect(specification.option("rubric") == "pairwise")
    #expect(specification.option("seed") == nil)
  }

  @Test func anAddressKeepsItsOwnColons() throws {
    let specification = try #require(ModelSpecification("reward-server:http://localhost:8000?api=tei"))
    #expect(specification.argument == "http://localhost:8000")
    #expect(specification.option("api") == "tei")
  }

  @Test func aCommandIsTakenAsWritten() throws {
    let specification = try #require(ModelSpecification("exec:python3 rm.py?x=1 #2"))
    #expect(specification.argument == "python3 rm.py?x=1 #2")
    #expect(specification.options.isEmpty)
  }

  @Test(arguments: ["length", ":length", "x:y?a=1&b"])
  func whatIsNoSpecificationIsRefused(text: String) {
    #expect(ModelSpecification(text) == nil)
  }
}
