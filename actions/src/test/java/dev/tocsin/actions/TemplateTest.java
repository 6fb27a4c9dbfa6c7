package dev.tocsin.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

  private static final Map<String, Object> VARIABLES = variables();

  private static Map<String, Object> variables() {
    Map<String, Object> order = new LinkedHashMap<>();
    order.put("id", 17);
    order.put("total", new BigDecimal("10.50"));
    order.put("paid", true);
    order.put("note", null);
    order.put("tags", List.of("red", "blue"));
    order.put("lines", List.of(Map.of("sku", "b", "count", 2), Map.of("sku", "a", "count", 40)));
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("order", order);
    variables.put("name", "Ada \"L\"");
    variables.put("hostile", "{{ 7*7 }}{% for x in range(9) %}x{% endfor %}");
    variables.put("blank", "");
    variables.put("zero", 0);
    variables.put("nothing", null);
    variables.put("labels", Map.of("prefect.resource.id", "host.1"));
    return variables;
  }

  private static String render(String source) {
    return Template.parse(source).render(VARIABLES).text();
  }

  @ParameterizedTest(name = "{0} gives {1}")
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '`',
      emptyValue = "",
      value = {
        "plain text                                   ¦ plain text",
        "{{ order.id }}                               ¦ 17",
        "{{ order.total }}                            ¦ 10.50",
        "{{ order.paid }}                             ¦ true",
        "{{ order['id'] }}                            ¦ 17",
        "{{ labels['prefect.resource.id'] }}          ¦ host.1",
        "{{ order.tags }}                             ¦ [\"red\",\"blue\"]",
        "{{ order.tags[0] }} {{ order.tags[-1] }}     ¦ red blue",
        "{{ order.tags[1:] }}                         ¦ [\"blue\"]",
        "{{ 'abcdef'[1:3] }}                          ¦ bc",
        "{{ name }}                                   ¦ Ada \"L\"",
        "{{ {'a': [1, none, 'x']} }}                  ¦ {\"a\":[1,null,\"x\"]}",
        "{{ (1, 2) }}                                 ¦ [1,2]",
        "{{ 7 * 6 }}                                  ¦ 42",
        "{{ 7 / 2 }}                                  ¦ 3.5",
        "{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }}      ¦ 3 -4 2",
        "{{ 2 ** 10 }}                                ¦ 1024",
        "{{ 'a' ~ 1 ~ 'b' }}                          ¦ a1b",
        "{{ 'a' + 'b' }}                              ¦ ab",
        "{{ '-' * 3 }}                                ¦ ---",
        "x{{ '' * 9000000000000000000 }}{{ 'a' * -1 }} ¦ x",
        "{\"a\": {\"b\": \"{{ order.id }}\"}}           ¦ {\"a\": {\"b\": \"17\"}}",
        "it's {{ order.id }}, isn't it? 100 % }}       ¦ it's 17, isn't it? 100 % }}",
        "{{ order.tags | map('upper') | join }}        ¦ REDBLUE",
        "{{ order.tags | map(filter='upper') | join }} ¦ REDBLUE",
        "{{ [1] + [2] }}                              ¦ [1,2]",
        "{{ 1 == 1.0 }} {{ 'a' != 'b' }} {{ 2 < 10 }} ¦ true true true",
        "{{ 'red' in order.tags }}                    ¦ true",
        "{{ 'green' not in order.tags }}              ¦ true",
        "{{ 'id' in order }} {{ 'b' in 'abc' }}       ¦ true true",
        "{{ not order.id == 18 }}                     ¦ true",
        "{{ not zero and not blank }}                 ¦ true",
        "{{ blank or 'fallback' }}                    ¦ fallback",
        "{{ 'yes' if order.paid else 'no' }}          ¦ yes",
        "{{ None }}{{ True }} {{ false }}             ¦ true false",
        "{{ order.paid is true }}                     ¦ true",
        "{{ order.id is divisibleby(17) }}            ¦ true",
        "{{ order.id is not even }}                   ¦ true",
        "{{ order.note is none }}                     ¦ true",
        "{{ order.nope is defined }}                  ¦ false",
        "{{ name is string and zero is number }}      ¦ true",
        "{{ 3 is in [1, 2, 3] }}                      ¦ true",
        "{{ loop is undefined }}                      ¦ true",
        "{% if order.id > 16 %}big{% elif order.id > 5 %}mid{% else %}small{% endif %} ¦ big",
        "{% if zero %}a{% elif order.id %}b{% else %}c{% endif %}  ¦ b",
        "{% if zero %}a{% else %}c{% endif %}         ¦ c",
        "{% for t in order.tags %}{{ loop.index }}={{ t }}{% if not loop.last %}, {% endif %}{% endfor %} ¦ 1=red, 2=blue",
        "{% for l in order.lines if l.count > 9 %}{{ l.sku }}{% endfor %}        ¦ a",
        "{% for k, v in {'a': 1}.items() %}{{ k }}{{ v }}{% endfor %}            ¦ a1",
        "{% for k in {'a': 1} %}{{ k }}{% else %}none{% endfor %}                ¦ a",
        "{% for x in [] %}{{ x }}{% else %}none{% endfor %}                      ¦ none",
        "{% set x = 3 %}{{ x + 1 }}                   ¦ 4",
        "{% set x %}a{{ order.id }}{% endset %}{{ x | upper }}                   ¦ A17",
        "{% raw %}{{ order.id }}{% endraw %}          ¦ {{ order.id }}",
        "a{# note #}b                                 ¦ ab",
        "`a  {{- order.id -}}  b`                     ¦ a17b",
        "`a  {%- if true -%}  b  {%- endif -%}  c`    ¦ abc",
        "{{ '}}' }}                                   ¦ }}",
        "{{ range(3) | join('-') }}                   ¦ 0-1-2",
        "{{ range(5, 0, -2) }}                        ¦ [5,3,1]",
      })
  void rendersAsJinjaDoes(String source, String expected) {
    assertThat(render(source)).isEqualTo(expected == null ? "" : expected);
  }

  @ParameterizedTest(name = "{0} gives {1}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      emptyValue = "",
      value = {
        "{{ name | upper }} ~ ADA \"L\"",
        "{{ name | tojson }} ~ \"Ada \\\"L\\\"\"",
        "{{ order.lines | map(attribute='sku') | sort | join(', ') }} ~ a, b",
        "{{ order.lines | sum(attribute='count') }} ~ 42",
        "{{ order.lines | selectattr('count', 'gt', 9) | map(attribute='sku') | first }} ~ a",
        "{{ order.lines | rejectattr('count', 'gt', 9) | map(attribute='sku') | last }} ~ b",
        "{{ order.tags | length }} {{ name | count }} ~ 2 7",
        "{{ order.tags | reverse | tojson }} ~ [\"blue\",\"red\"]",
        "{{ [3, 1, 3] | unique | list }} ~ [3,1]",
        "{{ [3, 1, 2] | sort(reverse=true) }} ~ [3,2,1]",
        "{{ [3, 1] | min }} {{ [3, 1] | max }} ~ 1 3",
        "{{ {'b': 1, 'a': 2} | dictsort }} ~ [[\"a\",2],[\"b\",1]]",
        "{{ 'a-b' | replace('-', '+') }} ~ a+b",
        "{{ 'one two three' | truncate(9, leeway=0) }} ~ one...",
        "{{ '12' | int + 1 }} {{ 'x' | int(default=5) }} {{ '1.5' | float }} ~ 13 5 1.5",
        "{{ 2.567 | round(1) }} {{ -3 | abs }} {{ 2.1 | round(method='ceil') }} ~ 2.6 3 3.0",
        "{{ 'a b/ü' | urlencode }} ~ a%20b/%C3%BC",
        "{{ '<a>' | e }} ~ &lt;a&gt;",
        "{{ 'hello world' | title }} {{ 'hELLO' | capitalize }} ~ Hello World Hello",
        "{{ ' x ' | trim }} {{ 'x'.upper() }} {{ 'a,b'.split(',') | last }} ~ x X b",
        "{{ order.get('nope', 'y') }} {{ order.keys() | first }} ~ y id",
      })
  void knowsTheUsualFilters(String source, String expected) {
    assertThat(render(source)).isEqualTo(expected);
  }

  @Test
  void bindsAFilterCloserThanAnOperator() {
    assertThat(render("{{ 'a' ~ 'b' | upper }}")).isEqualTo("aB");
  }

  @Test
  void writesIndentedJson() {
    assertThat(render("{{ {'a': [1, {}], 'b': 'x'} | tojson(indent=2) }}"))
        .isEqualTo(
            """
            {
              "a": [
                1,
                {}
              ],
              "b": "x"
            }""");
  }

  @Test
  void dropsOneNewlineAtTheEnd() {
    assertThat(render("a\n\n")).isEqualTo("a\n");
  }

  @Test
  void neverRendersAValueAgain() {
    String hostile = String.valueOf(VARIABLES.get("hostile"));
    assertThat(render("{{ hostile }}")).isEqualTo(hostile);
    assertThat(render("{{ hostile | upper | lower | replace('zz', 'z') }}"))
        .isEqualTo(hostile.toLowerCase(java.util.Locale.ROOT));
    assertThat(render("{% set copy = hostile %}{% for x in [copy] %}{{ x }}{% endfor %}"))
        .isEqualTo(hostile);
  }

  @ParameterizedTest(name = "{0} leaves {1} undefined")
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '`',
      emptyValue = "",
      value = {
        "{{ nope }}                                   ¦ nope",
        "{{ nothing }}                                ¦ nothing",
        "{{ order.nope }}-{{ order.nope }}            ¦ order.nope",
        "{{ order.note }}                             ¦ order.note",
        "{{ order.a.b }} {{ labels['x.y'] }}          ¦ order.a.b labels['x.y']",
        "{{ order.tags[7] }}                          ¦ order.tags[7]",
        "{{ order.nope ~ 'x' }}                       ¦ order.nope",
        "{{ order.nope + 1 }}                         ¦ order.nope",
        "{{ nope | upper | length }}                  ¦ nope",
        "{{ nope | tojson }}                          ¦ nope",
        "{{ [nope] }}                                 ¦ nope",
        "{% for x in nope %}{% endfor %}              ¦ nope",
        "{% for x in [{}] %}{{ x.y }}{% endfor %}     ¦ x.y",
        "{% set x = nope %}{{ x }}                    ¦ nope",
        "{{ nope | default('x') }}                    ¦ ``",
        "{{ order.nope.more | d }}                    ¦ ``",
        "{{ nope | default(order.nope) }}             ¦ order.nope",
        "{{ nope is defined }}{{ nope is none }}      ¦ ``",
        "{% if nope %}{% endif %}{{ not nope }}       ¦ ``",
        "{% if nope == 1 or nope > 1 %}{% endif %}    ¦ ``",
        "{{ 'a' if nope.x else 'b' }}                 ¦ ``",
        "{{ nope or 'x' }}                            ¦ ``",
        "{{ none }}                                   ¦ ``",
      })
  void listsWhatHadNoValue(String source, String paths) {
    List<String> expected = paths.isEmpty() ? List.of() : List.of(paths.split(" "));
    assertThat(Template.parse(source).render(VARIABLES).undefined()).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "{{ a # a '{{' or '{%' is not closed",
        "{% if a # a '{{' or '{%' is not closed",
        "{{ a | }} # cannot read the expression 'a |': something is missing at its end",
        "{{ }} # an expression is missing",
        "{{ a b }} # cannot read the expression 'a b': 'b' cannot stand there",
        "{{ (a }} # cannot read the expression '(a': something is missing at its end",
        "{{ 'a }} # a '{{' or '{%' is not closed",
        "{{ a.empty }} # cannot read the expression 'a.empty': 'empty' cannot stand there; a name that is also a word of the language is written ['empty']",
        "{{ a = 1 }} # 'a=' can only stand in a call; '==' compares",
        "{{ a | uper }} # there is no filter 'uper'; did you mean 'upper'?",
        "{{ a is defind }} # there is no test 'defind'; did you mean 'defined'?",
        "{{ a.upperr() }} # there is no method 'upperr'; did you mean 'upper'?",
        "{{ now() }} # there is no function 'now'; known is range",
        "{{ a.getClass() }} # there is no method 'getClass'",
        "{% iff a %}{% endif %} # there is no tag 'iff'",
        "{% if a %} # '{% if a %}' is not closed by endif",
        "a{% endif %} # 'endif' closes a tag that was not opened",
        "{% if a %}{% endfor %} # the tags do not fit together",
        "{% if %}{% endif %} # an expression is missing",
        "{% else %} # 'else' stands outside of an if or a for",
        "{% if a %}{% else %}{% else %}{% endif %} # 'else' stands after the else of its if",
        "{% for a of b %}{% endfor %} # a for is written {% for name in items %}",
        "{% set = 1 %} # a set is written {% set name = expression %}",
        "{% macro m() %}{% endmacro %} # the tag 'macro' is not supported; known are if, for, set and raw",
        "{% include 'x' %} # the tag 'include' is not supported",
        "{% import 'x' as y %} # the tag 'import' is not supported",
        "{% extends 'x' %} # the tag 'extends' is not supported",
        "{% block b %}{% endblock %} # the tag 'block' is not supported",
        "{% do a %} # the tag 'do' is not supported",
        "{{ a instanceof b }} # cannot read the expression 'a instanceof b'",
      })
  void refusesWhatIsNotValid(String source, String message) {
    assertThatThrownBy(() -> Template.parse(source))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(message);
  }

  @Test
  void saysTheLine() {
    assertThatThrownBy(() -> Template.parse("one\ntwo\n{{ a | nope }}\n"))
        .isInstanceOfSatisfying(
            TemplateException.class, fault -> assertThat(fault.line()).isEqualTo(3));
    assertThatThrownBy(() -> Template.parse("one\n{{ 1 // 0 }}").render(Map.of()))
        .isInstanceOfSatisfying(
            TemplateException.class, fault -> assertThat(fault.line()).isEqualTo(2))
        .hasMessage("division by zero");
  }

  @Test
  void boundsTheSource() {
    String loop = "{% for a in b %}{% endfor %}";
    Template.parse(loop.repeat(10));
    assertThatThrownBy(() -> Template.parse(loop.repeat(11)))
        .hasMessage("a template has at most 10 for loops");
    assertThatThrownBy(
            () ->
                Template.parse(
                    "{% for a in b %}".repeat(3) + "{% endfor %}".repeat(3)))
        .hasMessage("for loops stand in one another at most 2 deep");
    Template.parse("x".repeat(65_536));
    assertThatThrownBy(() -> Template.parse("x".repeat(65_537)))
        .hasMessage("a template has at most 65,536 characters, not 65537");
    assertThatThrownBy(() -> Template.parse("{% if a %}".repeat(51) + "{% endif %}".repeat(51)))
        .hasMessage("tags stand in one another at most 50 deep");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{'a':", "a[", "f(", "-", "not ", "a if b else ", "a ** "})
  void boundsTheDepthOfAnExpression(String opening) {
    assertThatThrownBy(() -> Template.parse("{{ " + opening.repeat(30_000 / opening.length())))
        .isInstanceOf(TemplateException.class);
    assertThatThrownBy(
            () -> Template.parse("{{ " + opening.repeat(3_900 / opening.length()) + " }}"))
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void boundsATag() {
    String spaces = " ".repeat(60_000);
    for (String tag : List.of("for a" + spaces + "b", "for a,b" + spaces + ",", "set a" + spaces + "b")) {
      assertThatThrownBy(() -> Template.parse("{% " + tag + " %}{% endfor %}"))
          .isInstanceOf(TemplateException.class);
    }
    assertThatThrownBy(() -> Template.parse("{{ '" + "x".repeat(4_000) + "' }}"))
        .hasMessage("an expression has at most 4,000 characters, not 4002");
  }

  @Test
  void takesLongChains() {
    assertThat(render("{{ 1" + " + 1".repeat(900) + " }}")).isEqualTo("901");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "{% for a in many %}{% for b in many %}{% endfor %}{% endfor %} # the loops take more than 100,000 turns",
        "{% for a in many if a == 'x' %}{% endfor %}{% for a in many %}{% for b in many if b == 1 %}{% endfor %}{% endfor %} # the loops take more than 100,000 turns",
        "{{ 'x' * 2000000 }} # the text grows beyond 1,000,000 characters",
        "{{ 'x' * 9000000000000000000 }} # the text grows beyond 1,000,000 characters",
        "{{ 'x' | center(2000000) }} # the text grows beyond 1,000,000 characters",
        "{% for a in range(100) %}{% for b in range(100) %}{{ 'x' * 1000 }}{% endfor %}{% endfor %} # the text grows beyond 1,000,000 characters",
        "{{ ('x' * 1000000) | replace('x', 'y' * 1000000) }} # the text grows beyond 1,000,000 characters",
        "{{ (range(100) | join('x' * 100000)) }} # the text grows beyond 1,000,000 characters",
        "{{ range(101) }} # range gives at most 100 numbers",
        "{{ range(1000000000000) }} # range gives at most 100 numbers",
        "{{ 9 ** 9 ** 9 ** 9 ** 9 }} # a number grows beyond 1,233 digits",
        "{{ 2 ** 4096 }} # a number grows beyond 1,233 digits",
        "{{ many | map('center', 1000000) | length }} # the template takes more than 50,000,000 steps",
        "{% set s = 'x' * 1000000 %}{% for a in many %}{{ 'y' in s }}{% endfor %} # the template takes more than 50,000,000 steps",
        "{{ deep }} # a value is nested deeper than 1,000 levels",
        "{{ deep == deeper }} # values nested deeper than 100 levels cannot be compared",
        "{{ huge + 1 }}{{ 1 // 0 }} # division by zero",
        "{{ huge | int }}{{ huge | round }}{{ huge > 1 }}{{ 1 / 0 }} # division by zero",
        "{{ 'a' < 1 }} # cannot order text and a number",
        "{{ {} + 1 }} # cannot add a map and a number",
        "{% for a, b in [1] %}{% endfor %} # each item must be a list of 2 to be taken apart, not a number",
        "{% for a in 7 %}{% endfor %} # cannot go through the items of a number",
        "{{ [1, 'a'] | sort }} # cannot order",
        "{{ many | select('nope') }} # there is no test 'nope'",
      })
  void endsWhatGoesBeyondItsBounds(String source, String message) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("many", Collections.nCopies(1_000, "a"));
    variables.put("deep", nested(100_000));
    variables.put("deeper", nested(100_000));
    variables.put("huge", new BigDecimal("1e1000000000"));
    Template template = Template.parse(source);
    assertThatThrownBy(() -> template.render(variables))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(message);
  }

  private static Object nested(int depth) {
    Object value = "x";
    for (int i = 0; i < depth; i++) {
      value = Arrays.asList(value);
    }
    return value;
  }

  @Test
  void reachesNoJavaClass() {
    for (String source :
        List.of(
            "{{ name.class }}",
            "{{ name.bytes }}",
            "{{ order.class.name }}",
            "{{ order['class'] }}",
            "{{ ____int3rpr3t3r____ }}",
            "{{ ____int3rpr3t3r____.context }}")) {
      assertThat(render(source)).as(source).isEmpty();
    }
  }

  @Test
  void rendersFromManyThreads() throws Exception {
    Template template =
        Template.parse(
            "{% for l in order.lines | sort(attribute='sku') %}{{ n }}:{{ l.sku | upper }} {% endfor %}");
    List<Callable<String>> renderings = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Map<String, Object> variables = new LinkedHashMap<>(VARIABLES);
      variables.put("n", i);
      renderings.add(() -> template.render(variables).text());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      int i = 0;
      for (Future<String> rendering : threads.invokeAll(renderings)) {
        assertThat(rendering.get()).isEqualTo(i + ":A " + i + ":B ");
        i++;
      }
    }
  }

  @Test
  void isEqualByItsSource() {
    assertThat(Template.parse("{{ a }}")).isEqualTo(Template.parse("{{ a }}"));
    assertThat(Template.parse("{{ a }}")).isNotEqualTo(Template.parse("{{ b }}"));
  }
}
