# Provisional: what scripts/device and scripts/bench need of the project's launcher.
starling_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# Prints the java of an installed JDK 25.
starling_java() {
  local java
  for java in "${JAVA_HOME:-/nowhere}/bin/java" /usr/lib/jvm/*25*/bin/java java; do
    if "$java" -version 2>&1 | grep -q 'version "25'; then
      echo "$java"
      return
    fi
  done
  echo "starling: no JDK 25 found; set JAVA_HOME" >&2
  return 1
}

# Builds what is not built.
starling_build() {
  local tools="$starling_root/services/standalone/target/tools/lib"
  if [ ! -d "$tools" ]; then
    mvn -q -f "$starling_root/pom.xml" -pl shared/testing -DskipTests package \
      dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$tools" >&2
    cp "$starling_root"/shared/testing/target/starling-testing-*.jar "$tools"
  fi
}
