/// What somebody may have meant who wrote something else.
public enum Suggestion {
  /// The word nearest to what was written: that begins with it, or differs by few letters, exchanged neighbours counting
  /// one. Nil when none is near.
  public static func nearest(to written: String, among words: some Sequence<String>) -> String? {
    let written = written.lowercased()
    let near = words.map { ($0, distance(written, $0.lowercased())) }
      .filter { word, distance in distance <= max(1, word.count / 3) || isBeginning(written, of: word) }
    return near.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
  }

  /// ` Did you mean 'status'?`, or nothing.
  public static func sentence(for written: String, among words: some Sequence<String>) -> String {
    nearest(to: written, among: words).map { " Did you mean '\($0)'?" } ?? ""
  }

  private static func isBeginning(_ written: String, of word: String) -> Bool {
    written.count > 1 && word.lowercased().hasPrefix(written)
  }

  /// How many letters must be put in, left out, replaced or exchanged with their neighbour (Damerau 1964, as Boytsov's
  /// optimal string alignment).
  static func distance(_ left: String, _ right: String) -> Int {
    // Words that people type are short; what is long is no slip.
    let (a, b) = (Array(left.prefix(64)), Array(right.prefix(64)))
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}
