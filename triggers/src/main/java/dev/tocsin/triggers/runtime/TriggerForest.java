package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.Trigger;
import dev.tocsin.triggers.TriggerFingerprint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The triggers of all automations at work: a tree each, over one list of event triggers. */
final class TriggerForest {

  private final RuntimeSettings settings;
  private final Deadlines deadlines;
  private final Blindness blindness;
  private final Map<String, Tree> trees = new LinkedHashMap<>();
  private final List<EventTriggerNode> watchers = new ArrayList<>();
  private final List<Tree> treesOfWatchers = new ArrayList<>();

  /** Plants a tree for each declaration; children are numbered as declared, depth first. */
  TriggerForest(
      List<Declaration> declared,
      RuntimeSettings settings,
      Deadlines deadlines,
      Blindness blindness) {
    this.settings = settings;
    this.deadlines = deadlines;
    this.blindness = blindness;
    for (Declaration declaration : declared) {
      Tree tree = new Planting(declaration.trigger()).tree(declaration.automation());
      if (trees.put(declaration.automation(), tree) != null) {
        throw new IllegalArgumentException(declaration.automation() + " is declared twice");
      }
    }
  }

  /** The trigger of one automation, which may take events in or not. */
  static final class Tree {

    private final String meaning;
    private final List<TriggerNode> nodes = new ArrayList<>();
    private boolean isActive;

    private Tree(String meaning) {
      this.meaning = meaning;
    }

    /** Of the trigger as a whole. */
    String meaning() {
      return meaning;
    }

    /** All of them, each after its parent; the root is the first. */
    List<TriggerNode> nodes() {
      return nodes;
    }

    TriggerNode root() {
      return nodes.getFirst();
    }

    boolean isActive() {
      return isActive;
    }

    void setActive(boolean active) {
      isActive = active;
    }
  }

  /** The trees by automation, as declared. */
  Map<String, Tree> trees() {
    return trees;
  }

  /** Every event trigger, by its position. */
  List<EventTriggerNode> watchers() {
    return watchers;
  }

  /** The tree of an event trigger, by its position. */
  Tree treeAt(int position) {
    return treesOfWatchers.get(position);
  }

  /** One tree in the making. */
  private final class Planting {

    private final Trigger trigger;
    private final TriggerFingerprint meaning = new TriggerFingerprint();
    private final Tree tree;

    Planting(Trigger trigger) {
      this.trigger = trigger;
      this.tree = new Tree(meaning.of(trigger));
    }

    Tree tree(String automation) {
      plant(TriggerNode.Place.root(automation, tree.meaning()), trigger);
      return tree;
    }

    private TriggerNode plant(TriggerNode.Place place, Trigger planted) {
      return switch (planted) {
        case EventTrigger event -> watcher(place, event);
        case CompoundTrigger compound ->
            composite(CompositeNode.of(place, compound, settings), compound.triggers());
        case SequenceTrigger sequence ->
            composite(CompositeNode.of(place, sequence, settings), sequence.triggers());
      };
    }

    private EventTriggerNode watcher(TriggerNode.Place place, EventTrigger event) {
      int position = watchers.size();
      EventTriggerNode watcher =
          switch (event.posture()) {
            case Posture.Reactive _ -> new ReactiveNode(place, event, position, settings);
            case Posture.Proactive posture ->
                new ProactiveNode(place, event, posture, position, settings, deadlines, blindness);
          };
      watchers.add(watcher);
      treesOfWatchers.add(tree);
      tree.nodes().add(watcher);
      return watcher;
    }

    private CompositeNode composite(CompositeNode composite, List<Trigger> triggers) {
      tree.nodes().add(composite);
      Map<String, Integer> twins = new HashMap<>();
      for (int child = 0; child < triggers.size(); child++) {
        String fingerprint = meaning.of(triggers.get(child));
        int before = twins.merge(fingerprint, 1, Integer::sum) - 1;
        TriggerNode.Place place = composite.place().below(composite, child, fingerprint, before);
        composite.add(plant(place, triggers.get(child)));
      }
      return composite;
    }
  }
}
