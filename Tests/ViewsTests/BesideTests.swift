import Testing

@testable import Views

@Suite("Work on two threads")
struct BesideTests {
  private struct Stopped: Error, Equatable { let number: Int }

  @Test("pieces come in their order, all of them, and few wait", arguments: [0, 1, 2, 3, 100])
  func order(count: Int) throws {
    var taken: [Int] = []
    try Beside.inOrder(count) { number in
      // Every third takes longer, so that those behind it are made before.
      (0..<(number % 3 == 0 ? 20_000 : 10)).reduce(number) { $0 ^ $1 ^ $1 }
    } _: {
      taken.append($0)
    }
    #expect(taken == Array(0..<count))
  }

  @Test("an error of a piece ends it where that piece is due, and one of the taker at once", arguments: [0, 1, 7, 49])
  func errors(place: Int) {
    var taken: [Int] = []
    #expect(throws: Stopped(number: place)) {
      try Beside.inOrder(50) { number in
        if number == place { throw Stopped(number: number) }
        return number
      } _: {
        taken.append($0)
      }
    }
    #expect(taken == Array(0..<place))
    #expect(throws: Stopped(number: place)) {
      try Beside.inOrder(50) {
        $0
      } _: {
        if $0 == place { throw Stopped(number: $0) }
      }
    }
  }
}
