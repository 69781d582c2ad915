import Synchronization
import Terminal
import Testing

@Suite("The second screen")
struct SecondScreenTests {
  /// What was written, in its order.
  private final class Written: Sendable {
    let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }
  }

  @Test("nothing is drawn between giving and taking, whoever draws meanwhile")
  func given() async throws {
    let written = Written()
    let screen = SecondScreen { text in written.texts.withLock { $0.append(text) } }
    try screen.draw("before it was taken")
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { for _ in 0..<500 { try? screen.draw("frame") } } }
      group.addTask {
        for _ in 0..<500 {
          screen.take()
          await Task.yield()
          screen.give()
        }
      }
    }
    var isTaken = false
    for text in written.all {
      if text == AlternateScreen.enter || text == AlternateScreen.leave {
        #expect((text == AlternateScreen.enter) != isTaken)
        isTaken.toggle()
      } else {
        #expect(isTaken && text == "frame")
      }
    }
    #expect(!isTaken && written.all.filter { $0 == AlternateScreen.enter }.count == 500)
  }

  @Test("taken or given twice, the terminal is told once; a frame's failure is the drawer's")
  func twice() throws {
    struct Gone: Error {}
    let written = Written()
    let screen = SecondScreen { text in
      written.texts.withLock { $0.append(text) }
      if text == "frame" { throw Gone() }
    }
    screen.take()
    screen.take()
    #expect(throws: Gone.self) { try screen.draw("frame") }
    screen.give()
    screen.give()
    #expect(written.all == [AlternateScreen.enter, "frame", AlternateScreen.leave])
  }
}
