# shellcheck shell=bash
# Builds a program with some sources changed, beside the objects of a preset; to be sourced after
# common.sh. The caller sets `preset` and `work`, a folder of its own, and begins with
# begin_mutants; the working tree is only read.
# shellcheck disable=SC2154  # Those are set elsewhere.

# begin_mutants PROGRAM: builds the program as it is and makes the folder anew. PROGRAM is a path in
# the build folder, like tests/trading_test.
begin_mutants() {
  mutant_build="$root/build/$preset"
  mutant_of=$1
  scripts/build "$preset" --quiet --target "$(basename "$mutant_of")"
  rm -rf "$work"
  mkdir -p "$work"
  ninja -C "$mutant_build" -t targets all | cut -d: -f1 >"$work/targets"
  link_command=$(command_for "$mutant_of")
}

# command_for TARGET: how ninja makes it.
command_for() { ninja -C "$mutant_build" -t commands "$1" | tail -1; }

# object_of SOURCE: the target that it is compiled to.
object_of() { grep -m1 "^CMakeFiles/[^/]*\.dir/$1\.o$" "$work/targets"; }

# compile_mutant SOURCE MUTANT OBJECT: as ninja compiles the source, with the mutant in its place.
compile_mutant() {
  local source=$1 mutant=$2 object=$3 target command
  target=$(object_of "$source") || return
  command=$(command_for "$target")
  command=${command//"$root/$source"/"-iquote $root/$(dirname "$source") $mutant"}
  command=${command//"-o $target"/"-o $object"}
  command=${command//"-MF $target.d"/"-MF $object.d"}
  (cd "$mutant_build" && eval "$command ${mutant_flags:-} -w") >"$work/output" 2>&1
}

# link_mutant PROGRAM OBJECT...: the objects go first, so that the libraries' own are not taken.
link_mutant() {
  local mutant=$1 command
  shift
  command=${link_command//"-o $mutant_of"/"$* -o $mutant"}
  (cd "$mutant_build" && eval "$command") >"$work/output" 2>&1
}
