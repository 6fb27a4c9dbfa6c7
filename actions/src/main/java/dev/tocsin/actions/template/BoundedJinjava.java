package dev.tocsin.actions.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.ExtendedSyntaxBuilder;
import com.hubspot.jinjava.el.TruthyTypeConverter;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.Importable;
import com.hubspot.jinjava.lib.tag.ForTag;
import com.hubspot.jinjava.lib.tag.IfTag;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.util.ForLoop;
import com.hubspot.jinjava.util.ObjectIterator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jinjava.de.odysseus.el.ExpressionFactoryImpl;
import jinjava.de.odysseus.el.tree.Tree;
import jinjava.de.odysseus.el.tree.TreeStore;
import jinjava.de.odysseus.el.tree.impl.Builder.Feature;
import jinjava.de.odysseus.el.tree.impl.Cache;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.javax.el.ELException;
import jinjava.javax.el.ExpressionFactory;

/** The one Jinjava of the process, and the names that a template may use. */
final class BoundedJinjava extends Jinjava {

  static final Set<String> FILTERS =
      names(
          "abs b64decode b64encode bool capitalize count d datetimeformat default dictsort e escape"
              + " first float int join last length list lower map md5 reject rejectattr replace"
              + " reverse round safe select selectattr sort split string sum title tojson trim"
              + " truncate ui_resource_events_url ui_url unique upper urlencode wordcount");

  static final Set<String> TESTS =
      names(
          "boolean containing containingall defined divisibleby eq equalto even false float ge gt"
              + " greaterthan in integer iterable le lessthan lower lt mapping ne none number odd"
              + " sameas sequence string string_containing string_startingwith true truthy"
              + " undefined upper within");

  static final Set<String> FUNCTIONS = names("range");

  /** Filters that make something of null; to the others it stays null. */
  private static final Set<String> FILTERS_OF_NULL =
      names("bool count d default float int length tojson");

  private static final int KEPT_EXPRESSIONS = 4_096;

  private static final BoundedJinjava SHARED = new BoundedJinjava();

  private final TreeStore expressions;
  private final ExpressionFactory factory;
  private final Map<Library, Set<String>> disabled;

  private BoundedJinjava() {
    super(
        JinjavaConfig.newBuilder()
            .withLocale(Locale.ROOT)
            .withTimeZone(ZoneOffset.UTC)
            .withElResolver(new MapResolver())
            .withNestedInterpretationEnabled(false)
            .withEnableFilterChainOptimization(true)
            .withRangeLimit(BoundedInterpreter.MAX_RANGE + 1)
            .withMaxOutputSize(BoundedInterpreter.MAX_TEXT)
            .withMaxStringLength(BoundedInterpreter.MAX_TEXT)
            .withLegacyOverrides(
                LegacyOverrides.newBuilder()
                    .withEvaluateMapKeys(true)
                    .withIterateOverMapKeys(true)
                    .withUseNaturalOperatorPrecedence(true)
                    .withUseTrimmingForNotesAndExpressions(true)
                    .withHandleBackslashInQuotesOnly(true)
                    .build())
            .build());
    registerTag(new CountedFor());
    registerTag(new QuietIf());
    Filters.ALL.forEach(this::registerFilter);
    for (String name : FILTERS) {
      if (!FILTERS_OF_NULL.contains(name)) {
        registerFilter(Filters.passingNull(getGlobalContext().getFilter(name)));
      }
    }
    for (String name : TESTS) {
      registerExpTest(Filters.counted(getGlobalContext().getExpTest(name)));
    }
    expressions = new TreeStore(new Grammar(), new Cache(KEPT_EXPRESSIONS));
    factory = new ExpressionFactoryImpl(expressions, new AsText());
    disabled = disabled(getGlobalContext());
  }

  static BoundedJinjava shared() {
    return SHARED;
  }

  /** The syntax tree of an expression, kept for its renderings. */
  Tree tree(String expression) {
    return expressions.get("#{" + expression.trim() + "}");
  }

  Context context(Map<String, Object> variables) {
    return new Context(getGlobalContextCopy(), variables, disabled);
  }

  @Override
  public ExpressionFactory getExpressionFactory() {
    return factory;
  }

  private static Set<String> names(String names) {
    return new TreeSet<>(List.of(names.split(" ")));
  }

  private static Map<Library, Set<String>> disabled(Context all) {
    Map<Library, Set<String>> disabled = new HashMap<>();
    disabled.put(Library.FILTER, others(all.getAllFilters(), FILTERS));
    disabled.put(Library.EXP_TEST, others(all.getAllExpTests(), TESTS));
    return disabled;
  }

  private static Set<String> others(Collection<? extends Importable> all, Set<String> known) {
    return all.stream()
        .map(Importable::getName)
        .filter(name -> !known.contains(name))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static final class Grammar extends ExtendedSyntaxBuilder {
    Grammar() {
      super(Feature.METHOD_INVOCATIONS, Feature.NULL_PROPERTIES, Feature.VARARGS);
    }

    @Override
    protected Parser createParser(String expression) {
      return new CheckedParser(this, expression);
    }
  }

  /** Values as they print, wherever an operator wants text. */
  private static final class AsText extends TruthyTypeConverter {
    @Override
    protected String coerceToString(Object value) {
      return Json.print(value);
    }

    /** Text such as 1e99999999 is a number too, but none to compute with. */
    @Override
    protected BigDecimal coerceToBigDecimal(Object value) {
      BigDecimal number = super.coerceToBigDecimal(value);
      return requireComputable(number);
    }

    @Override
    protected BigInteger coerceToBigInteger(Object value) {
      return super.coerceToBigInteger(
          value instanceof BigDecimal number ? requireComputable(number) : value);
    }

    private static BigDecimal requireComputable(BigDecimal number) {
      if (Json.isTooLong(number)) {
        throw new ELException("Cannot coerce '" + number + "' of class " + BigDecimal.class);
      }
      return number;
    }
  }

  /** A loop whose turns are counted before they run. */
  private static final class CountedFor extends ForTag {
    @Override
    public String renderForCollection(
        TagNode tag, JinjavaInterpreter interpreter, List<String> names, Object items) {
      BoundedInterpreter rendition = BoundedInterpreter.of(interpreter);
      rendition.takeTurns(ObjectIterator.getLoop(items).getLength());
      if (names.size() > 1 && items != null) {
        requireLists(items, names.size(), rendition);
      }
      return super.renderForCollection(tag, interpreter, names, items);
    }
  }

  /** Jinjava would look for Java properties in a value that is not a list. */
  private static void requireLists(Object items, int size, BoundedInterpreter rendition) {
    ForLoop loop = ObjectIterator.getLoop(items);
    while (loop.hasNext()) {
      if (!(Json.wrap(loop.next()) instanceof List<?> list) || list.size() != size) {
        throw rendition.fault("each item must be a list of " + size + " to unpack it");
      }
    }
  }

  /** A condition that may ask for what is not there. */
  private static final class QuietIf extends IfTag {
    @Override
    public boolean isPositiveIfElseNode(TagNode tag, JinjavaInterpreter interpreter) {
      return BoundedInterpreter.of(interpreter)
          .quietly(() -> super.isPositiveIfElseNode(tag, interpreter));
    }
  }
}
