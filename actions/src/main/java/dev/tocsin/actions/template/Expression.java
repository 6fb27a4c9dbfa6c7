package dev.tocsin.actions.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression of a template, checked and ready to be evaluated. */
sealed interface Expression {

  /** The value; {@link Undefined} where one was looked for and is not there. */
  @Nullable Object evaluate(Rendition rendition);

  /** How a path through this expression is written: {@code event.resource}. */
  default String path(Rendition rendition) {
    return "(…)";
  }

  /** A text, number, boolean or none in the template. */
  record Literal(@Nullable Object value) implements Expression {
    @Override
    public @Nullable Object evaluate(Rendition rendition) {
      rendition.spend(1);
      return value;
    }
  }

  /** A variable. */
  record Name(String name) implements Expression {
    @Override
    public Object evaluate(Rendition rendition) {
      rendition.spend(1);
      return rendition.lookup(name);
    }

    @Override
    public String path(Rendition rendition) {
      return name;
    }
  }

  /** {@code base.name}. */
  record Member(Expression base, String name) implements Expression {
    @Override
    public Object evaluate(Rendition rendition) {
      rendition.spend(1);
      Object owner = base.evaluate(rendition);
      return Members.find(owner, name, path(rendition));
    }

    @Override
    public String path(Rendition rendition) {
      return base.path(rendition) + "." + name;
    }
  }

  /** {@code base[key]}. */
  record Item(Expression base, Expression key) implements Expression {
    @Override
    public Object evaluate(Rendition rendition) {
      rendition.spend(1);
      Object owner = base.evaluate(rendition);
      Object found = rendition.use(key.evaluate(rendition));
      return Members.find(owner, found, pathTo(found, rendition));
    }

    @Override
    public String path(Rendition rendition) {
      return pathTo(key.evaluate(rendition), rendition);
    }

    private String pathTo(@Nullable Object found, Rendition rendition) {
      String written = found instanceof String text ? "'" + text + "'" : String.valueOf(found);
      return base.path(rendition) + "[" + written + "]";
    }
  }

  /** {@code base[from:to]} of a list or a text; null is from the start, to the end. */
  record Slice(Expression base, @Nullable Expression from, @Nullable Expression to)
      implements Expression {
    @Override
    public @Nullable Object evaluate(Rendition rendition) {
      Object whole = rendition.use(base.evaluate(rendition));
      if (whole == null) {
        return null;
      }
      List<@Nullable Object> items = rendition.items(whole);
      int start = bound(from, 0, items.size(), rendition);
      int end = bound(to, items.size(), items.size(), rendition);
      List<@Nullable Object> part = items.subList(start, Math.max(start, end));
      if (!(whole instanceof String)) {
        return new ArrayList<>(part);
      }
      BoundedText text = new BoundedText(rendition);
      part.forEach(character -> text.append(String.valueOf(character)));
      return text.toString();
    }

    private static int bound(
        @Nullable Expression bound, int otherwise, int size, Rendition rendition) {
      Object value = bound == null ? null : rendition.use(bound.evaluate(rendition));
      if (value == null) {
        return otherwise;
      }
      if (!Values.isWhole(value)) {
        throw rendition.fault("a slice is bounded by whole numbers, not " + Values.kind(value));
      }
      long number = ((Number) value).longValue();
      return Math.clamp(number < 0 ? number + size : number, 0, size);
    }
  }

  /** {@code not}. */
  record Not(Expression operand) implements Expression {
    @Override
    public Object evaluate(Rendition rendition) {
      rendition.spend(1);
      return !Values.truth(operand.evaluate(rendition));
    }
  }

  /** {@code -}. */
  record Negative(Expression operand) implements Expression {
    @Override
    public @Nullable Object evaluate(Rendition rendition) {
      rendition.spend(1);
      return switch (rendition.use(operand.evaluate(rendition))) {
        case null -> null;
        case Number number -> Values.subtract(0L, number, rendition);
        case Object other -> throw rendition.fault("cannot negate " + Values.kind(other));
      };
    }
  }

