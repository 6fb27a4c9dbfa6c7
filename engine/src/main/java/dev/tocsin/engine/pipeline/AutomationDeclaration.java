package dev.tocsin.engine.pipeline;

import dev.tocsin.config.AutomationSet;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.StoredDefinition;
import java.time.Instant;
import java.util.List;

/**
 * Automations to be put in force, in place of all that their origin declared before.
 *
 * @param origin their source, such as {@link #FILES}
 * @param by who declares them, and by what (file, command, address), for people to read
 */
public record AutomationDeclaration(String origin, AutomationSet automations, String by) {

  /** The origin of automations that are read from files. */
  public static final String FILES = "files";

  /** As an entry of the journal. */
  JournalEntry.DeclaredEntry entry(long sequence, Instant received) {
    return new JournalEntry.DeclaredEntry(
        sequence,
        received,
        origin,
        automations.automations().stream()
            .map(
                each ->
                    new JournalEntry.DeclaredAutomation(each.id(), each.definition().fingerprint()))
            .toList(),
        by);
  }

  /** The definitions to which the entry refers. */
  List<StoredDefinition> definitions() {
    return automations.automations().stream()
        .map(
            each -> new StoredDefinition(each.definition().fingerprint(), each.definition().json()))
        .toList();
  }
}
