import Foundation

/// Which request follows a redirect.
///
/// Curl could follow by itself, but it drops only `Authorization` and `Cookie` on the way to another host and would
/// carry an `x-api-key` along. Here every credential stays with the origin it was given for.
enum Redirect {
  /// Fields that hold secrets by their name, even when they were set as plain ones.
  private static let secretNames: Set<String> = [
    "authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-goog-api-key",
    "x-auth-token",
    "private-token",
  ]

  /// The next request, or nil when the response is final.
  static func next(after response: HTTPResponse, to request: HTTPRequest) throws(HTTPFailure) -> HTTPRequest?
  {
    guard [301, 302, 303, 307, 308].contains(response.status),
      let location = response.headers["Location"], !location.isEmpty
    else { return nil }
    let from = request.address
    let target: Address
    do {
      target = try from.resolving(location)
    } catch {
      throw .redirectRefused(from: from, to: shown(location), .unreadable)
    }
    guard !(from.scheme == "https" && target.scheme == "http") else {
      throw .redirectRefused(from: from, to: target.description, .leavesEncryption)
    }
    var next = request
    next.address = target
    // RFC 9110, 15.4: 303 always becomes a fetch; 301 and 302 do so for POST in every browser and in curl.
    if request.method == .post, response.status <= 303 {
      next.method = .get
      next.bytes = nil
      next.headers.remove("Content-Type")
    }
    guard !from.sharesOrigin(with: target) else { return next }
    guard next.bytes == nil else {
      throw .redirectRefused(from: from, to: target.description, .carriesBody)
    }
    next.credentials = []
    for field in next.headers.fields where secretNames.contains(field.name.lowercased()) {
      next.headers.remove(field.name)
    }
    return next
  }

  private static func shown(_ location: String) -> String {
    String(location.prefix { $0 != "?" && $0 != "@" }.prefix(120))
  }
}
