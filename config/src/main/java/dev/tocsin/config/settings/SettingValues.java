package dev.tocsin.config.settings;

import dev.tocsin.actions.Webhook;
import dev.tocsin.config.document.DurationText;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.config.document.SizeText;
import dev.tocsin.config.document.Value;
import dev.tocsin.triggers.EventLimits;
import dev.tocsin.triggers.PlainDuration;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns the values that were given into settings; what is wrong is reported and has its default.
 */
final class SettingValues {

  private final Map<Setting, SettingsReader.Given> given;
  private final References references;
  private final Map<Setting, String> shown = new EnumMap<>(Setting.class);

  SettingValues(Map<Setting, SettingsReader.Given> given, References references) {
    this.given = given;
    this.references = references;
  }

  /** All settings. */
  Settings settings() {
    String address = address();
    int colon = address.lastIndexOf(':');
    EventLimits limits = limits();
    return new Settings(
        address.substring(0, colon),
        Integer.parseInt(address.substring(colon + 1)),
        folder(),
        new Retention(givenTime(Setting.RETENTION_AGE), size()),
        paths(),
        text(Setting.NAMESPACE),
        limits,
        time(Setting.LAPSE),
        time(Setting.FOLLOWS_PATIENCE),
        time(Setting.FOLLOWS_MEMORY),
        count(Setting.MAX_CAUSAL_DEPTH),
        time(Setting.STARTUP_GRACE),
        count(Setting.INTAKE_CAPACITY),
        count(Setting.MAX_BATCH),
        count(Setting.CHECKPOINT_EVERY),
        bodyBytes(limits.maxBytes()),
        count(Setting.MAX_CONNECTIONS),
        time(Setting.BODY_TIMEOUT),
        time(Setting.IDLE_TIMEOUT),
        time(Setting.SHUTDOWN_TIMEOUT),
        time(Setting.WEBHOOK_TIMEOUT),
        count(Setting.MAX_RESPONSE_BYTES),
        count(Setting.MAX_DESTINATIONS),
        count(Setting.DESTINATION_WINDOW),
        flag(Setting.STRICT_TEMPLATES),
        link(Setting.UI_URL),
        webhooks());
  }

  /** The value of a setting as it may be shown, once the settings are made. */
  String shown(Setting setting) {
    return shown.getOrDefault(setting, "");
  }

  private @Nullable Value value(Setting setting) {
    SettingsReader.Given found = given.get(setting);
    return found == null ? null : found.value();
  }

  private EventLimits limits() {
    return new EventLimits(
        count(Setting.MAX_LABELS),
        count(Setting.MAX_RELATED),
        count(Setting.MAX_EVENT_BYTES),
        time(Setting.MAX_FUTURE));
  }

  private int bodyBytes(int eventBytes) {
    int bodyBytes = count(Setting.MAX_BODY_BYTES);
    Value value = value(Setting.MAX_BODY_BYTES);
    if (bodyBytes < eventBytes && value != null) {
      value.error("must be at least max_event_bytes, " + eventBytes + ", not " + bodyBytes);
    }
    return bodyBytes;
  }

  private int count(Setting setting) {
    Value value = value(setting);
    Integer count =
        setting.form() instanceof Setting.Form.Count bounds && value != null
            ? value.integer(bounds.least(), bounds.most())
            : null;
    int effective = count == null ? Integer.parseInt(setting.defaultText()) : count;
    shown.put(setting, Integer.toString(effective));
    return effective;
  }

  /** The time that is given, or null where there is none or it is wrong. */
  private @Nullable Duration givenTime(Setting setting) {
    Value value = value(setting);
    Duration time =
        setting.form() instanceof Setting.Form.Time bounds && value != null
            ? within(bounds, value)
            : null;
    if (time != null) {
      shown.put(setting, PlainDuration.of(time));
    }
    return time;
  }

  private Duration time(Setting setting) {
    Duration time = givenTime(setting);
    Duration byDefault = DurationText.parse(setting.defaultText());
    Duration effective = time == null ? Objects.requireNonNull(byDefault) : time;
    shown.put(setting, PlainDuration.of(effective));
    return effective;
  }

  private @Nullable Long size() {
    Value value = value(Setting.RETENTION_SIZE);
    if (value == null || !(Setting.RETENTION_SIZE.form() instanceof Setting.Form.Size bounds)) {
      return null;
    }
    String text = value.node() instanceof Node.Scalar scalar ? scalar.text() : "";
    Long size = SizeText.parse(text);
    if (size == null) {
      value.mustBe("a size as " + SizeText.EXAMPLES);
    } else if (size < bounds.least() || size > bounds.most()) {
      value.mustBe(
          "a size from " + SizeText.write(bounds.least()) + " to " + SizeText.write(bounds.most()));
    } else {
      shown.put(Setting.RETENTION_SIZE, SizeText.write(size));
      return size;
    }
    return null;
  }

