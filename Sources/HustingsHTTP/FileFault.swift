import Foundation

/// The words of the operating system about a file, without the path and the framework's own wrapping.
enum FileFault {
  static func reason(_ error: any Error) -> String {
    var current = error as NSError
    while let deeper = current.userInfo[NSUnderlyingErrorKey] as? NSError { current = deeper }
    if current.domain == NSPOSIXErrorDomain { return reason(Int32(current.code)) }
    switch (error as? CocoaError)?.code {
    case .fileReadNoSuchFile, .fileNoSuchFile: return reason(ENOENT)
    case .fileReadNoPermission, .fileWriteNoPermission: return reason(EACCES)
    case .fileWriteOutOfSpace: return reason(ENOSPC)
    default: return current.localizedDescription
    }
  }

  static func reason(_ code: Int32) -> String {
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
