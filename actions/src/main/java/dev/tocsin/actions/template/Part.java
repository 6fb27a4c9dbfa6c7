package dev.tocsin.actions.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A piece of a template. */
sealed interface Part {

  /** Writes what this piece gives. */
  void render(Rendition rendition, BoundedText out);

  /** All pieces, in order. */
  static void render(List<Part> parts, Rendition rendition, BoundedText out) {
    for (Part part : parts) {
      rendition.spend(1);
      part.render(rendition, out);
    }
  }

  /** Text as it stands. */
  record Text(String text) implements Part {
    @Override
    public void render(Rendition rendition, BoundedText out) {
      rendition.spend(text.length());
      out.append(text);
    }
  }

  /** {@code {{ expression }}}. What it prints is text for good: it is never rendered again. */
  record Output(int line, Expression expression) implements Part {
    @Override
    public void render(Rendition rendition, BoundedText out) {
      rendition.at(line);
      out.append(rendition.text(expression.evaluate(rendition)));
    }
  }

  /** {@code {% set name = expression %}}. */
  record Assignment(int line, String name, Expression expression) implements Part {
    @Override
    public void render(Rendition rendition, BoundedText out) {
      rendition.at(line);
      rendition.assign(name, expression.evaluate(rendition));
    }
  }

  /** {@code {% set name %}…{% endset %}}. */
  record Capture(String name, List<Part> body) implements Part {
    @Override
    public void render(Rendition rendition, BoundedText out) {
      BoundedText captured = new BoundedText(rendition);
      Part.render(body, rendition, captured);
      rendition.assign(name, captured.toString());
    }
  }

  /** {@code {% if %}…{% elif %}…{% else %}}: the first branch that holds. */
  record Branches(List<Branch> branches, List<Part> otherwise) implements Part {
    @Override
    public void render(Rendition rendition, BoundedText out) {
      for (Branch branch : branches) {
        rendition.at(branch.line());
        if (Values.truth(branch.condition().evaluate(rendition))) {
          Part.render(branch.body(), rendition, out);
          return;
        }
      }
      Part.render(otherwise, rendition, out);
    }
  }

  /** A condition and what stands under it. */
  record Branch(int line, Expression condition, List<Part> body) {}

  /** {@code {% for names in items if condition %}…{% else %}…{% endfor %}}. */
  record Loop(
      int line,
      List<String> names,
      Expression items,
      @Nullable Expression condition,
      List<Part> body,
      List<Part> otherwise)
      implements Part {
    @Override
    public void render(Rendition rendition, BoundedText out) {
      rendition.at(line);
      List<@Nullable Object> all = rendition.items(items.evaluate(rendition));
      rendition.enter();
      List<@Nullable Object> turns = all;
      if (condition != null) {
        turns = all.stream().filter(item -> holds(condition, item, rendition)).toList();
      }
      for (int i = 0; i < turns.size(); i++) {
        rendition.turn();
        rendition.at(line);
        rendition.enter();
        bind(turns.get(i), rendition);
        rendition.assign("loop", state(i, turns.size()));
        Part.render(body, rendition, out);
        rendition.leave();
      }
      rendition.leave();
      if (turns.isEmpty()) {
        Part.render(otherwise, rendition, out);
      }
    }

    private boolean holds(Expression test, @Nullable Object item, Rendition rendition) {
      rendition.turn();
      bind(item, rendition);
      return Values.truth(test.evaluate(rendition));
    }

    private void bind(@Nullable Object item, Rendition rendition) {
      if (names.size() == 1) {
        rendition.assign(names.getFirst(), item);
        return;
      }
      if (!(Rendition.plain(item) instanceof List<?> values) || values.size() != names.size()) {
        throw rendition.fault(
            "each item must be a list of " + names.size() + " to be taken apart, not "
                + Values.kind(item));
      }
      for (int i = 0; i < names.size(); i++) {
        rendition.assign(names.get(i), values.get(i));
      }
    }

    private static Map<String, Object> state(int index, int length) {
      return Map.of(
          "index", index + 1L,
          "index0", (long) index,
          "revindex", (long) length - index,
          "revindex0", (long) length - index - 1,
          "first", index == 0,
          "last", index == length - 1,
          "length", (long) length);
    }
  }
}
