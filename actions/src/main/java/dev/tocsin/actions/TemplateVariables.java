package dev.tocsin.actions;

import dev.tocsin.actions.template.TemplateFault;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import dev.tocsin.wire.EventJson;
import java.net.URI;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What the templates of an action may speak of:
 *
 * <ul>
 *   <li>{@code event}: the triggering event with the fields of its JSON; {@code event.resource} has
 *       {@code .id}, {@code .name}, {@code .labels} and its labels as {@code ['label']}; {@code
 *       event.payload} is parsed when it is first asked for
 *   <li>{@code events}: the triggering event, in a list
 *   <li>{@code automation}: {@code id, name, description, tags, posture}
 *   <li>{@code firing}: {@code id, state, triggered, labels, reason, event} (an id)
 *   <li>{@code labels}: the triggering labels
 *   <li>{@code flow, flow_run, deployment, work_pool, work_queue}: the primary resource if its id
 *       says that it is one, else the first related resource in that role; as {@code
 *       event.resource}, but {@code .id} without {@code prefect.<kind>.}
 *   <li>{@code ui_url}: the setting
 * </ul>
 */
public final class TemplateVariables {

  /** Variable, and role of its resource. */
  private static final Map<String, String> ROLES = new LinkedHashMap<>();

  static {
    ROLES.put("flow", "flow");
    ROLES.put("flow_run", "flow-run");
    ROLES.put("deployment", "deployment");
    ROLES.put("work_pool", "work-pool");
    ROLES.put("work_queue", "work-queue");
  }

  private TemplateVariables() {}

  /** The variables of an invocation. */
  public static Map<String, Object> of(Invocation invocation, ActionSettings settings) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("automation", automation(invocation.automation()));
    variables.put("firing", firing(invocation.firing()));
    variables.put("labels", invocation.firing().labels());
    Event event = invocation.event();
    if (event != null) {
      Map<String, @Nullable Object> plain = event(event);
      variables.put("event", plain);
      variables.put("events", List.of(plain));
      ROLES.forEach((name, role) -> putResource(variables, name, event, role));
    } else {
      variables.put("events", List.of());
    }
    URI ui = settings.uiUrl();
    if (ui != null) {
      variables.put("ui_url", ui.toString());
    }
    return variables;
  }

  private static Map<String, @Nullable Object> automation(AutomationReference automation) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", automation.id());
    fields.put("name", automation.name());
    fields.put("description", automation.description());
    fields.put("tags", automation.tags());
    fields.put("posture", automation.posture());
    return fields;
  }

  private static Map<String, @Nullable Object> firing(Firing firing) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", firing.id());
    fields.put("state", firing.state().label());
    fields.put("triggered", firing.triggered().toString());
    fields.put("labels", firing.labels());
    fields.put("reason", firing.reason().sentence());
    fields.put("event", firing.event());
    return fields;
  }

  private static Map<String, @Nullable Object> event(Event event) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("occurred", event.occurred().toString());
    fields.put("event", event.name());
    fields.put("resource", new NamedLabels(event.resource().labels(), event.resource().id()));
    List<Object> related = new ArrayList<>();
    event.related().forEach(one -> related.add(new NamedLabels(one.labels(), one.id())));
    fields.put("related", Collections.unmodifiableList(related));
    fields.put("payload", new ParsedOnce(event.payload()));
    fields.put("id", event.id());
    fields.put("follows", event.follows());
    fields.put("received", event.received().toString());
    return fields;
  }

  private static void putResource(
      Map<String, Object> variables, String name, Event event, String role) {
    String prefix = "prefect." + role + ".";
    String primary = event.resource().id();
    if (primary.startsWith(prefix)) {
      variables.put(name, resource(event.resource().labels(), primary, prefix));
      return;
    }
    RelatedResource related = event.firstRelated(role);
    if (related != null) {
      variables.put(name, resource(related.labels(), related.id(), prefix));
    }
  }

  private static NamedLabels resource(Labels labels, String id, String prefix) {
    boolean prefixed = id.startsWith(prefix) && id.length() > prefix.length();
    return new NamedLabels(labels, prefixed ? id.substring(prefix.length()) : id);
  }

  /** A payload that is parsed when a template first asks for it. */
  private static final class ParsedOnce implements Supplier<Object> {

    private final Payload payload;
    private @Nullable Object parsed;

    ParsedOnce(Payload payload) {
      this.payload = payload;
    }

    @Override
    public Object get() {
      Object value = parsed;
      if (value == null) {
        value = parse();
        parsed = value;
      }
      return value;
    }

    private Object parse() {
      try {
        return EventJson.plain(payload);
      } catch (JacksonException e) {
        throw new TemplateFault(1, "event.payload cannot be read: " + e.getOriginalMessage());
      }
    }
  }

  /**
   * The labels of a resource, of which {@code id}, {@code name} and {@code labels} can be asked
   * too.
   */
  private static final class NamedLabels extends AbstractMap<String, Object> {

    private final Map<String, String> labels;
    private final String id;

    NamedLabels(Labels labels, String id) {
      this.labels = labels.asMap();
      this.id = id;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
      return switch (String.valueOf(name)) {
        case "id" -> id;
        case "name" -> labels.get(Resource.NAME);
        case "labels" -> labels;
        default -> labels.get(name);
      };
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      return Collections.<String, Object>unmodifiableMap(labels).entrySet();
    }
  }
}