  /** {@code and}, {@code or}: the first operand that decides. */
  record Either(Expression left, Expression right, boolean and) implements Expression {
    @Override
    public @Nullable Object evaluate(Rendition rendition) {
      rendition.spend(1);
      Object first = left.evaluate(rendition);
      return Values.truth(first) == and ? right.evaluate(rendition) : first;
    }
  }

  /** {@code yes if condition else no}. */
  record Choice(Expression condition, Expression yes, Expression no) implements Expression {
    @Override
    public @Nullable Object evaluate(Rendition rendition) {
      rendition.spend(1);
      return (Values.truth(condition.evaluate(rendition)) ? yes : no).evaluate(rendition);
    }
  }

  /** Two operands and an operator between them. */
  record Binary(Operator operator, Expression left, Expression right) implements Expression {
    @Override
    public @Nullable Object evaluate(Rendition rendition) {
      rendition.spend(1);
      return operator.apply(left.evaluate(rendition), right.evaluate(rendition), rendition);
    }
  }

  /** {@code [a, b]}. */
  record Items(List<Expression> items) implements Expression {
    @Override
    public Object evaluate(Rendition rendition) {
      rendition.spend(1);
      List<@Nullable Object> values = new ArrayList<>(items.size());
      items.forEach(item -> values.add(rendition.use(item.evaluate(rendition))));
      return values;
    }
  }

  /** {@code {"a": b}}. */
  record Fields(Map<Expression, Expression> fields) implements Expression {
    @Override
    public Object evaluate(Rendition rendition) {
      rendition.spend(1);
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      fields.forEach(
          (key, value) ->
              values.put(
                  rendition.text(key.evaluate(rendition)),
                  rendition.use(value.evaluate(rendition))));
      return values;
    }
  }

  /** {@code input | filter(arguments)}. */
  record Filtered(Expression input, Filter filter, Call call) implements Expression {
    @Override
    public @Nullable Object evaluate(Rendition rendition) {
      rendition.spend(1);
      Object value = input.evaluate(rendition);
      return filter.apply(value, call.evaluate(rendition), rendition);
    }
  }

  /** {@code input is test(argument)}. */
  record Tested(Expression input, Test test, @Nullable Expression argument, boolean negated)
      implements Expression {
    @Override
    public Object evaluate(Rendition rendition) {
      rendition.spend(1);
      Object value = input.evaluate(rendition);
      Object with = argument == null ? null : argument.evaluate(rendition);
      return test.holds(value, with, rendition) != negated;
    }
  }

  /** {@code owner.method(arguments)}. */
  record Invoked(Expression owner, String name, Method method, Call call) implements Expression {
    @Override
    public @Nullable Object evaluate(Rendition rendition) {
      rendition.spend(1);
      Object value = Rendition.plain(rendition.use(owner.evaluate(rendition)));
      Arguments arguments = call.evaluate(rendition);
      return value == null ? null : method.apply(name, value, arguments, rendition);
    }
  }

  /** {@code range(…)}. */
  record Range(Call call) implements Expression {
    @Override
    public Object evaluate(Rendition rendition) {
      rendition.spend(1);
      return Members.range(call.evaluate(rendition), rendition);
    }
  }

  /** The arguments of a call, to be evaluated. */
  record Call(List<Expression> positional, Map<String, Expression> named) {
    static final Call NONE = new Call(List.of(), Map.of());

    Arguments evaluate(Rendition rendition) {
      List<@Nullable Object> values = new ArrayList<>(positional.size());
      positional.forEach(argument -> values.add(rendition.use(argument.evaluate(rendition))));
      Map<String, @Nullable Object> byName = new LinkedHashMap<>();
      named.forEach(
          (name, argument) -> byName.put(name, rendition.use(argument.evaluate(rendition))));
      return new Arguments(values, byName);
    }
  }
}
