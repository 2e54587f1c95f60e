import Platform
import Support

@main
enum Emnist {
  static func main() {
    // `emnist … | head` ends quietly, also where the parent process ignores the signal.
    signal(SIGPIPE, SIG_DFL)
    // A limit on the size of files is an error like a full disk, not an end.
    signal(SIGXFSZ, SIG_IGN)
    let code = Program.run(
      Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
    exit(code.rawValue)
  }
}
