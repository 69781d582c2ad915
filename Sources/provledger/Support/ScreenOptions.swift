import ArgumentParser
import Foundation
import Terminal

/// A zone of the time zone database, as an operator names it: `Europe/Berlin`, `UTC`.
struct Zone: ExpressibleByArgument {
  var value: TimeZone

  init?(argument: String) {
    guard let zone = TimeZone(identifier: argument) else { return nil }
    value = zone
  }
}

/// How text is shown, for every command that shows any.
struct ScreenOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Colours: auto, always or never; auto heeds NO_COLOR.", valueName: "when"),
    completion: .words(ColourChoice.self), transform: choice)
  var color = ColourChoice.auto
  @Flag(help: "Shorten and wrap nothing, however narrow the terminal.")
  var wide = false
  @Flag(help: "Show local times instead of UTC: those of --zone, else of $TZ or the machine.")
  var local = false
  @Option(help: ArgumentHelp("The zone of local times and dates: Europe/Berlin.", valueName: "name"))
  var zone: Zone?

  /// Parsed once, before anything is shown.
  func validate() throws {
    var settings = Screen.Settings()
    settings.colour = color
    settings.isWide = wide
    settings.zone = local || zone != nil ? zone?.value ?? .current : nil
    Screen.shared.settings = settings
  }
}
