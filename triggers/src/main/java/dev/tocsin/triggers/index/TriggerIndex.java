package dev.tocsin.triggers.index;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Pattern;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.ResourceSpecification;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which triggers may care about an event, without visiting the others. Immutable.
 *
 * <p>Every trigger is filed by one thing that it asks of an event: its names, the patterns of one
 * label of the primary resource, or those of one label of a related resource. Of these the one is
 * taken under which the fewest triggers come together. A pattern without wildcards is filed by its
 * value, another by its literal prefix.
 */
public final class TriggerIndex {

  private static final int[] NONE = {};

  private final IndexTable names;
  private final Map<String, IndexTable> labels;
  private final Map<String, IndexTable> relatedLabels;
  private final int[] unfiled;
  private final int size;

  private TriggerIndex(Map<Field, IndexTable> tables, int[] unfiled, int size) {
    this.names = tables.getOrDefault(new Field.Name(), IndexTable.EMPTY);
    this.labels = new HashMap<>();
    this.relatedLabels = new HashMap<>();
    this.unfiled = unfiled;
    this.size = size;
    tables.forEach(
        (field, table) -> {
          switch (field) {
            case Field.Name _ -> {}
            case Field.Label of -> labels.put(of.label(), table);
            case Field.RelatedLabel of -> relatedLabels.put(of.label(), table);
          }
        });
  }

  /** Files triggers by their positions in the list. */
  public static TriggerIndex of(List<EventTrigger> triggers) {
    return new IndexBuilder(triggers).build();
  }

  /**
   * Positions of the triggers that may cover an event, ascending, each once: all that do, and few
   * that do not.
   */
  public int[] candidates(Event event) {
    Positions found = new Positions();
    found.accept(unfiled);
    names.visit(event.name(), found);
    visit(labels, event.resource().labels(), found);
    for (RelatedResource related : event.related()) {
      visit(relatedLabels, related.labels(), found);
    }
    return found.ascendingDistinct();
  }

  private static void visit(Map<String, IndexTable> tables, Labels labels, Consumer<int[]> found) {
    if (!tables.isEmpty()) {
      labels.forEach(
          (label, value) -> tables.getOrDefault(label, IndexTable.EMPTY).visit(value, found));
    }
  }

  /** How many triggers are filed. */
  public int size() {
    return size;
  }

  /** What of an event a trigger is filed by. */
  private sealed interface Field {

    record Name() implements Field {}

    record Label(String label) implements Field {}

    record RelatedLabel(String label) implements Field {}
  }

  /** A literal or a prefix of one field. */
  private record Anchor(Field field, String text, boolean whole) {}

  /** The positions filed under one field. */
  private record IndexTable(Map<String, int[]> byValue, PrefixTable byPrefix) {

    static final IndexTable EMPTY = new Filing().table();

    void visit(String value, Consumer<int[]> visitor) {
      visitor.accept(byValue.getOrDefault(value, NONE));
      byPrefix.visit(value, visitor);
    }
  }

  private static final class IndexBuilder {

    private final List<EventTrigger> triggers;
    private final Map<Anchor, Integer> popularity = new HashMap<>();

    IndexBuilder(List<EventTrigger> triggers) {
      this.triggers = triggers;
    }

    TriggerIndex build() {
      for (EventTrigger trigger : triggers) {
        for (List<Anchor> choice : choices(trigger)) {
          choice.forEach(anchor -> popularity.merge(anchor, 1, Integer::sum));
        }
      }
      Map<Field, Filing> filings = new LinkedHashMap<>();
      List<Integer> unfiled = new ArrayList<>();
      for (int position = 0; position < triggers.size(); position++) {
        List<Anchor> best = best(choices(triggers.get(position)));
        if (best.isEmpty()) {
          unfiled.add(position);
        }
        for (Anchor anchor : best) {
          filings.computeIfAbsent(anchor.field(), _ -> new Filing()).add(anchor, position);
        }
      }
      Map<Field, IndexTable> tables = new LinkedHashMap<>();
      filings.forEach((field, filing) -> tables.put(field, filing.table()));
      return new TriggerIndex(tables, ints(unfiled), triggers.size());
    }

    /** The choice whose most popular anchor is the least popular; none if there is no choice. */
    private List<Anchor> best(List<List<Anchor>> choices) {
      List<Anchor> best = List.of();
      int least = Integer.MAX_VALUE;
      for (List<Anchor> choice : choices) {
        int most = 0;
        for (Anchor anchor : choice) {
          most = Math.max(most, popularity.getOrDefault(anchor, 0));
        }
        if (most < least) {
          least = most;
          best = choice;
        }
      }
      return best;
    }

    /** Each a set of anchors of which an event that is covered has at least one. */
    private static List<List<Anchor>> choices(EventTrigger trigger) {
      List<List<Anchor>> choices = new ArrayList<>();
      if (!trigger.expect().isEmpty()) {
        List<Pattern> names = new ArrayList<>(trigger.expect());
        names.addAll(trigger.after());
        add(new Field.Name(), names, choices);
      }
      trigger
          .match()
          .patterns()
          .forEach((label, patterns) -> add(new Field.Label(label), patterns, choices));
      for (ResourceSpecification related : trigger.matchRelated()) {
        related
            .patterns()
            .forEach((label, patterns) -> add(new Field.RelatedLabel(label), patterns, choices));
      }
      return choices;
    }

    private static void add(Field field, List<Pattern> patterns, List<List<Anchor>> choices) {
      List<Anchor> anchors = new ArrayList<>();
      for (Pattern pattern : patterns) {
        String literal = pattern.literal();
        anchors.add(
            literal != null
                ? new Anchor(field, literal, true)
                : new Anchor(field, pattern.literalPrefix(), false));
      }
      choices.add(anchors.stream().distinct().toList());
    }

    private static int[] ints(List<Integer> positions) {
      return positions.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  /** A table in the making. */
  private static final class Filing {

    private final Map<String, List<Integer>> byValue = new HashMap<>();
    private final Map<String, List<Integer>> byPrefix = new HashMap<>();

    void add(Anchor anchor, int position) {
      (anchor.whole() ? byValue : byPrefix)
          .computeIfAbsent(anchor.text(), _ -> new ArrayList<>())
          .add(position);
    }

    IndexTable table() {
      Map<String, int[]> values = new HashMap<>();
      byValue.forEach((value, positions) -> values.put(value, IndexBuilder.ints(positions)));
      return new IndexTable(values, new PrefixTable(byPrefix));
    }
  }

  /** Gathers positions, some of them more than once; most often all come from one place. */
  private static final class Positions implements Consumer<int[]> {

    /** An array that was filed, and full, until another one comes: then a copy with room. */
    private int[] found = NONE;

    private int count;
    private boolean isMerged;

    /** Positions that ascend, each once. */
    @Override
    public void accept(int[] positions) {
      if (count == 0) {
        found = positions;
      } else if (positions.length > 0) {
        merge(positions);
      }
      count += positions.length;
    }

    private void merge(int[] positions) {
      int size = count + positions.length;
      if (size > found.length) {
        found = Arrays.copyOf(found, size + size / 2);
      }
      System.arraycopy(positions, 0, found, count, positions.length);
      isMerged = true;
    }

    int[] ascendingDistinct() {
      if (!isMerged) {
        return count == 0 ? NONE : found.clone();
      }
      Arrays.sort(found, 0, count);
      int distinct = 0;
      for (int i = 0; i < count; i++) {
        if (i == 0 || found[i] != found[i - 1]) {
          found[distinct++] = found[i];
        }
      }
      return Arrays.copyOf(found, distinct);
    }
  }
}
