package dev.tocsin.config;

import dev.tocsin.actions.Action;
import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.config.document.Value;
import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the automations of a document: an {@code automations} list, or one automation. */
final class AutomationReader {

  private static final int MAX_NAME = 1_024;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final TriggerReader triggers;
  private final ActionReader actions;

  AutomationReader(TriggerReader triggers, ActionReader actions) {
    this.triggers = triggers;
    this.actions = actions;
  }

  /**
   * An automation and where it was declared.
   *
   * @param value its id or name, else the whole of it
   * @param hasId whether its id is written
   */
  record Declared(Automation automation, Value value, boolean hasId) {}

  /** Whether a document contains tests of automations in another file. */
  static boolean isOfTests(Node document) {
    if (document instanceof Node.Mapping mapping && mapping.find("tests") != null) {
      Node.Member automations = mapping.find("automations");
      return automations == null || automations.value() instanceof Node.Scalar;
    }
    return false;
  }

  /** The automations of a list; those that cannot be read are reported. */
  List<Declared> readList(Value list) {
    List<Declared> declared = new ArrayList<>();
    list.items().forEach(item -> add(read(item), declared));
    return declared;
  }

  /** The automations that could be read; all else is reported. */
  List<Declared> readDocument(Value document) {
    List<Declared> declared = new ArrayList<>();
    if (document.node() instanceof Node.Mapping mapping && mapping.find("automations") != null) {
      Fields fields = new Fields(mapping, document.path(), document.report());
      fields.items("automations").forEach(item -> add(read(item), declared));
      fields.refuse(
          "tests",
          "tests belong in a document of their own, which names the file of the automations");
      fields.finish();
    } else {
      add(read(document), declared);
    }
    return declared;
  }

  /** The automation of a definition, or none and a report. */
  Optional<Automation> readDefinition(Value definition) {
    return Optional.ofNullable(read(definition)).map(Declared::automation);
  }

  private static void add(@Nullable Declared automation, List<Declared> declared) {
    if (automation != null) {
      declared.add(automation);
    }
  }

  private @Nullable Declared read(Value value) {
    Fields fields = value.fields();
    if (fields == null) {
      return null;
    }
    int errors = value.report().errors();
    fields.ignore("created", "updated", "owner_resource");
    Value writtenId = fields.take("id");
    Value writtenName = fields.require("name");
    String name = name(writtenName);
    String id = id(writtenId);
    String description = fields.text("description");
    boolean enabled = fields.bool("enabled", true);
    List<String> tags = tags(fields);
    Value writtenTrigger = fields.require("trigger");
    Trigger trigger = writtenTrigger == null ? null : triggers.read(writtenTrigger);
    ActionLists actions =
        new ActionLists(
            actionList(fields, "actions"),
            actionList(fields, "actions_on_trigger"),
            actionList(fields, "actions_on_resolve"));
    fields.finish();
    if (trigger == null || value.report().errors() != errors) {
      return null;
    }
    if (actions.isEmpty()) {
      value.warning(
          Quoted.of(name) + " has no actions: its firings are recorded, but nothing is executed");
    }
    Automation automation =
        new Automation(
            id == null ? DerivedId.of("automation", name) : id,
            name,
            description == null ? "" : description,
            enabled,
            tags,
            trigger,
            actions,
            Definition.of(value.node()));
    Value place = writtenId == null ? writtenName : writtenId;
    return new Declared(automation, place == null ? value : place, id != null);
  }

  private static String name(@Nullable Value value) {
    String name = value == null ? null : value.text();
    if (value == null || name == null) {
      return "";
    }
    if (name.isBlank() || name.codePointCount(0, name.length()) > MAX_NAME) {
      value.error("must have 1 to %,d characters, not only blanks".formatted(MAX_NAME));
    }
    return name;
  }

  private static @Nullable String id(@Nullable Value value) {
    String id = value == null ? null : value.text();
    if (value != null && id != null && !ID.matcher(id).matches()) {
      value.mustBe("1 to 64 letters, digits, - and _");
    }
    return id;
  }

  private static List<String> tags(Fields fields) {
    List<String> tags = new ArrayList<>();
    for (Value item : fields.items("tags")) {
      String tag = item.text();
      if (tag != null) {
        tags.add(tag);
      }
    }
    return tags;
  }

  private List<Action> actionList(Fields fields, String name) {
    List<Action> list = new ArrayList<>();
    for (Value item : fields.items(name)) {
      Action action = this.actions.read(item);
      if (action != null) {
        list.add(action);
      }
    }
    return list;
  }
}
