import Configuration
import Datasets
import Support
import Training

/// `emnist data`: what data sets there are and what is in them.
enum DataCommand: CommandGroup {
  static let name = "data"
  static let abstract = "list, describe, show or make data sets"
  static let subcommands: [any CommandDescription.Type] = [
    DataListCommand.self, DataInfoCommand.self, DataPreviewCommand.self, DataSynthCommand.self,
  ]
  static let examples = [
    Example("emnist data list", "what is found, and where"),
    Example("emnist data preview letters", "a sheet of pictures, in the terminal"),
  ]
}

extension DataSetOptions {
  /// Loads the images that are meant, and says on standard error if others stand in for them.
  func load(_ parts: DatasetParts = [], environment: [String: String]) throws -> LoadedData {
    let data = try loadData(
      configuration.dataRequest, parts: parts, environment: environment)
    if let notice = data.notice { try StandardStream.error.put("emnist: \(notice)\n") }
    return data
  }
}
