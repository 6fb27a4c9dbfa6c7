package dev.tocsin.config;

import dev.tocsin.actions.Webhook;
import dev.tocsin.config.document.JsonNodes;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Report;
import dev.tocsin.config.document.Value;
import dev.tocsin.wire.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads definitions again, as the automations that they were. What depends on the settings of the
 * day was checked when they were declared and is not checked again: a webhook may be gone
 * meanwhile.
 */
public final class DefinitionReader {

  private static final Duration ANY_LAPSE = Duration.ofSeconds(Long.MAX_VALUE);

  private final AutomationReader reader;

  /** With the webhooks that replace the blocks of Prefect. */
  public DefinitionReader(Map<String, Webhook> webhooks) {
    this.reader =
        new AutomationReader(
            new TriggerReader(ANY_LAPSE), new ActionReader(new KnownWebhooks.Unsent(webhooks)));
  }

  /**
   * The automation that was declared so.
   *
   * @throws IllegalArgumentException if it is damaged, or has a form that this version cannot read;
   *     the message is the reason
   */
  public Automation read(Definition definition) {
    if (!Definition.of(definition.json()).equals(definition)) {
      throw new IllegalArgumentException("its text is not the one that its fingerprint is of");
    }
    List<Problem> problems = new ArrayList<>();
    Report report = new Report("", problems);
    List<Node> documents = JsonNodes.read(definition.json(), report);
    Optional<Automation> automation =
        documents.stream()
            .map(document -> Value.of(document, report))
            .flatMap(document -> reader.readDefinition(document).stream())
            .findFirst();
    List<String> errors =
        problems.stream().filter(Problem::isError).map(DefinitionReader::sentence).toList();
    if (!errors.isEmpty() || automation.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", errors));
    }
    return automation.get();
  }

  private static String sentence(Problem problem) {
    return (problem.path() + " " + problem.message()).strip();
  }
}
