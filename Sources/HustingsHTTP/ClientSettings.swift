/// How a client connects: limits, proxy, certificates. Verification of certificates cannot be turned off.
public struct ClientSettings: Sendable {
  /// Limits a request may override.
  public var timeouts: Timeouts
  /// The largest body kept in memory, after decompression, in bytes.
  public var maximumBody: Int
  /// How many redirects one request may follow.
  public var maximumRedirects: Int
  /// Which proxy to use.
  public var proxy: Proxy
  /// Which certificate authorities to believe.
  public var trust: Trust
  /// The `User-Agent` field.
  public var agent: String

  /// Settings for one client.
  public init(
    timeouts: Timeouts = Timeouts(), maximumBody: Int = 64 << 20, maximumRedirects: Int = 5,
    proxy: Proxy = .environment, trust: Trust = .system, agent: String = "hustings"
  ) {
    precondition(maximumBody > 0, "a body limit of \(maximumBody) bytes lets nothing through")
    precondition(maximumRedirects >= 0, "\(maximumRedirects) redirects")
    self.timeouts = timeouts
    self.maximumBody = maximumBody
    self.maximumRedirects = maximumRedirects
    self.proxy = proxy
    self.trust = trust
    self.agent = agent
  }
}

/// Which proxy a client uses.
public enum Proxy: Sendable, Equatable {
  /// What `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say, read by curl.
  case environment
  /// None, whatever the environment says.
  case direct
  /// This one, such as `http://proxy.example.org:3128`, for every host.
  case server(String)
}

/// Which certificate authorities a client believes.
public struct Trust: Sendable, Equatable {
  /// A file of certificates in PEM form that replaces the system's; nil keeps the system's.
  public var bundle: String?
  /// A folder of hashed certificates; nil keeps the system's.
  public var folder: String?

  /// Certificates of one's own.
  public init(bundle: String? = nil, folder: String? = nil) {
    self.bundle = bundle
    self.folder = folder
  }

  /// The system's authorities.
  public static let system = Trust()

  /// What `CURL_CA_BUNDLE`, else `SSL_CERT_FILE` and `SSL_CERT_DIR` name, in the order the curl command looks.
  public init(environment: [String: String]) {
    func named(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let bundle = named("CURL_CA_BUNDLE") {
      self.init(bundle: bundle)
    } else {
      self.init(bundle: named("SSL_CERT_FILE"), folder: named("SSL_CERT_DIR"))
    }
  }
}
