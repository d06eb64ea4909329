import Foundation
import HustingsHTTP
import Testing

@Suite struct AddressTests {
  @Test func thePartsAreThoseOfTheAddress() throws {
    let address = try Address("HTTPS://API.Example.org/v1/chat?x=1#top")
    #expect(address.scheme == "https")
    #expect(address.host == "api.example.org")
    #expect(address.port == 443)
    #expect(address.path == "/v1/chat")
    #expect(address.description == "https://api.example.org/v1/chat")
    #expect(!address.text.contains("#"))
    #expect(try Address("http://[::1]:8000").port == 8_000)
    #expect(try Address("http://localhost:8000").description == "http://localhost:8000/")
  }

  @Test func aPathGoesBelowTheBaseAndBeforeTheQuery() throws {
    let cases = [
      ("https://h/v1", "chat", "https://h/v1/chat"), ("https://h/v1/", "/chat", "https://h/v1/chat"),
      ("https://h", "chat", "https://h/chat"),
      ("https://h/openai?api-version=2", "chat", "https://h/openai/chat?api-version=2"),
    ]
    for (base, path, whole) in cases { #expect(try Address(base).appending(path).text == whole) }
  }

  @Test(arguments: ["", "no scheme", "example.org/v1", "ftp://h/", "file:///x", "http://", "http://a b/"])
  func whatIsNoWebAddressIsRefused(_ text: String) {
    #expect(throws: HTTPFailure.self) { try Address(text) }
  }

  @Test func aPasswordInAnAddressIsRefusedWithoutRepeatingIt() {
    for text in ["https://me:hunter2@h/v1", "https://hunter2@h/", "https://me:hunter2@h:99999/"] {
      do {
        _ = try Address(text)
        Issue.record("accepted")
      } catch {
        #expect(!error.description.contains("hunter2"))
      }
    }
  }

  @Test func originsDifferBySchemeHostOrPort() throws {
    let base = try Address("https://h/a")
    #expect(base.sharesOrigin(with: try Address("https://H:443/b?c")))
    for other in ["http://h/a", "https://g/a", "https://h:8443/a", "https://h.evil/a"] {
      #expect(!base.sharesOrigin(with: try Address(other)))
    }
  }
}

@Suite struct HeadersTests {
  @Test func namesCompareWithoutCaseAndKeepTheirOrder() {
    var headers: Headers = ["B": "1", "a": "2", "b": "3"]
    #expect(headers["b"] == "1")
    headers["A"] = "4"
    #expect(headers.fields.map(\.name) == ["B", "b", "A"])
    headers.remove("B")
    #expect(headers.fields.map(\.value) == ["4"])
    headers.append("a", "5")
    #expect(headers["A"] == "4")
    headers["a"] = nil
    #expect(headers["a"] == nil)
  }

  @Test func aBodyIsTheSameAsDataAndAsBytes() throws {
    let address = try Address("http://h/")
    let bytes = Array("{\"a\": 1}".utf8)
    let answer = HTTPResponse(status: 200, headers: [:], body: Data(bytes), address: address, version: .http1)
    #expect(answer.bytes == bytes && answer.body == Data(bytes))
    #expect(HTTPRequest(.post, address, body: Data(bytes)).bytes == bytes)
    #expect(HTTPRequest(.get, address).bytes == nil)
    for call in [
      EndpointCall(identity: "i", path: "p", body: Data(bytes)),
      EndpointCall(identity: "i", path: "p", making: { bytes }),
    ] { #expect(call.bytes == bytes) }
  }
}
