import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import SCIM

extension Failure {
  /// The failure behind an error of the HTTP client. Texts of errors are never taken over: some hold header values.
  init(_ error: any Error, answerBegan: Bool) {
    let lost: Failure = answerBegan ? .truncated : .reset
    switch error {
    case let error as HTTPClientError: self = Self.of(error, lost)
    case let error as NIOConnectionError: self = Self.of(error)
    case let error as IOError: self = Self.of(error, lost)
    case is NIOTooManyBytesError: self = .tooLarge
    case is HTTPParserError: self = answerBegan ? .truncated : .malformed
    case let error as ChannelError:
      if case .connectTimeout = error { self = .connectTimeout } else { self = lost }
    case let error as NIOSSLError: self = Self.of(error, lost)
    // Raised for a certificate that does not fit the host, which ends the handshake.
    case is NIOSSLExtraError: self = .tls
    // Raised outside the handshake only: a broken record.
    case is BoringSSLError: self = lost
    case is CancellationError: self = .other("Cancelled")
    default: self = .other(String(describing: type(of: error)))
    }
  }

  private static func of(_ error: HTTPClientError, _ lost: Failure) -> Failure {
    switch error {
    case .connectTimeout, .getConnectionFromPoolTimeout: .connectTimeout
    case .tlsHandshakeTimeout: .tls
    case .deadlineExceeded, .readTimeout, .writeTimeout: .timeout
    case .remoteConnectionClosed, .uncleanShutdown, .requestStreamCancelled: lost
    case .alreadyShutdown: .notSent("the client is shut down")
    case .invalidURL, .emptyHost, .emptyScheme: .notSent("the URL is not valid")
    default: .other(error.shortDescription.filter { $0.isLetter })
    }
  }

  private static func of(_ error: NIOConnectionError) -> Failure {
    // One address that answers decides; a name may lack one of the two kinds of address.
    for failure in error.connectionErrors {
      if let error = failure.error as? IOError { return of(error, .unreachable) }
      if case .connectTimeout? = failure.error as? ChannelError { return .connectTimeout }
    }
    return error.dnsAError != nil || error.dnsAAAAError != nil ? .nameResolution : .unreachable
  }

  private static func of(_ error: IOError, _ lost: Failure) -> Failure {
    switch error.errnoCode {
    case ECONNREFUSED: .refused
    case ETIMEDOUT: lost == .unreachable ? .connectTimeout : .timeout
    case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN: .unreachable
    default: lost
    }
  }

  private static func of(_ error: NIOSSLError, _ lost: Failure) -> Failure {
    switch error {
    case .handshakeFailed, .noCertificateToValidate, .unableToValidateCertificate, .cannotFindPeerIP,
      .cannotMatchULabel:
      .tls
    default: lost
    }
  }
}
