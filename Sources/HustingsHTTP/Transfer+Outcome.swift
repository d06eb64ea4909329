import CCurl
import Foundation

extension Transfer {
  /// Turns curl's verdict into an answer or a failure.
  func outcome(_ code: CURLcode) -> Result<HTTPResponse, any Error> {
    if let refusal { return .failure(refusal) }
    guard code == CURLE_OK else { return .failure(failure(code)) }
    do {
      try finishBody()
    } catch {
      return .failure(error)
    }
    return .success(
      HTTPResponse(
        status: status, headers: headers, bytes: body, address: request.address, version: version))
  }

  /// The fact behind a curl code.
  func failure(_ code: CURLcode) -> HTTPFailure {
    let address = request.address
    let own = handle.map { Headers.trimmed(String(cString: $0.words)) } ?? ""
    let detail = own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: return .unknownHost(address)
    case CURLE_COULDNT_RESOLVE_PROXY: return .unknownProxy(address)
    case CURLE_COULDNT_CONNECT: return .unreachable(address, detail: connectDetail ?? detail)
    case CURLE_OPERATION_TIMEDOUT: return timeout
    case CURLE_PEER_FAILED_VERIFICATION: return .untrusted(address, detail: verifyDetail ?? detail)
    case CURLE_SSL_CACERT_BADFILE: return .unreadableCertificates(trustNames)
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_SHUTDOWN_FAILED, CURLE_USE_SSL_FAILED:
      return .tlsFailed(address, detail: detail)
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
      CURLE_HTTP2_STREAM, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP3, CURLE_QUIC_CONNECT_ERROR:
      return .broken(address, detail: detail)
    case CURLE_BAD_CONTENT_ENCODING: return .unreadableEncoding(address)
    case CURLE_FILESIZE_EXCEEDED: return .tooLarge(address, limit: settings.maximumBody)
    default: return .curl(Int(code.rawValue), address, detail: detail)
    }
  }

  /// Curl has one code for both of its limits; how far the transfer came tells them apart.
  private var timeout: HTTPFailure {
    let address = request.address
    if let total = timeouts.total, elapsed(CURLINFO_TOTAL_TIME_T) >= total {
      return .totalTimeout(address, limit: total)
    }
    return .connectTimeout(address, limit: timeouts.connect)
  }

  /// Notes what has moved by `now`; the failure when nothing has for as long as allowed.
  ///
  /// Curl's own low-speed limit averages over several seconds and counts in whole ones.
  func idleFailure(now: ContinuousClock.Instant) -> HTTPFailure? {
    guard let idle = timeouts.idle else { return nil }
    let count = offset(CURLINFO_SIZE_UPLOAD_T) + offset(CURLINFO_SIZE_DOWNLOAD_T) + headerBytes
    guard let lastMove, count == moved, elapsed(CURLINFO_PRETRANSFER_TIME_T) != .zero else {
      moved = count
      lastMove = now
      return nil
    }
    return now - lastMove >= idle ? .idleTimeout(request.address, limit: idle) : nil
  }

  private func elapsed(_ info: CURLINFO) -> Duration { .microseconds(offset(info)) }

  private func offset(_ info: CURLINFO) -> Int {
    var value: curl_off_t = 0
    guard let easy = handle?.easy, ccurl_get_offset(easy, info, &value) == CURLE_OK else { return 0 }
    return Int(value)
  }

  private func long(_ info: CURLINFO) -> Int {
    var value = 0
    guard let easy = handle?.easy, ccurl_get_long(easy, info, &value) == CURLE_OK else { return 0 }
    return value
  }

  private var version: HTTPResponse.Version {
    switch long(CURLINFO_HTTP_VERSION) {
    case CURL_HTTP_VERSION_1_0, CURL_HTTP_VERSION_1_1: .http1
    case CURL_HTTP_VERSION_2_0: .http2
    default: .other
    }
  }

  private var connectDetail: String? {
    let code = long(CURLINFO_OS_ERRNO)
    return code == 0 ? nil : FileFault.reason(Int32(truncatingIfNeeded: code))
  }

  /// OpenSSL's reason for a certificate, such as 18 for one that is signed by nobody but itself.
  private var verifyDetail: String? {
    let code = long(CURLINFO_SSL_VERIFYRESULT)
    switch code {
    case 0: return nil
    case 10: return "it has expired"
    case 18, 19: return "it is signed by an authority that is not known here"
    case 20, 21: return "its issuer is not known here"
    default: return "verification error \(code)"
    }
  }

  private var trustNames: String {
    [settings.trust.bundle, settings.trust.folder].compactMap { $0 }.joined(separator: " or ")
  }
}
