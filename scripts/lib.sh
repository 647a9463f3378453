# Sourced by the scripts: finding a JDK, building what is not built.

STARLING_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
STARLING_JDK=25

starling_fail() {
  echo "starling: $*" >&2
  exit 3
}

# Prints the home of an installed JDK 25: JAVA_HOME, the one of `javac` on the path, or one of the usual places.
starling_jdk() {
  local home javac
  javac=$(command -v javac || true)
  [ -n "$javac" ] && javac=$(dirname "$(dirname "$(readlink -f "$javac")")")
  for home in "${JAVA_HOME:-}" "$javac" /usr/lib/jvm/*"$STARLING_JDK"* /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -x "$home/bin/javac" ] && "$home/bin/javac" -version 2>&1 | grep -q "^javac $STARLING_JDK\b"; then
      echo "$home"
      return 0
    fi
  done
  echo "starling: no JDK $STARLING_JDK found: install one (for example Temurin $STARLING_JDK) or set JAVA_HOME to it" >&2
  return 3
}

# Prints the JDK 25 `java`.
starling_java() {
  local home
  home=$(starling_jdk) || return $?
  echo "$home/bin/java"
}

# Runs Maven on JDK 25.
starling_mvn() {
  local home
  command -v mvn >/dev/null || starling_fail "Maven is not installed: install it (for example the package maven)"
  home=$(starling_jdk) || exit $?
  (cd "$STARLING_HOME" && JAVA_HOME=$home MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" mvn "$@")
}

# Whether anything that goes into the build is newer than the last one.
starling_stale() {
  local built=$STARLING_HOME/services/standalone/target/built
  [ ! -e "$built" ] && return 0
  [ -n "$(find "$STARLING_HOME/pom.xml" "$STARLING_HOME/shared" "$STARLING_HOME/services" \( -name target -o -name node_modules \) -prune -o \
    \( -path '*/src/main/*' -o -name pom.xml \) -type f -newer "$built" -print -quit)" ]
}

# Builds what is not built. Several scripts may start at once: one builds, the others wait.
starling_build() {
  starling_stale || return 0
  starling_jdk >/dev/null || exit $?
  mkdir -p "$STARLING_HOME/services/standalone/target"
  (
    if command -v flock >/dev/null; then flock 9; fi
    starling_stale || exit 0
    echo "starling: building (the first time fetches about 150 MB of libraries and takes a few minutes)" >&2
    begun=$(mktemp)
    rm -f "$STARLING_AOT"
    starling_mvn -DskipTests -Dspotless.check.skip=true package 2>&1 | starling_progress || starling_fail "the build failed; 'scripts/test' or 'mvn package' shows all of it"
    starling_rehearse
    mv "$begun" "$STARLING_HOME/services/standalone/target/built"
  ) 9>"$STARLING_HOME/services/standalone/target/build.lock"
}

# Of Maven's output: the module at hand, and errors. Exit status of the build, not of the filter.
starling_progress() {
  local line failed=0
  while IFS= read -r line; do
    case $line in
      *"Building "*"["*) echo "starling:   ${line#*Building }" >&2 ;;
      *"[ERROR]"*) echo "$line" >&2; failed=1 ;;
      *"BUILD FAILURE"*) failed=1 ;;
    esac
  done
  return $failed
}

# Flags that every JVM of a server is started with. The last ones are for Hazelcast, which reads some of the JDK's own figures; they
# stand here for one machine too, because the cache of a rehearsal is good only for the flags that it was made with.
STARLING_JVM_FLAGS=(
  --enable-native-access=ALL-UNNAMED
  --sun-misc-unsafe-memory-access=allow
  -XX:+UseCompactObjectHeaders
  --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED
  --add-opens=java.base/java.lang=ALL-UNNAMED
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
  --add-opens=java.management/sun.management=ALL-UNNAMED
  --add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED
  -Djdk.tls.rejectClientInitiatedRenegotiation=true # of TLS 1.2: a handshake that no limit sees
)
# Hazelcast hands callbacks to the common pool if that has more than one thread, which on two cores it has not by itself: then each
# callback starts a thread (20 times slower).
[ "$(nproc 2>/dev/null || echo 2)" -gt 2 ] || STARLING_JVM_FLAGS+=(-Djava.util.concurrent.ForkJoinPool.common.parallelism=2)
STARLING_LIB=$STARLING_HOME/services/standalone/target/starling/lib
STARLING_TOOLS=$STARLING_HOME/shared/testing/target/tools/lib
STARLING_AOT=$STARLING_HOME/services/standalone/target/starling/starling.aot

# Has a server's JVM take what a rehearsal kept. Without it, or where it does not fit, the start takes twice as long.
starling_use_rehearsal() {
  # With other jars than it was made with the JVM does not say no, and runs code of both.
  [ ! -e "$STARLING_AOT" ] || [ -n "$(find "$STARLING_LIB" -newer "$STARLING_AOT" -print -quit)" ] ||
    STARLING_JVM_FLAGS+=("-XX:AOTCache=$STARLING_AOT" -Xlog:aot=off -Xlog:cds=off)
}

# Runs the server once, with a fleet for some seconds, and keeps what the JVM had to read, check and profile for it (an AOT cache, JEP 514
# and 515). Nothing depends on it: where it fails, it says so and leaves none.
starling_rehearse() {
  local java folder port pid
  java=$(starling_java) || return $?
  rm -f "$STARLING_AOT"
  echo "starling:   rehearsing a start, which halves the time of those to come" >&2
  folder=$(mktemp -d)
  port=$((20000 + RANDOM % 10000))
  (
    for setting in $(compgen -e STARLING_); do unset "$setting"; done
    export STARLING_HOST=127.0.0.1 STARLING_DATA=$folder/data
    export STARLING_API_PORT=$port STARLING_MQTT_PORT=$((port + 1)) STARLING_WEBSOCKET_PORT=$((port + 2)) STARLING_HEALTH_PORT=$((port + 3))
    "$java" -XX:AOTCacheOutput="$folder/aot" "${STARLING_JVM_FLAGS[@]}" -Xmx600m -XX:+UseParallelGC -cp "$STARLING_LIB/*" \
      io.starling.standalone.Main >"$folder/log" 2>&1 &
    pid=$!
    for _ in $(seq 900); do
      grep -q ' ready: ' "$folder/log" && break
      kill -0 $pid 2>/dev/null || break
      sleep 0.1
    done
    timeout 60 "$java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlogback.configurationFile=logback-tools.xml -cp "$STARLING_TOOLS/*" \
      io.starling.testing.device.DeviceCommand --count 50 --rate 1000 --duration 5s >>"$folder/log" 2>&1 || true
    kill $pid 2>/dev/null || true
    wait $pid || true
  )
  mv "$folder/aot" "$STARLING_AOT" 2>/dev/null || echo "starling:   the rehearsal failed; starts will take longer: $(tail -n 1 "$folder/log")" >&2
  rm -rf "$folder"
}
