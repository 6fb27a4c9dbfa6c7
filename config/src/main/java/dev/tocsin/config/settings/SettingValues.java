package dev.tocsin.config.settings;

import dev.tocsin.actions.Webhook;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.config.document.SizeText;
import dev.tocsin.config.document.Value;
import dev.tocsin.triggers.PlainDuration;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parses the texts of settings into their values, each by its form, and reports every fault. */
final class SettingValues {

  /** Labels of RFC 1123, with the underscore that names in the wild have. */
  private static final Pattern HOST =
      Pattern.compile("(?=.{1,253}$)[\\w]([\\w-]{0,61}[\\w])?(\\.[\\w]([\\w-]{0,61}[\\w])?)*");

  private final References references;

  SettingValues(References references) {
    this.references = references;
  }

  /**
   * The values of all settings that have one. A value that is wrong is reported, and the default
   * stands in for it.
   */
  Map<Setting, Object> read(
      Map<Setting, SettingsReader.Given> given, Map<Setting, SettingsReader.Given> defaults) {
    Map<Setting, Object> values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      Object value = parse(setting, given.get(setting));
      Object effective = value == null ? parse(setting, defaults.get(setting)) : value;
      if (effective != null) {
        values.put(setting, effective);
      }
    }
    checkBodyBytes(values, given.get(Setting.MAX_BODY_BYTES));
    return values;
  }

  private static void checkBodyBytes(
      Map<Setting, Object> values, SettingsReader.@Nullable Given given) {
    if (values.get(Setting.MAX_BODY_BYTES) instanceof Integer bodyBytes
        && values.get(Setting.MAX_EVENT_BYTES) instanceof Integer eventBytes
        && bodyBytes < eventBytes
        && given != null) {
      given
          .value()
          .error("must be at least max_event_bytes, %,d, not %,d".formatted(eventBytes, bodyBytes));
    }
  }

  private @Nullable Object parse(Setting setting, SettingsReader.@Nullable Given given) {
    if (given == null) {
      return absent(setting.form());
    }
    Value value = given.value();
    return switch (setting.form()) {
      case Setting.Form.Address _ -> address(value);
      case Setting.Form.Folder _ -> path(value, given.folder());
      case Setting.Form.Hosts _ -> hosts(value);
      case Setting.Form.Paths _ -> paths(value, given.folder());
      case Setting.Form.Text form -> text(form, value);
      case Setting.Form.Count form -> value.integer(form.min(), form.max());
      case Setting.Form.Time form -> time(form, value);
      case Setting.Form.Size form -> size(form, value);
      case Setting.Form.Flag _ -> value.bool();
      case Setting.Form.Link _ -> link(value);
      case Setting.Form.WebhookTable _ -> new WebhooksReader(references).read(value);
    };
  }

  private static @Nullable Object absent(Setting.Form form) {
    return switch (form) {
      case Setting.Form.Hosts _, Setting.Form.Paths _ -> List.of();
      case Setting.Form.WebhookTable _ -> Map.of();
      default -> null;
    };
  }

  /** The value of a setting as it may be shown; it contains no secret. */
  static String show(Setting setting, @Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Duration time -> PlainDuration.of(time);
      case Long bytes when setting.form() instanceof Setting.Form.Size -> SizeText.write(bytes);
      case List<?> items -> items.stream().map(Object::toString).collect(Collectors.joining(", "));
      case Map<?, ?> webhooks ->
          webhooks.values().stream()
              .map(Webhook.class::cast)
              .map(webhook -> webhook.name() + " (" + webhook.method() + " " + webhook.url() + ")")
              .collect(Collectors.joining(", "));
      default -> value.toString();
    };
  }

  private static @Nullable ListenAddress address(Value value) {
    String text = plainText(value);
    ListenAddress address = text == null ? null : ListenAddress.parse(text);
    if (text != null && address == null) {
      value.mustBe("host:port with a port from 0 to 65535");
    }
    return address;
  }

  private static @Nullable Duration time(Setting.Form.Time form, Value value) {
    Duration time = value.duration();
    if (time != null && (time.compareTo(form.min()) < 0 || time.compareTo(form.max()) > 0)) {
      value.mustBe(
          "a duration from "
              + PlainDuration.of(form.min())
              + " to "
              + PlainDuration.of(form.max()));
      return null;
    }
    return time;
  }

  private static @Nullable Long size(Setting.Form.Size form, Value value) {
    String text = value.node() instanceof Node.Scalar scalar ? scalar.text() : "";
    Long size = SizeText.parse(text);
    if (size == null) {
      value.mustBe("a size such as " + SizeText.EXAMPLES);
    } else if (size < form.min() || size > form.max()) {
      value.mustBe(
          "a size from " + SizeText.write(form.min()) + " to " + SizeText.write(form.max()));
    } else {
      return size;
    }
    return null;
  }

  private static @Nullable String text(Setting.Form.Text form, Value value) {
    String text = plainText(value);
    if (text != null && (text.length() > form.max() || !form.pattern().matcher(text).matches())) {
      value.mustBe("1 to " + form.max() + " characters: " + form.rule());
      return null;
    }
    return text;
  }

  /** Text without references: they are for secrets, and this value is shown. */
  private static @Nullable String plainText(Value value) {
    String text = value.text();
    if (text != null && References.isIn(text)) {
      value.error("must not contain a reference; only the url and the headers of webhooks can");
      return null;
    }
    return text;
  }

  private static List<String> hosts(Value value) {
    List<String> hosts = new ArrayList<>();
    for (Value item : value.itemsOrSelf()) {
      String text = plainText(item);
      if (text != null && HOST.matcher(text).matches()) {
        hosts.add(text);
      } else if (text != null) {
        item.mustBe("a host name without scheme, port or wildcard, as tocsin.example.com");
      }
    }
    return hosts;
  }

  private static List<Path> paths(Value value, Path folder) {
    List<Path> paths = new ArrayList<>();
    for (Value item : value.itemsOrSelf()) {
      Path path = path(item, folder);
      if (path != null) {
        paths.add(path);
      }
    }
    return paths;
  }

  private static @Nullable Path path(Value value, Path folder) {
    String text = plainText(value);
    if (text == null) {
      return null;
    }
    if (text.isEmpty()) {
      value.error("must not be empty");
      return null;
    }
    try {
      return folder.resolve(text);
    } catch (InvalidPathException e) {
      value.error("invalid path: " + e.getReason());
      return null;
    }
  }

  private static @Nullable URI link(Value value) {
    String text = plainText(value);
    if (text == null) {
      return null;
    }
    String fault = HttpSyntax.urlFault(text);
    if (fault != null) {
      value.error(fault + ", not " + Quoted.of(text));
      return null;
    }
    return URI.create(text);
  }
}
