package io.starling.contract;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The one codec of the bus: {@code length (2), wire name, length (4), JSON, bytes of all buffers}.
 * Event batches are carried as they are, so that a batch costs a copy and not a parse.
 *
 * <p>Local delivery passes the same object. Thread-safe.
 */
public final class BusCodec implements MessageCodec<BusMessage, BusMessage> {
  /** The codec's name, with the version of the wire: processes of different versions never mix. */
  public static final String NAME = "starling/2";

  private static final String TAIL = "tail";

  private final Map<String, Class<? extends BusMessage>> classes = new HashMap<>();
  private final Map<Class<?>, String> names = new HashMap<>();
  private final ObjectMapper json;

  /** A codec for every record below {@link BusMessage}. */
  public BusCodec() {
    register(BusMessage.class);
    json =
        JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(
                new SimpleModule()
                    .addSerializer(Buffer.class, new ToTail())
                    .addDeserializer(Buffer.class, new FromTail()))
            .build();
  }

  private void register(Class<? extends BusMessage> type) {
    if (!type.isSealed()) {
      var wire = type.getAnnotation(Wire.class);
      if (wire == null) {
        throw new IllegalStateException(type + " has no wire name");
      }
      var before = classes.put(wire.value(), type);
      if (before != null && before != type) {
        throw new IllegalStateException("two records are called " + wire.value());
      }
      names.put(type, wire.value());
      return;
    }
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      register(permitted.asSubclass(BusMessage.class));
    }
  }

  /** All records by wire name. */
  public Map<String, Class<? extends BusMessage>> records() {
    return Map.copyOf(classes);
  }

  @Override
  public void encodeToWire(Buffer target, BusMessage message) {
    String name = names.get(message.getClass());
    if (name == null) {
      throw new IllegalArgumentException("not of the contract: " + message.getClass());
    }
    try {
      Buffer tail = Buffer.buffer();
      byte[] body = json.writer().withAttribute(TAIL, tail).writeValueAsBytes(message);
      byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
      target
          .appendUnsignedShort(nameBytes.length)
          .appendBytes(nameBytes)
          .appendInt(body.length)
          .appendBytes(body)
          .appendInt(tail.length())
          .appendBuffer(tail);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot encode " + name, e);
    }
  }

  @Override
  public BusMessage decodeFromWire(int at, Buffer source) {
    int nameLength = source.getUnsignedShort(at);
    String name = source.getString(at + 2, at + 2 + nameLength, "UTF-8");
    var type = classes.get(name);
    if (type == null) {
      throw new IllegalArgumentException("unknown message " + name);
    }
    int body = at + 2 + nameLength;
    int bodyLength = source.getInt(body);
    int tail = body + 4 + bodyLength;
    int tailLength = source.getInt(tail);
    try {
      var rest = new Tail(source.slice(tail + 4, tail + 4 + tailLength));
      return json.readerFor(type)
          .withAttribute(TAIL, rest)
          .readValue(source.getBytes(body + 4, body + 4 + bodyLength));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot decode " + name, e);
    }
  }

  @Override
  public BusMessage transform(BusMessage message) {
    return message;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }

  /** The bytes behind the JSON, handed out in the order in which they were put there. */
  private static final class Tail {
    private final Buffer bytes;
    private int at;

    Tail(Buffer bytes) {
      this.bytes = bytes;
    }

    Buffer take(int length) {
      at += length;
      return bytes.slice(at - length, at);
    }
  }

  private static final class ToTail extends JsonSerializer<Buffer> {
    @Override
    public void serialize(Buffer value, JsonGenerator target, SerializerProvider context)
        throws IOException {
      ((Buffer) context.getAttribute(TAIL)).appendBuffer(value);
      target.writeNumber(value.length());
    }
  }

  private static final class FromTail extends JsonDeserializer<Buffer> {
    @Override
    public Buffer deserialize(JsonParser source, DeserializationContext context)
        throws IOException {
      return ((Tail) context.getAttribute(TAIL)).take(source.getIntValue());
    }
  }
}
