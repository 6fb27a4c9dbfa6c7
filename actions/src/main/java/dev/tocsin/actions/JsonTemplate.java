package dev.tocsin.actions;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A JSON document whose strings are templates. */
public sealed interface JsonTemplate {

  /** A string to be rendered. */
  record StringTemplate(Template template) implements JsonTemplate {}

  /** A number, boolean or null, as it is. */
  record Literal(JsonNode value) implements JsonTemplate {}

  /** An array. */
  record ArrayTemplate(List<JsonTemplate> items) implements JsonTemplate {}

  /** An object; its keys are not templates. */
  record ObjectTemplate(Map<String, JsonTemplate> fields) implements JsonTemplate {}
}
