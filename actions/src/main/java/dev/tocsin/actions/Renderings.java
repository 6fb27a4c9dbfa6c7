package dev.tocsin.actions;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Renders the templates of one action, and gathers what had no value in any of them. */
final class Renderings {

  /** Maximum number of characters of all texts together; one has at most half of that. */
  private static final int MAX_LENGTH = 2_000_000;

  private final Map<String, ?> variables;
  private final Set<String> undefined = new LinkedHashSet<>();
  private int length;

  Renderings(Map<String, ?> variables) {
    this.variables = variables;
  }

  String text(Template template) {
    Template.Rendering rendering = template.render(variables);
    undefined.addAll(rendering.undefined());
    length += rendering.text().length();
    if (length > MAX_LENGTH) {
      throw new TemplateException(1, "the texts of the action exceed 2,000,000 characters");
    }
    return rendering.text();
  }

  JsonNode json(JsonTemplate template) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (template) {
      case JsonTemplate.StringTemplate(Template text) -> nodes.stringNode(text(text));
      case JsonTemplate.Literal(JsonNode value) -> value;
      case JsonTemplate.ArrayTemplate(List<JsonTemplate> items) -> {
        ArrayNode array = nodes.arrayNode();
        items.forEach(item -> array.add(json(item)));
        yield array;
      }
      case JsonTemplate.ObjectTemplate(Map<String, JsonTemplate> fields) -> {
        ObjectNode object = nodes.objectNode();
        fields.forEach((name, value) -> object.set(name, json(value)));
        yield object;
      }
    };
  }

  List<String> undefined() {
    return new ArrayList<>(undefined);
  }
}
