import Platform

/// `path` seen from the root: a relative one is taken from the current directory.
public func absolutePath(_ path: String) -> String {
  path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
}
