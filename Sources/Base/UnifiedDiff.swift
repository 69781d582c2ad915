/// How one text became another, line by line, in the unified format of diff(1): POSIX.1, "diff", "Diff Unified Output Format".
public enum UnifiedDiff {
  /// One line of a difference.
  private struct Line {
    var sign: Character
    var text: String
    /// Where it stands in each text, from 0; where it would, in the one that has it not.
    var old: Int
    var new: Int
  }

  /// The hunks, without a header; nothing where both are equal. `context` lines stand around each change.
  public static func lines(from old: [String], to new: [String], context: Int = 3) -> [String] {
    let all = compared(old, new)
    let changed = all.indices.filter { all[$0].sign != " " }
    var hunks: [Range<Int>] = []
    for index in changed {
      let around = max(0, index - context)..<min(all.count, index + context + 1)
      if let last = hunks.last, last.upperBound >= around.lowerBound {
        hunks[hunks.count - 1] = last.lowerBound..<around.upperBound
      } else {
        hunks.append(around)
      }
    }
    return hunks.flatMap { hunk in
      let lines = all[hunk]
      return [header(lines)] + lines.map { "\($0.sign)\($0.text)" }
    }
  }

  private static func compared(_ old: [String], _ new: [String]) -> [Line] {
    let difference = new.difference(from: old) { $0.hasSameBytes(as: $1) }
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines: [Line] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if left < old.count, removed.contains(left) {
        lines.append(Line(sign: "-", text: old[left], old: left, new: right))
        left += 1
      } else if right < new.count, inserted.contains(right) {
        lines.append(Line(sign: "+", text: new[right], old: left, new: right))
        right += 1
      } else if left < old.count, right < new.count {
        lines.append(Line(sign: " ", text: new[right], old: left, new: right))
        (left, right) = (left + 1, right + 1)
      } else {
        break
      }
    }
    return lines
  }

  private static func header(_ lines: ArraySlice<Line>) -> String {
    let first = lines.first.map { ($0.old, $0.new) } ?? (0, 0)
    let old = range(first.0, lines.count { $0.sign != "+" })
    let new = range(first.1, lines.count { $0.sign != "-" })
    return "@@ -\(old) +\(new) @@"
  }

  /// Of nothing the line before counts.
  private static func range(_ start: Int, _ count: Int) -> String {
    let first = count == 0 ? start : start + 1
    return count == 1 ? "\(first)" : "\(first),\(count)"
  }
}
