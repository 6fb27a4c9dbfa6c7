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

/** The triggers of all automations at work: one tree each, over one list of event triggers. */
final class TriggerForest {

  private final RuntimeSettings settings;
  private final Deadlines deadlines;
  private final Blindness blindness;
  private final StateLimit limit;
  private final Map<String, Tree> trees = new LinkedHashMap<>();
  private final List<EventTriggerNode> eventNodes = new ArrayList<>();
  private final List<Tree> treesByPosition = new ArrayList<>();

  /** Builds a tree for each declaration; event triggers get their positions depth first. */
  TriggerForest(
      List<Declaration> declared,
      RuntimeSettings settings,
      Deadlines deadlines,
      Blindness blindness,
      StateLimit limit) {
    this.settings = settings;
    this.deadlines = deadlines;
    this.blindness = blindness;
    this.limit = limit;
    for (Declaration declaration : declared) {
      Tree tree = new TreeBuilder(declaration.trigger()).build(declaration.automation());
      if (trees.put(declaration.automation(), tree) != null) {
        throw new IllegalArgumentException(
            "duplicate automation '" + declaration.automation() + "'");
      }
    }
  }

  /** The trigger of one automation, which is active or not. */
  static final class Tree {

    private final String fingerprint;
    private final List<TriggerNode> nodes = new ArrayList<>();
    private boolean isActive;

    private Tree(String fingerprint) {
      this.fingerprint = fingerprint;
    }

    /** The fingerprint of the whole trigger. */
    String fingerprint() {
      return fingerprint;
    }

    /** All nodes, each after its parent; the root is the first. */
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

  /** The trees by automation, in the order declared. */
  Map<String, Tree> trees() {
    return trees;
  }

  /** Every event trigger, by position. */
  List<EventTriggerNode> eventNodes() {
    return eventNodes;
  }

  /** The tree of an event trigger, by position. */
  Tree treeAt(int position) {
    return treesByPosition.get(position);
  }

  private final class TreeBuilder {

    private final Trigger trigger;
    private final TriggerFingerprint fingerprints = new TriggerFingerprint();
    private final Tree tree;

    TreeBuilder(Trigger trigger) {
      this.trigger = trigger;
      this.tree = new Tree(fingerprints.of(trigger));
    }

    Tree build(String automation) {
      node(TriggerNode.TreePath.root(automation, tree.fingerprint()), trigger);
      return tree;
    }

    private TriggerNode node(TriggerNode.TreePath place, Trigger built) {
      return switch (built) {
        case EventTrigger event -> eventNode(place, event);
        case CompoundTrigger compound ->
            withChildren(CompositeNode.of(place, compound, settings), compound.triggers());
        case SequenceTrigger sequence ->
            withChildren(CompositeNode.of(place, sequence, settings), sequence.triggers());
      };
    }

    private EventTriggerNode eventNode(TriggerNode.TreePath place, EventTrigger event) {
      EventTriggerNode node =
          switch (event.posture()) {
            case Posture.Reactive _ -> new ReactiveNode(place, event, settings);
            case Posture.Proactive posture -> proactiveNode(place, event, posture);
          };
      eventNodes.add(node);
      treesByPosition.add(tree);
      add(node);
      return node;
    }

    private void add(TriggerNode node) {
      tree.nodes().add(node);
      limit.add(node);
    }

    private ProactiveNode proactiveNode(
        TriggerNode.TreePath place, EventTrigger event, Posture.Proactive posture) {
      ProactiveNode node = new ProactiveNode(place, event, posture, settings, blindness);
      deadlines.add(node);
      return node;
    }

    private CompositeNode withChildren(CompositeNode composite, List<Trigger> triggers) {
      add(composite);
      Map<String, Integer> equalSiblings = new HashMap<>();
      for (int child = 0; child < triggers.size(); child++) {
        String fingerprint = fingerprints.of(triggers.get(child));
        int twins = equalSiblings.merge(fingerprint, 1, Integer::sum) - 1;
        TriggerNode.TreePath place = composite.place().below(composite, child, fingerprint, twins);
        composite.add(node(place, triggers.get(child)));
      }
      return composite;
    }
  }
}
