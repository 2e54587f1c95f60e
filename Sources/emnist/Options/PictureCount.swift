import Datasets
import Reports

/// The line that counts pictures while a set of folders is read or written.
enum PictureCount {
  /// What shows it on standard error, if that is a terminal; the last picture takes it away.
  ///
  /// - Parameter verb: what is done, such as `reading`.
  static func shown(_ verb: String) -> ReadingProgress? {
    let terminal = Terminal(descriptor: StandardStream.error.rawValue)
    guard terminal.canRedraw else { return nil }
    return { done, count in
      let line = done < count ? "\(verb) pictures: \(done) of \(count)" : ""
      try? StandardStream.error.put("\r\u{1B}[K\(line)")
    }
  }
}
