package dev.tocsin.engine.evaluation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tocsin.config.Automation;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.config.Definition;
import dev.tocsin.config.DefinitionReader;
import dev.tocsin.engine.store.Journal;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.StoredDefinition;
import dev.tocsin.engine.store.UnreadableRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The automations that are in force, and those that were: each is compiled from its definition once
 * and then found by its fingerprint. Those in force are always in memory, of the others the latest
 * used. One thread changes what is in force; any thread may ask.
 */
public final class Automations {

  private static final Logger LOG = LoggerFactory.getLogger(Automations.class);

  /** Maximum number of automations in memory that are no longer in force. */
  private static final int MAX_FORMER = 1_000;

  private final Function<List<String>, Map<String, StoredDefinition>> stored;
  private final Consumer<UnreadableRow> unreadable;
  private final Cache<String, Automation> former =
      Caffeine.newBuilder().maximumSize(MAX_FORMER).build();
  private volatile DefinitionReader reader;
  private volatile AutomationsInForce inForce = AutomationsInForce.NONE;
  private volatile Map<String, Automation> byFingerprint = Map.of();

  /** None is in force yet; definitions are in this journal. */
  public Automations(Journal journal, DefinitionReader reader) {
    this(journal::definitions, row -> journal.unreadable().add(row), reader);
  }

  private Automations(
      Function<List<String>, Map<String, StoredDefinition>> stored,
      Consumer<UnreadableRow> unreadable,
      DefinitionReader reader) {
    this.stored = stored;
    this.unreadable = unreadable;
    this.reader = reader;
  }

  /** These alone, and no others ever. */
  public static Automations of(AutomationSet fixed) {
    Automations automations =
        new Automations(_ -> Map.of(), _ -> {}, new DefinitionReader(Map.of()));
    automations.put("", fixed);
    return automations;
  }

  /** Those in force. */
  public AutomationsInForce inForce() {
    return inForce;
  }

  /** The one in force with this id, or null. */
  public @Nullable Automation find(String id) {
    return inForce.all().find(id);
  }

  /**
   * The automation of a definition, in force or not. May block on the store.
   *
   * @throws IllegalArgumentException if the definition is missing or cannot be read; the message
   *     says why
   */
  public Automation ofDefinition(String fingerprint) {
    Automation known = known(fingerprint);
    if (known != null) {
      return known;
    }
    StoredDefinition definition = stored.apply(List.of(fingerprint)).get(fingerprint);
    if (definition == null) {
      throw new IllegalArgumentException("its definition " + fingerprint + " is not in the store");
    }
    Automation automation = read(definition);
    former.put(fingerprint, automation);
    return automation;
  }

  /**
   * The automations that an entry declares. One whose definition is missing or cannot be read is
   * left out and logged: it does not prevent a start. May block on the store.
   */
  AutomationSet declaredBy(JournalEntry.DeclaredEntry entry) {
    List<String> missing =
        entry.automations().stream()
            .map(JournalEntry.DeclaredAutomation::fingerprint)
            .filter(fingerprint -> known(fingerprint) == null)
            .toList();
    Map<String, StoredDefinition> definitions =
        missing.isEmpty() ? Map.of() : stored.apply(missing);
    List<Automation> automations = new ArrayList<>();
    for (JournalEntry.DeclaredAutomation declared : entry.automations()) {
      Automation automation = read(declared, definitions.get(declared.fingerprint()));
      if (automation != null) {
        automations.add(automation);
      }
    }
    return new AutomationSet(automations);
  }

  private @Nullable Automation read(
      JournalEntry.DeclaredAutomation declared, @Nullable StoredDefinition definition) {
    Automation known = known(declared.fingerprint());
    if (known != null) {
      return known;
    }
    try {
      if (definition == null) {
        throw new IllegalArgumentException("it is not in the store");
      }
      return read(definition);
    } catch (IllegalArgumentException e) {
      LOG.error(
          "Automation {} is set aside until it is declared again, since its definition {} cannot be"
              + " used: {}.",
          declared.id(),
          declared.fingerprint(),
          e.getMessage());
      return null;
    }
  }

  private Automation read(StoredDefinition definition) {
    try {
      return reader.read(new Definition(definition.fingerprint(), definition.body()));
    } catch (IllegalArgumentException e) {
      unreadable.accept(
          new UnreadableRow(
              "definition", definition.fingerprint(), String.valueOf(e.getMessage())));
      throw e;
    }
  }

  private @Nullable Automation known(String fingerprint) {
    Automation known = byFingerprint.get(fingerprint);
    return known == null ? former.getIfPresent(fingerprint) : known;
  }

  /**
   * Puts what was declared in force, and nothing else. For the thread that evaluates; may block on
   * the store.
   */
  public void putDeclaredBy(List<JournalEntry.DeclaredEntry> entries) {
    inForce = AutomationsInForce.NONE;
    entries.forEach(entry -> put(entry.origin(), declaredBy(entry)));
  }

  /** Replaces those of an origin. For the thread that evaluates. */
  void put(String origin, AutomationSet automations) {
    AutomationsInForce next = inForce.with(origin, automations);
    Map<String, Automation> compiled = new HashMap<>();
    next.all().automations().forEach(each -> compiled.put(each.definition().fingerprint(), each));
    byFingerprint.forEach(
        (fingerprint, each) -> {
          if (!compiled.containsKey(fingerprint)) {
            former.put(fingerprint, each);
          }
        });
    byFingerprint = Map.copyOf(compiled);
    inForce = next;
  }

  /**
   * Reads definitions with another reader from now on, since the webhooks that replace Prefect's
   * blocks may have changed. For the thread that evaluates.
   *
   * @param automations of this origin, as the other reader reads them; ignored unless they are
   *     still in force
   */
  public void readAnew(DefinitionReader next, String origin, AutomationSet automations) {
    reader = next;
    if (inForce.isAsDeclared(origin, automations)) {
      put(origin, automations);
    }
    former.invalidateAll();
  }
}
