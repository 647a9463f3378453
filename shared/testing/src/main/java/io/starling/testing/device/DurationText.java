package io.starling.testing.device;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 5s}, {@code 2m} or {@code 1h} on a command line. */
public final class DurationText implements ITypeConverter<Duration> {
  private static final Pattern PATTERN = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  @Override
  public Duration convert(String text) {
    var match = PATTERN.matcher(text);
    if (!match.matches()) {
      throw new TypeConversionException("'" + text + "' is not a time such as 500ms, 5s, 2m or 1h");
    }
    var amount = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }
}
