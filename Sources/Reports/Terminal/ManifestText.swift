import Support
import Training

/// What a training that was done again came to, and what it was made from that is not the same.
public enum ManifestText {
  /// The verdict, and a line for each difference.
  public static func text(_ comparison: ManifestComparison) -> String {
    let inputs = comparison.inputs.map(line).joined()
    guard !comparison.isSame else {
      return "\nThe same in every bit: history, weights and what was predicted.\n"
        + (inputs.isEmpty ? "" : "What went in differs, without any effect:\n" + inputs)
    }
    return "\nNot the same:\n" + comparison.results.map(line).joined()
      + (inputs.isEmpty
        ? "Nothing that the manifest records of what went in differs: this should not be, please "
          + "report it.\n"
        : "What went in differs:\n" + inputs)
  }

  private static func line(_ difference: ManifestComparison.Difference) -> String {
    let (before, now) = (difference.before ?? "none", difference.now ?? "none")
    return "  " + "\(difference.name): \(before) before, \(now) now".shown + "\n"
  }
}
