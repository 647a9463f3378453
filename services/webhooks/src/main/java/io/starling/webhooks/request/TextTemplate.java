package io.starling.webhooks.request;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Mustache template: {@code {{x}}} is escaped for HTML as with Particle, {@code {{{x}}}} is not;
 * what is unknown is empty. Partials are refused, and nothing but the event's own values can be
 * named. Immutable and thread-safe.
 */
public final class TextTemplate {
  /** The most that one template may render, in characters. */
  static final int MAX_CHARS = 1 << 20;

  private static final Mustache.Compiler PLAIN =
      Mustache.compiler()
          .defaultValue("")
          .emptyStringIsFalse(true)
          .zeroIsFalse(true)
          .withEscaper(Escapers.HTML)
          .withCollector(new OwnValues())
          .withFormatter(EventVariables::write)
          .withLoader(
              name -> {
                throw new MustacheException("partials are not supported: " + name);
              });

  private static final Mustache.Compiler UNESCAPED = PLAIN.withEscaper(Escapers.NONE);

  // Insertions are marked, so that an escaping that depends on the place can follow the rendering.
  private static final Mustache.Compiler MARKED =
      PLAIN.withFormatter(value -> Insertions.mark(EventVariables.write(value)));

  private final String source;
  private final Form form;
  private final @Nullable Template template;

  /** Where a template's text goes, which decides how inserted values are written. */
  public enum Form {
    /** As they are. */
    TEXT,
    /** Escaped within JSON strings, as they are outside of them. */
    JSON,
    /** With what no URL may contain percent-encoded. */
    URL,
    /** As they are, also where the template would have them escaped for HTML. */
    NAME
  }

  private TextTemplate(String source, Form form, @Nullable Template template) {
    this.source = source;
    this.form = form;
    this.template = template;
  }

  /**
   * Compiles a template.
   *
   * @throws IllegalArgumentException if it is not well formed, with the reason
   */
  public static TextTemplate of(String source, Form form) {
    if (!source.contains("{{")) {
      return new TextTemplate(source, form, null);
    }
    try {
      var compiler =
          switch (form) {
            case TEXT -> PLAIN;
            case NAME -> UNESCAPED;
            case JSON, URL -> MARKED;
          };
      return new TextTemplate(source, form, compiler.compile(source));
    } catch (MustacheException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Tells whether it is the same for every event. */
  public boolean isConstant() {
    return template == null;
  }

  /**
   * The text for an event.
   *
   * @param variables {@link EventVariables}, or maps and lists
   * @throws IllegalArgumentException if it cannot be rendered, or becomes too long
   */
  public String render(Object variables) {
    if (template == null) {
      return source;
    }
    var target = new BoundedWriter(MAX_CHARS);
    try {
      template.execute(variables, target);
    } catch (MustacheException e) {
      throw new IllegalArgumentException("template: " + e.getMessage(), e);
    }
    return switch (form) {
      case TEXT, NAME -> target.toString();
      case JSON -> Insertions.intoJson(target.toString());
      case URL -> Insertions.intoUrl(target.toString());
    };
  }

  /** Looks into maps and lists only: no reflection on the classes of the values. */
  private static final class OwnValues extends BasicCollector {
    @Override
    public <K, V> Map<K, V> createFetcherCache() {
      return new HashMap<>();
    }
  }
}
