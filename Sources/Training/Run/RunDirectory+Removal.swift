import Platform
import Support

extension RunDirectory {
  /// Removes all that a training and its test wrote, and the directories of its folds; other files
  /// stay.
  ///
  /// - Throws: ``RunError/inUse(path:)`` of a fold.
  func removeRun() throws {
    for fold in foldRuns {
      try fold.locked().removeRun()
      rmdir(fold.path)
    }
    for file in [config, history, events, steps, best, earlierBest, last, folds, foldsTable] {
      unlink(file)
    }
    removeTest()
  }

  /// Removes the test result and what was drawn of it.
  func removeTest() {
    for file in [evaluation, confusion, predictions] { unlink(file) }
    for part in RunPart.allCases {
      unlink(labelErrors(part))
      unlink(labelErrorSheet(part))
    }
    removeReport()
  }
}
