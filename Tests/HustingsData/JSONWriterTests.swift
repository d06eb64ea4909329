import HustingsData
import Testing

@Suite struct JSONWriterTests {
  let value: JSONValue = [
    "b": [1, 2.0, -0.5, 1e100],
    "a": ["text": "line\nbreak \"quoted\" \\ \u{1} é \u{2028}", "empty": [], "none": nil],
    "c": [:], "flag": true,
  ]

  @Test func aLineKeepsTheOrderOfTheKeys() throws {
    #expect(
      try value.text(.line)
        == #"{"b":[1,2.0,-0.5,1e+100],"a":{"text":"line\nbreak \"quoted\" \\ \u0001 é "# + "\u{2028}"
        + #"","empty":[],"none":null},"c":{},"flag":true}"#)
  }

  @Test func theCanonicalFormSortsKeysByTheirBytes() throws {
    let value: JSONValue = ["b": 1, "é": 2, "a": ["z": 1, "y": 2], "B": 3, "a\u{0}": 4]
    #expect(try value.text(.canonical) == #"{"B":3,"a":{"y":2,"z":1},"a\u0000":4,"b":1,"é":2}"#)
  }

  @Test func thePrettyFormIndents() throws {
    let value: JSONValue = ["a": [1, ["b": nil]], "c": [], "d": [:]]
    #expect(
      try value.text(.pretty) == """
        {
          "a": [
            1,
            {
              "b": null
            }
          ],
          "c": [],
          "d": {}
        }
        """)
  }

  @Test(arguments: [JSONStyle.line, .canonical, .pretty])
  func whatIsWrittenReadsBackTheSame(style: JSONStyle) throws {
    let back = try JSONNode.parse(try value.encoded(style), name: "x").value
    let sorted = try JSONNode.parse(try back.encoded(.canonical), name: "x").value
    #expect(try sorted == JSONNode.parse(try value.encoded(.canonical), name: "x").value)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatIsNoNumberIsNeverWritten(number: Double) {
    let value: JSONValue = ["scores": [1, .double(number)]]
    #expect(
      sentence { _ = try value.text() }
        == "A value cannot be written as JSON: 'scores[1]' is \(number), which is not a number. "
        + "Write null for a missing value, or correct what produced it.")
    #expect(sentence { _ = try JSONValue.nonFinite(.nan).text() }.contains("the value is NaN"))
  }

  @Test func membersCanBeSetReplacedAndRemoved() {
    var object = JSONObject()
    for index in 0..<40 { object["k\(index)"] = .integer(index) }
    object["k3"] = "three"
    object["k5"] = nil
    #expect(object.count == 39)
    #expect(object["k3"] == "three")
    #expect(object["k5"] == nil)
    #expect(object["k39"] == 39)
    #expect(object.append("k3", 1) == false)
    #expect(object.keys.prefix(6) == ["k0", "k1", "k2", "k3", "k4", "k6"])
  }
}
