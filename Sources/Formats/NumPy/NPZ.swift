import Support

/// NumPy's zip of arrays, each a member `NAME.npy`.
public enum NPZ {
  /// The file of arrays by name, as `numpy.savez` has it, or `numpy.savez_compressed` with a
  /// `level` from 1 to 9. The same arrays make the same bytes.
  public static func encode(_ arrays: [(name: String, array: NumberArray)], level: Int = 0)
    -> [UInt8]
  {
    var zip = ZipWriter()
    for (name, array) in arrays { zip.add("\(name).npy", NPY.encode(array), level: level) }
    return zip.finished()
  }
}
