#!/bin/sh
# Checks that code for a newer processor cannot run on an older one.
#
#   Scripts/check_symbols.sh [OPTION…]
#
# The options are those of a release build that is there already, which saves another.
#
# A symbol that several objects may define (weak, or of a link-once section) is taken from one of
# them by the linker: from a module compiled for AVX-512, it would run everywhere. So the modules of
# the instruction sets must define none, but for those that bear the module's own name, which no
# other object defines, and for data that Swift puts into every module: its version of reflection,
# and addresses of what other modules define. And no object but theirs may use their registers.
#
# Also that kernels are as fast as they can be: that every body is inlined into them, and that the
# accumulators of every tile stay in registers. Builds debug and release; lists what it finds and
# ends with 1, or with 0 if there is nothing.
set -eu
cd "$(dirname "$0")/.."

if [ "$(uname -m)" != x86_64 ]; then
  echo "nothing to check: only x86-64 has several instruction sets"
  exit 0
fi
need() {
  for tool in "$@"; do
    if command -v "$tool" >/dev/null 2>&1; then
      echo "$tool"
      return
    fi
  done
  echo "none of '$*' found; install binutils" >&2
  exit 69
}
nm=$(need llvm-nm nm)
objdump=$(need llvm-objdump objdump)

found=$(mktemp)
trap 'rm -f "$found"' EXIT

# The symbols of a module that other objects may define too. Mangled names begin with the length of
# the module's name and the name.
shared_symbols() {
  for object in "$1"/*.o; do
    "$nm" "$object" | awk -v object="$object" -v own="\$s${#2}$2" '
      # Three columns are a definition, two a mere reference.
      NF == 3 && $2 ~ /^[WwVvu]$/ && index($3, own) != 1 && index($3, "got.") != 1 &&
        $3 != "__swift_reflection_version" { print object ": shared symbol " $3 }'
  done
}

# What an object defines in the name of a kernel module.
borrowed_names() {
  "$nm" "$1" | awk -v object="$1" '
    NF == 3 && $2 != "U" && $3 ~ /^\$s(11KernelsVNNI|13KernelsAVX512|11KernelsAVX2|15KernelsPortable)/ {
      print object ": defines " $3
    }'
}

# The functions of an object that use registers of the given names.
uses_of() {
  "$objdump" -d --no-show-raw-insn "$2" | awk -v object="$2" -v registers="$1" '
    /^[0-9a-f]+ <.*>:$/ { name = $2 }
    match($0, registers) && !seen[name]++ {
      print object ": " substr($0, RSTART, RLENGTH) " in " name
    }'
}

# The bodies that a kernel module calls instead of having them inlined: they would run as compiled
# for the oldest processor.
called_bodies() {
  "$nm" -u "$1"/*.o | awk -v module="$1" '
    # A protocol descriptor (Mp) is a datum.
    $2 ~ /^\$s12KernelBodies/ && $2 !~ /Mp$/ && !seen[$2]++ {
      print module ": calls " $2
    }'
}

# The tiles and strips that put a vector on the stack: an accumulator that did not stay in its register.
# The portable set's are not looked at: without a fused multiply-add the product needs a register too.
spilled_tiles() {
  "$objdump" -d --no-show-raw-insn "$1"/Tile.swift.o | awk -v module="$1" '
    /^[0-9a-f]+ <.*>:$/ { name = $2 }
    name ~ /([tT]ile|strip)[0-9]+x[0-9]+/ && /mov[a-z0-9]+[ \t]+%[xyz]mm[0-9]+,.*\(%r[sb]p/ && !seen[name]++ {
      print module ": a vector goes to the stack in " name
    }'
}

swift build --quiet --product emnist
swift build --quiet -c release "$@" --product emnist
for configuration in debug release; do
  build=$(swift build -c "$configuration" --show-bin-path)
  build=${build#"$PWD"/}
  for module in KernelsVNNI KernelsAVX512 KernelsAVX2 KernelsPortable; do
    ls "$build/$module.build"/*.o >/dev/null
    {
      shared_symbols "$build/$module.build" "$module"
      called_bodies "$build/$module.build"
      [ "$module" = KernelsPortable ] || spilled_tiles "$build/$module.build"
    } >>"$found"
  done
  for object in "$build"/*.build/*.o; do
    case $object in
      # Tests are not in the program.
      */KernelsVNNI.build/* | */KernelsAVX512.build/* | *Tests.build/*) ;;
      */KernelsAVX2.build/*) uses_of %zmm "$object" >>"$found" ;;
      */KernelsPortable.build/*) uses_of '%[yz]mm' "$object" >>"$found" ;;
      *)
        borrowed_names "$object" >>"$found"
        uses_of '%[yz]mm' "$object" >>"$found"
        ;;
    esac
  done
done

if [ -s "$found" ]; then
  cat "$found"
  echo "$(wc -l <"$found") finding(s) in the kernels" >&2
  exit 1
fi
echo "no shared symbols, wide registers only where they belong, no tile on the stack"
