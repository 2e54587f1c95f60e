// The one place that says which Foundation and which C library the project uses; a file that calls
// either imports this module by name. The essentials start faster and link smaller than the whole
// Foundation, which drags in the Unicode tables of ICU.
#if canImport(FoundationEssentials)
  @_exported import FoundationEssentials
#else
  @_exported import Foundation
#endif

#if canImport(Glibc)
  @_exported import Glibc
#elseif canImport(Musl)
  @_exported import Musl
#elseif canImport(Darwin)
  @_exported import Darwin
#endif
