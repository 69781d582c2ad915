extension Unicode.Scalar {
  /// True for what an id or a domain is written with: it stands in a path as it is.
  fileprivate var isPathSafe: Bool {
    isASCII && (properties.isAlphabetic || properties.numericType != nil || ["-", ".", "_"].contains(self))
  }
}

extension String {
  /// As a part of a path: ids are, and of anything else only what cannot leave its place.
  public var pathSafe: String {
    String(String.UnicodeScalarView(unicodeScalars.filter(\.isPathSafe)))
  }

  /// True for an id or a domain, which stands in a path as it is.
  public var isPathSafe: Bool { unicodeScalars.allSatisfy(\.isPathSafe) && !contains("..") }
}
