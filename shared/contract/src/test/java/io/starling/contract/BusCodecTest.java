package io.starling.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every record below {@link BusMessage} crosses the wire, and its form there is kept as a file: a
 * change of it is a change of what nodes of two versions say to each other. To write the files
 * anew: {@code -Dstarling.golden=write}.
 */
class BusCodecTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final BusCodec CODEC = new BusCodec();

  static Stream<String> names() {
    return new TreeMap<>(CODEC.records()).keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyRecordComesBackAsItWas(String name) throws ReflectiveOperationException {
    var message = (BusMessage) sample(type(name));
    Buffer wire = Buffer.buffer("before");
    CODEC.encodeToWire(wire, message);

    assertThat(CODEC.decodeFromWire(6, wire)).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("names")
  void theFormOnTheWireStaysAsItIs(String name) throws ReflectiveOperationException, IOException {
    Buffer wire = Buffer.buffer();
    CODEC.encodeToWire(wire, (BusMessage) sample(type(name)));
    // Lengths are binary; what is between them is text.
    String form =
        wire.toString(StandardCharsets.ISO_8859_1).replaceAll("[^\\x20-\\x7e]+", "\n").strip()
            + "\n";
    Path file = GOLDEN.resolve(name + ".txt");
    if ("write".equals(System.getProperty("starling.golden"))) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, form);
    }
    assertThat(form).isEqualTo(Files.readString(file));
  }

  @Test
  void noFileIsLeftOver() throws IOException {
    try (var files = Files.list(GOLDEN)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")))
          .containsExactlyInAnyOrderElementsOf(CODEC.records().keySet());
    }
  }

  @Test
  void ignoresFieldsOfANewerVersion() {
    Buffer wire = message("gateway.returned", "{\"value\":7,\"unit\":\"lumen\"}");
    assertThat(CODEC.decodeFromWire(0, wire)).isEqualTo(new GatewayReply.Returned(7));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CODEC.decodeFromWire(0, message("no.such", "{}")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CODEC.decodeFromWire(0, message("gateway.returned", "{\"value\":")));
  }

  private static Buffer message(String name, String json) {
    return Buffer.buffer()
        .appendUnsignedShort(name.length())
        .appendString(name)
        .appendInt(json.length())
        .appendString(json)
        .appendInt(0);
  }

  private static Class<?> type(String name) {
    var type = CODEC.records().get(name);
    if (type == null) {
      throw new IllegalArgumentException(name);
    }
    return type;
  }

  /** A value of any type of the contract, the same at each call. */
  private static Object sample(Type type) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType parameterized) {
      Type[] of = parameterized.getActualTypeArguments();
      return parameterized.getRawType() == Map.class
          ? Map.of(sample(of[0]), sample(of[1]))
          : List.of(sample(of[0]));
    }
    var plain = (Class<?>) type;
    if (plain.isEnum()) {
      return plain.getEnumConstants()[0];
    }
    if (plain.isRecord() && !isId(plain)) {
      return record(plain);
    }
    return scalar(plain);
  }

  private static boolean isId(Class<?> type) {
    return type == DeviceId.class || type == AccountId.class || type == IntegrationId.class;
  }

  private static Object scalar(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "String" -> "text";
      case "int", "Integer" -> 42;
      case "long", "Long" -> 4_200_000_000L;
      case "boolean", "Boolean" -> true;
      case "Buffer" -> Buffer.buffer("bytes");
      case "DeviceId" -> DeviceId.of("00112233445566778899aabb");
      case "AccountId" -> AccountId.of("aa112233445566778899aabb");
      case "IntegrationId" -> IntegrationId.of("bb112233445566778899aabb");
      default -> throw new IllegalStateException("no sample for " + type);
    };
  }

  private static Object record(Class<?> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Constructor<?> constructor =
        type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    var values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = sample(components[i].getGenericType());
    }
    return constructor.newInstance(values);
  }
}
