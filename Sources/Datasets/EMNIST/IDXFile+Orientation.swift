import Formats

extension IDXFile {
  /// Whether a file's name says that it is one of EMNIST's, whose rows and columns are swapped.
  public static func isTransposed(named path: String) -> Bool {
    let name = Folder.lastComponent(path)
    let dataset = DataFileName(name)?.dataset.flatMap(KnownDataset.init)
    return dataset?.isEMNIST ?? false || name.hasPrefix("emnist-")
  }
}
