# Writes OUTPUT, a C++ file with the text of every SOURCES file: cmake -DOUTPUT=… -DSOURCES=a;b -P embed.cmake
set(body "")
foreach(source IN LISTS SOURCES)
  get_filename_component(name "${source}" NAME_WE)
  file(READ "${source}" text)
  string(APPEND body "    {\"${name}\", R\"PYTHON(${text})PYTHON\"},\n")
endforeach()
file(WRITE "${OUTPUT}"
  "#include \"django/bridge_sources.hpp\"\n\nnamespace pgtool {\n\n"
  "const std::vector<BridgeSource>& bridge_sources() {\n"
  "  static const std::vector<BridgeSource> sources{\n${body}  };\n  return sources;\n}\n\n"
  "} // namespace pgtool\n")
