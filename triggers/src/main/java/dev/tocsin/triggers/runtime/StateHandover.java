package dev.tocsin.triggers.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which automation keeps which state after an edit: one whose trigger keeps its meaning keeps its
 * own; a new one takes over that of a removed one if they are the only two with their meaning.
 */
final class StateHandover {

  private final Map<String, Checkpoint.Owner> before = new LinkedHashMap<>();
  private final Map<String, Checkpoint.Owner> renamed = new HashMap<>();
  private final Set<String> passedOn = new HashSet<>();
  private final Evaluator after;

  StateHandover(List<Checkpoint.Owner> before, Evaluator after) {
    this.after = after;
    before.forEach(owner -> this.before.put(owner.automation(), owner));
    Map<String, List<Checkpoint.Owner>> gone = new HashMap<>();
    for (Checkpoint.Owner owner : before) {
      if (after.declaration(owner.automation()) == null) {
        gone.computeIfAbsent(owner.meaning(), _ -> new ArrayList<>(1)).add(owner);
      }
    }
    Map<String, List<String>> fresh = new HashMap<>();
    for (Declaration declaration : after.declarations()) {
      String automation = declaration.automation();
      if (!this.before.containsKey(automation)) {
        fresh
            .computeIfAbsent(after.fingerprint(automation), _ -> new ArrayList<>(1))
            .add(automation);
      }
    }
    fresh.forEach(
        (meaning, automations) -> {
          List<Checkpoint.Owner> owners = gone.getOrDefault(meaning, List.of());
          if (owners.size() == 1 && automations.size() == 1) {
            renamed.put(automations.getFirst(), owners.getFirst());
            passedOn.add(owners.getFirst().automation());
          }
        });
  }

  /** The owner whose state an automation continues with, if any. */
  Checkpoint.@Nullable Owner origin(String automation) {
    Checkpoint.Owner owner = before.get(automation);
    if (owner == null) {
      return renamed.get(automation);
    }
    return owner.meaning().equals(after.fingerprint(automation)) ? owner : null;
  }

  /** The automations that keep state, each with the id that owned it before. */
  Map<String, String> origins(Predicate<Declaration> isOn) {
    Map<String, String> origins = new LinkedHashMap<>();
    for (Declaration declaration : after.declarations()) {
      Checkpoint.Owner origin = origin(declaration.automation());
      if (origin != null && origin.active() && isOn.test(declaration)) {
        origins.put(declaration.automation(), origin.automation());
      }
    }
    return origins;
  }

  Edit edit(Predicate<Declaration> isOn) {
    List<Edit.Change> changes = new ArrayList<>();
    for (Declaration declaration : after.declarations()) {
      changes.add(change(declaration.automation(), isOn.test(declaration)));
    }
    for (Checkpoint.Owner owner : before.values()) {
      if (after.declaration(owner.automation()) == null && !passedOn.contains(owner.automation())) {
        changes.add(new Edit.Change(owner.automation(), Edit.Fate.REMOVED, null));
      }
    }
    return new Edit(changes);
  }

  private Edit.Change change(String automation, boolean on) {
    Checkpoint.Owner origin = origin(automation);
    if (origin == null) {
      return new Edit.Change(
          automation, before.containsKey(automation) ? Edit.Fate.RESET : Edit.Fate.ADDED, null);
    }
    if (!origin.automation().equals(automation)) {
      return new Edit.Change(automation, Edit.Fate.RENAMED, origin.automation());
    }
    if (origin.active() == on) {
      return new Edit.Change(automation, Edit.Fate.KEPT, null);
    }
    return new Edit.Change(automation, on ? Edit.Fate.SWITCHED_ON : Edit.Fate.SWITCHED_OFF, null);
  }
}
