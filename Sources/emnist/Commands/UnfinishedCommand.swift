import Support

/// A command that this build understands but cannot run.
struct UnfinishedCommand: UserError {
  let name: String

  var exitCode: ExitCode { .unavailable }
  var description: String { "'\(name)' is not part of this build; get a newer one" }
}