  private static @Nullable Duration within(Setting.Form.Time bounds, Value value) {
    Duration time = value.duration();
    if (time != null && (time.compareTo(bounds.least()) < 0 || time.compareTo(bounds.most()) > 0)) {
      value.mustBe(
          "a time from "
              + PlainDuration.of(bounds.least())
              + " to "
              + PlainDuration.of(bounds.most()));
      return null;
    }
    return time;
  }

  private boolean flag(Setting setting) {
    Value value = value(setting);
    Boolean flag = value == null ? null : value.bool();
    boolean effective = flag == null ? Boolean.parseBoolean(setting.defaultText()) : flag;
    shown.put(setting, Boolean.toString(effective));
    return effective;
  }

  private String text(Setting setting) {
    Value value = value(setting);
    String text = value == null ? null : plainText(value);
    if (value != null
        && text != null
        && setting.form() instanceof Setting.Form.Text form
        && (text.length() > form.most() || !form.pattern().matcher(text).matches())) {
      value.mustBe("1 to " + form.most() + " characters: " + form.rule());
      text = null;
    }
    String effective = text == null ? setting.defaultText() : text;
    shown.put(setting, effective);
    return effective;
  }

  /** Text without references: they are for secrets, and this value is shown. */
  private static @Nullable String plainText(Value value) {
    String text = value.text();
    if (text != null && References.isIn(text)) {
      value.error("holds a reference; only the url and the headers of webhooks may");
      return null;
    }
    return text;
  }

  /** {@code host:port}; an IPv6 host stands in brackets, which are cut. */
  private String address() {
    Value value = value(Setting.LISTEN);
    String text = value == null ? null : plainText(value);
    String address = text == null ? null : parsedAddress(text);
    if (value != null && text != null && address == null) {
      value.mustBe("host:port with a port from 0 to 65535");
    }
    String effective = address == null ? Setting.LISTEN.defaultText() : address;
    shown.put(Setting.LISTEN, address == null || text == null ? effective : text);
    return effective;
  }

  private static @Nullable String parsedAddress(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean isBracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
    String bare = isBracketed ? host.substring(1, host.length() - 1) : host;
    boolean isHost = isBracketed ? bare.matches("[0-9A-Fa-f:.%a-z]+") : bare.matches("[\\w.-]+");
    String digits = text.substring(colon + 1);
    boolean isPort = digits.matches("\\d{1,5}") && Integer.parseInt(digits) <= 65_535;
    return isHost && isPort ? bare + ":" + Integer.parseInt(digits) : null;
  }

  private Path folder() {
    SettingsReader.Given found = given.get(Setting.DATA);
    String text = found == null ? null : plainText(found.value());
    Path path = found == null || text == null ? null : path(text, found.value(), found.folder());
    Path effective = path == null ? Path.of(Setting.DATA.defaultText()) : path;
    shown.put(Setting.DATA, effective.toString());
    return effective;
  }

  private List<Path> paths() {
    List<Path> paths = new ArrayList<>();
    SettingsReader.Given found = given.get(Setting.AUTOMATIONS);
    if (found != null) {
      for (Value item : found.value().itemsOrSelf()) {
        String text = plainText(item);
        Path path = text == null ? null : path(text, item, found.folder());
        if (path != null) {
          paths.add(path);
        }
      }
    }
    shown.put(
        Setting.AUTOMATIONS, paths.stream().map(Path::toString).collect(Collectors.joining(", ")));
    return paths;
  }

  private static @Nullable Path path(String text, Value value, Path folder) {
    if (text.isEmpty()) {
      value.error("must not be empty");
      return null;
    }
    try {
      return folder.resolve(text);
    } catch (InvalidPathException e) {
      value.error("is no path: " + e.getReason());
      return null;
    }
  }

  private @Nullable URI link(Setting setting) {
    Value value = value(setting);
    String text = value == null ? null : plainText(value);
    if (value == null || text == null) {
      return null;
    }
    String fault = HttpSyntax.urlFault(text);
    if (fault != null) {
      value.error(fault + ", not " + Quoted.of(text));
      return null;
    }
    shown.put(setting, text);
    return URI.create(text);
  }

  private Map<String, Webhook> webhooks() {
    Value value = value(Setting.WEBHOOKS);
    Map<String, Webhook> webhooks =
        value == null ? Map.of() : new WebhooksReader(references).read(value);
    shown.put(
        Setting.WEBHOOKS,
        webhooks.values().stream()
            .map(webhook -> webhook.name() + " (" + webhook.method() + " " + webhook.url() + ")")
            .collect(Collectors.joining(", ")));
    return webhooks;
  }
}
