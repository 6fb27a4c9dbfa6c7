package dev.tocsin.triggers;

/**
 * A value of an event that is part of a bucketing key: {@code label} reads a label of the primary
 * resource, {@code related:<role>:<label>} from the first related resource in that role.
 */
public sealed interface LabelReference {

  /** Begins a reference into a related resource. */
  String RELATED = "related:";

  /** The reference as written: what a firing's labels are named by. */
  String text();

  /** The value in an event; an absent label counts as the empty string. */
  String valueIn(Event event);

  /**
   * Reads a reference; the last colon divides role from label. Refuses an empty one, and {@code
   * related:} without a role or a label.
   */
  static LabelReference parse(String text) {
    if (!text.startsWith(RELATED)) {
      return new Primary(text);
    }
    int divide = text.lastIndexOf(':');
    if (divide < RELATED.length()) {
      throw new IllegalArgumentException("must be related:<role>:<label>");
    }
    return new Related(text.substring(RELATED.length(), divide), text.substring(divide + 1));
  }

  /**
   * A label of the primary resource.
   *
   * @param label its name, not empty
   */
  record Primary(String label) implements LabelReference {

    /** Refuses an empty label, and one that would read as a reference into a related resource. */
    public Primary {
      if (label.isEmpty()) {
        throw new IllegalArgumentException("must name a label");
      }
      if (label.startsWith(RELATED)) {
        throw new IllegalArgumentException("must not begin with " + RELATED);
      }
    }

    @Override
    public String text() {
      return label;
    }

    @Override
    public String valueIn(Event event) {
      String value = event.resource().labels().get(label);
      return value == null ? "" : value;
    }
  }

  /**
   * A label of the first related resource in a role.
   *
   * @param role not empty
   * @param label its name, not empty and without a colon
   */
  record Related(String role, String label) implements LabelReference {

    /** Refuses an empty role or label, and a label that would read as part of the role. */
    public Related {
      if (role.isEmpty() || label.isEmpty() || label.contains(":")) {
        throw new IllegalArgumentException("must be related:<role>:<label>");
      }
    }

    @Override
    public String text() {
      return RELATED + role + ":" + label;
    }

    @Override
    public String valueIn(Event event) {
      RelatedResource resource = event.firstRelated(role);
      String value = resource == null ? null : resource.labels().get(label);
      return value == null ? "" : value;
    }
  }
}
