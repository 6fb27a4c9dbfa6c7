package dev.tocsin.triggers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The triggers of all automations at work: a tree each, over one list of event triggers. */
final class Forest {

  private final RuntimeSettings settings;
  private final Deadlines deadlines;
  private final Map<String, Node> roots = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Watcher> watchers = new ArrayList<>();

  /** Plants a tree for each declaration; children are numbered as declared, depth first. */
  Forest(List<Declaration> declared, RuntimeSettings settings, Deadlines deadlines) {
    this.settings = settings;
    this.deadlines = deadlines;
    for (Declaration declaration : declared) {
      Node.Place place = Node.Place.root(declaration.automation(), declaration.trigger());
      if (roots.put(declaration.automation(), plant(place, declaration.trigger())) != null) {
        throw new IllegalArgumentException(declaration.automation() + " is declared twice");
      }
    }
  }

  /** The roots by automation, as declared. */
  Map<String, Node> roots() {
    return roots;
  }

  /** Every node, children after their parents. */
  List<Node> nodes() {
    return nodes;
  }

  /** Every event trigger, by its position. */
  List<Watcher> watchers() {
    return watchers;
  }

  private Node plant(Node.Place place, Trigger trigger) {
    return switch (trigger) {
      case EventTrigger event -> watcher(place, event);
      case CompoundTrigger compound ->
          composite(
              Composite.of(place, compound, Micros.of(settings.lapse())), compound.triggers());
      case SequenceTrigger sequence ->
          composite(
              Composite.of(place, sequence, Micros.of(settings.lapse())), sequence.triggers());
    };
  }

  private Watcher watcher(Node.Place place, EventTrigger trigger) {
    int position = watchers.size();
    Watcher watcher =
        switch (trigger.posture()) {
          case Posture.Reactive _ -> new ReactiveWatcher(place, trigger, position, settings);
          case Posture.Proactive posture ->
              new ProactiveWatcher(place, trigger, posture, position, settings, deadlines);
        };
    watchers.add(watcher);
    nodes.add(watcher);
    return watcher;
  }

  private Composite composite(Composite composite, List<Trigger> triggers) {
    nodes.add(composite);
    for (int child = 0; child < triggers.size(); child++) {
      Trigger trigger = triggers.get(child);
      int twins = 0;
      for (Trigger sibling : triggers.subList(0, child)) {
        twins += sibling.meaning().equals(trigger.meaning()) ? 1 : 0;
      }
      composite.add(plant(composite.place().below(composite, child, trigger, twins), trigger));
    }
    return composite;
  }
}
