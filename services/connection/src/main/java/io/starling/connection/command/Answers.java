package io.starling.connection.command;

import io.starling.contract.GatewayReply.CallReply;
import io.starling.contract.GatewayReply.DeviceError;
import io.starling.contract.GatewayReply.ReadReply;
import io.starling.contract.GatewayReply.Returned;
import io.starling.contract.GatewayReply.Value;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Reads what devices answer. */
final class Answers {
  private static final int MAX_BYTES = 8 * 1024;
  private static final int MAX_ERROR_CHARS = 256;
  private static final String ERROR = "error";

  private Answers() {}

  /** The answer to a call: an integer of 32 bits, or {@code {"error": …}}. */
  static CallReply returned(Buffer payload) {
    var value = value(payload);
    if (value instanceof Integer number) {
      return new Returned(number);
    }
    var error = error(value);
    return error == null ? new DeviceError("the device's answer is not an integer") : error;
  }

  /** The answer to reading a variable: any JSON value, or {@code {"error": …}}. */
  static ReadReply read(Buffer payload) {
    var value = value(payload);
    if (value == null) {
      return new DeviceError("the device's answer is not a JSON value");
    }
    var error = error(value);
    return error == null ? new Value(payload.toString()) : error;
  }

  private static @Nullable DeviceError error(@Nullable Object value) {
    if (value instanceof JsonObject object
        && object.size() == 1
        && object.getValue(ERROR) instanceof Object error) {
      String text = error.toString();
      return new DeviceError(text.substring(0, Math.min(text.length(), MAX_ERROR_CHARS)));
    }
    return null;
  }

  private static @Nullable Object value(Buffer payload) {
    if (payload.length() > MAX_BYTES) {
      return null;
    }
    try {
      return Json.decodeValue(payload);
    } catch (DecodeException e) {
      return null;
    }
  }
}
