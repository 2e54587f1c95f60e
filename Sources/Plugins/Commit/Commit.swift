import Foundation
import PackagePlugin

/// Writes the commit that a program is built from into its sources, before every build.
@main struct Commit: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let folder = context.pluginWorkDirectoryURL
    // Outside of a repository, or without git, the commit is unknown. The file stays as it is while
    // the commit does, so that nothing is compiled for it.
    let script = """
      commit=$(git -C "$1" rev-parse HEAD 2>/dev/null) || commit=unknown
      [ -z "$(git -C "$1" status --porcelain 2>/dev/null | head -n 1)" ] || commit="$commit+"
      text="let programCommit = \\"$commit\\""
      [ "$(cat "$2" 2>/dev/null)" = "$text" ] || echo "$text" > "$2"
      """
    return [
      .prebuildCommand(
        displayName: "commit", executable: URL(fileURLWithPath: "/bin/sh"),
        arguments: [
          "-c", script, "sh", context.package.directoryURL.path,
          folder.appending(path: "ProgramCommit.swift").path,
        ], outputFilesDirectory: folder)
    ]
  }
}
