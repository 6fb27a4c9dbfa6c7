package dev.tocsin.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TemplateTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Map<String, Object> VARIABLES =
      parsed(
          """
          {"event": {"id": "e1", "occurred": "2026-01-02T03:04:05.678Z", "event": "ci.build.failed",
            "resource": {"prefect.resource.id": "prefect.flow-run.7a b", "ci.branch": "main",
              "id": "prefect.flow-run.7a b", "name": "run"},
            "payload": {"n": 1, "x": 1.5, "big": 123456789012345678901234567890, "yes": true,
              "no": false, "none": null, "blank": "", "list": [3, 1, 2], "map": {"k": "v"},
              "objects": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}], "class": "c",
              "evil": "{{ 7*7 }}{% for i in x %}{#", "html": "<a href='x'>&"}},
           "automation": {"id": "a1", "name": "n", "tags": []},
           "flow": {"name": "etl"}, "flow_run": {"name": "happy \\"cat\\""},
           "firing": {"reason": "3 events"}, "ui_url": "https://ui.example/"}
          """);

  @SuppressWarnings("unchecked")
  private static Map<String, Object> parsed(String json) {
    return JSON.readValue(json, Map.class);
  }

  private static Template.Rendering render(String template) {
    return Template.parse(template).render(VARIABLES);
  }

  private static TemplateException refusal(String template) {
    return catchThrowableOfType(TemplateException.class, () -> Template.parse(template));
  }

  private static TemplateException failure(String template) {
    Template parsed = Template.parse(template);
    return catchThrowableOfType(TemplateException.class, () -> parsed.render(VARIABLES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          plain text => plain text
          {{ event.resource.id }} on {{ event.resource['ci.branch'] }} => prefect.flow-run.7a b on main
          {{ event.payload.n }} {{ event.payload.x }} {{ event.payload.big }} => 1 1.5 123456789012345678901234567890
          {{ event.payload.yes }} {{ event.payload.no }} {{ true }} {{ False }} => true false true false
          {{ event.payload.map }}{{ event.payload.list }}{{ [1, none, 'a'] }}{{ {'a': 1} }} => {"k":"v"}[3,1,2][1,null,"a"]{"a":1}
          {{ 'a' ~ 1 ~ event.payload.map ~ event.payload.yes }} => a1{"k":"v"}true
          {{ event.payload.html | tojson }} {{ event.payload.html }} => "<a href='x'>&" <a href='x'>&
          {{ event.payload.html | escape }} => &lt;a href=&#39;x&#39;&gt;&amp;
          {{ flow_run.name | tojson }} => "happy \\"cat\\""
          {{ 1 + 2 }} {{ 7 // 2 }} {{ 7 % 2 }} {{ 1.5 * 2 }} {{ event.payload.big + 1 }} => 3 3 1 3.0 123456789012345678901234567891
          {{ 'a' == 'a' }} {{ 1 < 2 }} {{ not 1 == 2 }} {{ 3 in [1, 3] }} {{ 'k' not in event.payload.map }} => true true true true false
          {{ 'y' if event.payload.yes else 'n' }}{{ 'y' if event.payload.no else 'n' }} => yn
          {{ 'aB c' | upper }} {{ 'aB' | lower }} {{ 'a b' | title }} {{ ' x ' | trim }} {{ 'aXb' | replace('X', '-') }} => AB C ab A B x a-b
          {{ [3, 1, 2] | sort }} {{ [1, 1] | unique }} {{ [1, 2] | join('+') }} {{ [1, 2] | first }} {{ [1, 2] | last }} => [1,2,3] [1] 1+2 1 2
          {{ 'abc' | length }} {{ 3.14159 | round(2) }} {{ '42' | int }} {{ '4.2' | float }} {{ 'abcdefgh' | truncate(5) }} => 3 3.14 42 4.2 a...
          {{ event.payload.objects | map(attribute='b') | join }} {{ event.payload.objects | selectattr('a', 'gt', 1) }} => xy [{"a":2,"b":"y"}]
          {{ [1, none, 2] | join('-') }} {{ none | tojson }} {{ none | length }} {{ none | int }} => 1--2 null 0 0
          {{ [2, 1] | reverse }} {{ {'b': 1} | dictsort }} {{ event.payload.list[-1] }} {{ event.payload.list[0:2] }} => [1,2] [["b",1]] 2 [3,1]
          {{ event.resource['prefect.resource.id'][:7] }} {{ 'abcdef'[1:3] }} {{ event.payload.list[1:] }} => prefect bc [1,2]
          {{ 'a b/c&d' | urlencode }} => a%20b/c%26d
          {{ event.occurred | datetimeformat('%Y-%m-%d %H:%M') }} {{ event.occurred | datetimeformat('%H', 'Asia/Tokyo') }} => 2026-01-02 03:04 12
          {{ event | ui_url }} => https://ui.example/events/event/2026-01-02/e1
          {{ event.resource | ui_url }} => https://ui.example/runs/flow-run/7a%20b
          {{ automation | ui_url }} => https://ui.example/automations/automation/a1
          {{ event.resource | ui_resource_events_url }} => https://ui.example/events?resource=prefect.flow-run.7a%20b
          {% for i in event.payload.list %}{{ loop.index }}:{{ i }}{{ ',' if not loop.last }}{% endfor %} => 1:3,2:1,3:2
          {% for k, v in event.payload.map.items() %}{{ k }}={{ v }}{% endfor %} => k=v
          {% for i in range(3, 6) %}{{ i }}{% endfor %}{{ range(100) | length }} => 345100
          {% set a = 1 %}{{ a }}{% set b %}<{{ a }}>{% endset %}{{ b }} => 1<1>
          {% if event.payload.n == 2 %}a{% elif event.payload.yes %}b{% else %}c{% endif %} => b
          a{# a comment #}{% raw %}{{ x }}{% endraw %} => a{{ x }}
          """)
  void renders(String template, String text) {
    assertThat(render(template)).isEqualTo(new Template.Rendering(text, List.of()));
  }

  @Test
  void indentsJsonAndDropsTheLastLineBreak() {
    assertThat(render("{{ {'a': [1]} | tojson(indent=2) }}\n").text())
        .isEqualTo("{\n  \"a\": [\n    1\n  ]\n}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {{ event.resource.nope }}{{ nope }}{{ nope }}{{ nope.a.b }} => [event.resource.nope, nope, nope.a.b]
          {{ event.payload.none }}{{ event['x']['y'] }}{{ event.payload.list[9] }} => [event.payload.none, event['x']['y'], event.payload.list[9]]
          {% for o in event.payload.objects %}{{ o.c }}{% endfor %}{% for i in nope %}{% endfor %} => [o.c, nope]
          {{ nope | upper | trim | escape | truncate(3) }}{{ nope | title }}{{ [] | join(nope) }}{{ nope | join }} => [nope]
          {{ nope | default('') }}{{ nope.x | upper | d('') }}{{ nope or '' }} => []
          {% if nope %}{% elif event.nope %}{% endif %}{{ '' if nope is defined }}{{ 'a' if nope.b else '' }} => []
          {{ nope | default(other) }} => [other]
          {{ event.class }}{{ event.__class__ }}{{ ''.class }} => [event.class, event.__class__, ''.class]
          """)
  void listsWhatIsUndefinedOnceAndInOrder(String template, String paths) {
    Template.Rendering rendering = render(template);
    assertThat(rendering.undefined().toString()).isEqualTo(paths);
    assertThat(rendering.text()).isIn("", "0");
  }

  @Test
  void listsAtMostOneHundredPaths() {
    StringBuilder template = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      template.append("{{ nope").append(i).append(" }}");
    }
    assertThat(render(template.toString()).undefined()).hasSize(100).endsWith("nope99");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ event.payload.evil }}",
        "{% set a = event.payload.evil %}{{ a }}",
        "{% set a %}{{ event.payload.evil }}{% endset %}{{ a }}",
        "{% for a in [event.payload.evil] %}{{ a }}{% endfor %}",
        "{{ event.payload.evil | string | safe | trim }}",
        "{{ '' ~ event.payload.evil }}",
      })
  void neverRendersWhatCameFromAnEvent(String template) {
    assertThat(render(template).text()).isEqualTo("{{ 7*7 }}{% for i in x %}{#");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {{ a => 1 => unclosed '{{' or '{%'
          a{nl}{% if a => 2 => unclosed '{{' or '{%'
          {# a => 1 => unclosed '{#'
          {% if a %}b => 1 => '{% if a %}' is not closed by endif
          {% endif %} => 1 => 'endif' without a start tag
          a{nl}b{nl}{{ a | }} => 3 => invalid expression 'a |': unexpected end
          {{ a | uper }} => 1 => invalid expression 'a | uper': unknown filter 'uper'; did you mean upper?
          {{ a | map('uper') }} => 1 => invalid expression 'a | map('uper')': unknown filter 'uper'; did you mean upper?
          {{ a is definde }} => 1 => invalid expression 'a is definde': unknown test 'definde'; did you mean defined?
          {{ now() }} => 1 => invalid expression 'now()': unknown function 'now'; known are range
          {{ ''.getClass() }} => 1 => invalid expression '''.getClass()': unknown method 'getClass'; known are get, items, keys, values
          {{ a b }} => 1 => invalid expression 'a b': unexpected 'b'
          {{ (a }} => 1 => invalid expression '(a': unexpected end
          {{ a = 1 }} => 1 => invalid expression 'a = 1': unexpected '='; use '==' to compare
          {{ a.empty }} => 1 => invalid expression 'a.empty': unexpected 'empty'; write a reserved word as ['empty']
          {{ ____int3rpr3t3r____ }} => 1 => invalid expression '____int3rpr3t3r____': it contains a reserved name
          {{ }} => 1 => missing expression
          {% if a %}{% elif %}{% endif %} => 1 => missing expression
          {% for a of b %}{% endfor %} => 1 => invalid for; write {% for name in items %}
          {% for a in b if a %}{% endfor %} => 1 => a for cannot have an if; write {% if %} inside it
          {% for a in b %}{nl}{% else %}{% endfor %} => 2 => 'else' outside of an if
          {% if a %}{% else %}{% else %}{% endif %} => 1 => 'else' after the else of its if
          {% set a.b = 1 %} => 1 => invalid set; write {% set name = expression %}
          {% macro a() %}{% endmacro %} => 1 => unknown tag 'macro'; known are if, for, set and raw
          {% include 'a' %} => 1 => unknown tag 'include'; known are if, for, set and raw
          {% autoescape %}{% endautoescape %} => 1 => unknown tag 'autoescape'; known are if, for, set and raw
          {% nosuch %} => 1 => unknown tag 'nosuch'; known are if, for, set and raw
          """)
  void refusesWithLineAndReason(String template, int line, String message) {
    TemplateException refusal = refusal(template.replace("{nl}", "\n"));
    assertThat(refusal).hasMessage(message);
    assertThat(refusal.line()).isEqualTo(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "call",
        "import",
        "extends",
        "from",
        "block",
        "do",
        "unless",
        "cycle",
        "print",
        "ifchanged",
        "break",
        "continue"
      })
  void knowsNoOtherTag(String tag) {
    assertThat(refusal("{% " + tag + " a %}")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "render",
        "random",
        "shuffle",
        "log",
        "fromjson",
        "unixtimestamp",
        "center",
        "format",
        "indent",
        "regex_replace",
        "pprint",
        "slice",
        "batch"
      })
  void knowsNoFilterThatIsUnboundedOrReachesOut(String filter) {
    assertThat(refusal("{{ a | " + filter + " }}"))
        .hasMessageContaining("unknown filter '" + filter);
    assertThat(failure("{% set f = '" + filter + "' %}{{ [1] | map(f) }}"))
        .hasMessage("unknown filter or test '" + filter + "'");
  }

  @Test
  void boundsTheSource() {
    assertThat(Template.parse("x".repeat(65_536)).source()).hasSize(65_536);
    assertThat(refusal("x".repeat(65_537)))
        .hasMessage("a template must have at most 65,536 characters, not 65,537");
    assertThat(refusal("{{ 'x" + "x".repeat(4_000) + "' }}"))
        .hasMessage("an expression must have at most 4,000 characters, not 4,003");
    assertThat(refusal("{{ " + "(".repeat(1_000) + "1" + ")".repeat(1_000) + " }}"))
        .hasMessage("brackets must be nested at most 50 levels deep");
    assertThat(refusal("{% if a %}".repeat(3_000) + "{% endif %}".repeat(3_000)))
        .hasMessage("tags must be nested at most 50 levels deep");
  }

  @Test
  void boundsTheLoops() {
    String loop = "{% for a in [1] %}{{ a }}{% endfor %}";
    assertThat(render(loop.repeat(10)).text()).isEqualTo("1".repeat(10));
    assertThat(refusal(loop.repeat(11))).hasMessage("a template must have at most 10 for loops");
    assertThat(refusal("{% for a in b %}".repeat(3) + "{% endfor %}".repeat(3)))
        .hasMessage("for loops must be nested at most 2 levels deep");
  }

  @Test
  void boundsTheTurnsOfLoops() {
    Map<String, Object> variables = Map.of("items", numbers(50_000));
    String loop = "{% for i in items %}{% endfor %}";
    assertThat(Template.parse(loop.repeat(2)).render(variables).text()).isEmpty();
    Template beyond = Template.parse(loop.repeat(2) + "\n{% for i in [1] %}{% endfor %}");
    TemplateException failure =
        catchThrowableOfType(TemplateException.class, () -> beyond.render(variables));
    assertThat(failure).hasMessage("the loops exceed 100,000 iterations");
    assertThat(failure.line()).isEqualTo(2);
  }

  private static List<Integer> numbers(int count) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {% set a = 'x' %}{% for i in range(60) %}{% set a = a ~ a %}{% endfor %} => the text exceeds 1,000,000 characters
          {% set a = [1] %}{% for i in range(60) %}{% set a = a + a %}{% endfor %} => a list exceeds 100,000 items
          {% set a = event.payload.big %}{% for i in range(60) %}{% set a = a * a %}{% endfor %} => a number exceeds 10,000 bits
          {% for i in range(100) %}{% for j in range(100) %}{{ event.payload.objects ~ event.payload.objects ~ event.payload.objects ~ event.payload.objects ~ event }}{% endfor %}{% endfor %} => the text exceeds 1,000,000 characters
          {% set a = 'xxxxxxxxxx' %}{% for i in range(16) %}{% set a = a ~ a %}{% if loop.last %}{{ a | replace('x', a) }}{% endif %}{% endfor %} => replace could return more than 10,000,000 characters
          {% for i in range(101) %}{% endfor %} => range must return at most 100 numbers
          {{ range(0, 1000000000) }} => range must return at most 100 numbers
          {{ 1 / 0 }} => a number is not finite; check for a division by 0
          {{ 'x' * 3 }} => cannot compute with 'x'
          {{ 'x' // 3 }} => cannot compute with 'x'
          {{ 'x' ** 3 }} => cannot compute with 'x'
          {{ event.payload.list // 3 }} => cannot compute with '[3,1,2]'
          {{ 1 // 0 }} => division by zero
          {{ 1 // 0.0 }} => division by zero
          {{ 2 ** 10001 }} => a number exceeds 10,000 bits
          {{ 9 ** 99999999999 }} => a number exceeds 10,000 bits
          {% for a, bytes in ['x'] %}{{ bytes }}{% endfor %} => each item must be a list of 2 to unpack it
          {% for a, class in event.payload.map %}{{ class }}{% endfor %} => each item must be a list of 2 to unpack it
          {% for a, b in [[1]] %}{% endfor %} => each item must be a list of 2 to unpack it
          {{ [1, 'a'] | sort }} => cannot compute with these values
          {{ 'a'.items() }} => only a map has .items()
          {{ 'x' | datetimeformat }} => datetimeformat: year must have 4 digits, at character 1
          """)
  void endsARenderingWithItsReason(String template, String message) {
    assertThat(failure(template)).hasMessage(message);
    assertThat(failure(template).line()).isEqualTo(1);
    assertThat(failure("a\n\n" + template).line()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {{ [huge, 1] | sum }} => sum cannot compute with 1E+100000000
          {{ [{'a': text}] | sum(attribute='a') }} => sum requires numbers, not "1e100000000"
          {{ huge | round }} => round cannot compute with 1E+100000000
          {{ text | round }} => round requires numbers, not "1e100000000"
          {{ exact - text }} => cannot compute with '1E+100000000'
          {{ exact - huge }} => cannot compute with '1E+100000000'
          {{ huge * 2 }} => cannot compute with '1E+100000000'
          {{ huge // 2 }} => cannot compute with '1E+100000000'
          {{ 2 ** huge }} => cannot compute with '1E+100000000'
          {{ huge | int }} => int cannot compute with 1E+100000000
          {{ text | int }} => int cannot compute with 1E+100000000
          {{ huge | float }} => float cannot compute with 1E+100000000
          {{ '1e999' | float }} => float cannot compute with 1E+999
          """)
  void doesNotComputeWithNumbersTooLong(String template, String message) {
    Map<String, Object> variables =
        Map.of(
            "huge", new BigDecimal("1e100000000"),
            "text", "1e100000000",
            "exact", new BigDecimal("10.50"));
    Template parsed = Template.parse(template);
    assertThat(catchThrowableOfType(TemplateException.class, () -> parsed.render(variables)))
        .hasMessage(message);
    String told = "{{ huge }} {{ [huge] | tojson }} {{ huge is number }} {{ huge is string }}";
    assertThat(
            Template.parse(told + " {{ exact }} {{ [exact, 1] | sum }}").render(variables).text())
        .isEqualTo("1E+100000000 [1E+100000000] true false 10.50 11.5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          {{ 7 // 2 }} {{ (-7) // 2 }} {{ 7 // -2 }} {{ (-6) // 2 }} {{ 7.5 // 2 }} {{ (-7.5) // 2 }} => 3 -4 -4 -3 3.0 -4.0
          {{ big // 10 }} {{ exact // 3 }} {{ 7 // exact }} {{ '7' // 2 }} => 12345678901234567890123456789 3.0 0.0 3
          {{ 2 ** 10 }} {{ big ** 2 }} {{ 2 ** -1 }} {{ exact ** 2 }} => 1024 15241578753238836750495351562536198787501905199875019052100 0.5 110.25
          {{ 0 ** 0 }} {{ 0 ** 9 }} {{ 1 ** 99999999999 }} {{ (-1) ** 99999999999 }} {{ '2' ** 3 }} => 1 0 1 -1 8
          {{ big | int }} {{ '123456789012345678901234567890' | int }} {{ exact | int }} {{ (-1.9) | int }} => 123456789012345678901234567890 123456789012345678901234567890 10 -1
          {{ 'x' | int }} {{ 'x' | int(7) }} {{ 'x' | int(default=8) }} {{ true | int }} {{ ' 42 ' | int }} => 0 7 8 1 42
          {{ exact | float }} {{ 'x' | float }} {{ 'x' | float(1.5) }} {{ none | float }} {{ 0.1 | float }} => 10.5 0.0 1.5 0.0 0.1
          """)
  void computesWithAnyNumber(String template, String text) {
    Map<String, Object> variables =
        Map.of(
            "big", new BigInteger("123456789012345678901234567890"),
            "exact", new BigDecimal("10.50"));
    assertThat(Template.parse(template).render(variables))
        .isEqualTo(new Template.Rendering(text, List.of()));
  }

  @Test
  void givesNothingForAnOperandThatIsNotThere() {
    assertThat(render("{{ nope // 3 }}{{ 3 // event.payload.none }}{{ absent ** 2 }}"))
        .isEqualTo(new Template.Rendering("", List.of("nope", "event.payload.none", "absent")));
  }

  @Test
  void usesATextThatIsLongerThanItMayWrite() {
    Map<String, Object> variables = Map.of("long", "x".repeat(1_400_000), "many", numbers(200_000));
    assertThat(
            Template.parse(
                    "{{ long | truncate(5) }} {{ long[:3] }} {{ long | default('') | length }} {{"
                        + " 'y' if long }} {{ many | length }}{% set a = long %} {{ a | length }}")
                .render(variables)
                .text())
        .isEqualTo("x... xxx 1400000 y 200000 1400000");
    for (String beyond : List.of("{{ long }}", "{{ long ~ long }}", "{{ [long] | tojson }}")) {
      Template template = Template.parse(beyond);
      assertThat(catchThrowableOfType(TemplateException.class, () -> template.render(variables)))
          .hasMessageContaining("exceeds 1,");
    }
  }

  /** By what it looks at, not by its values: each of these took minutes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ numbers | sort | first }}",
        "{{ numbers | unique | first }}",
        "{{ numbers | select('in', numbers) | first }}",
        "{{ numbers | map('string') | join(',') | length }}",
        "{{ numbers | reject('eq', 1) | list | length }}",
        "{{ texts | map('sort') | length }}",
        "{{ numbers == numbers }}",
        "{{ 7 in texts }}",
        "{{ (numbers ~ '') | length }}",
        "{{ numbers | tojson | length }}",
        "{% set all %}{{ texts }}{% endset %}",
        "{{ half in text }}",
        "{{ text is containing half }}",
        "{{ text | replace(half, '') | length }}",
        "{{ text | split(half) | length }}",
        "{{ ('x' ~ half) not in text }}",
      })
  void weighsWhatIsLookedAt(String expression) {
    Map<String, Object> variables =
        Map.of(
            "numbers", IntStream.range(0, 90_000).mapToObj(i -> (Object) (90_000 - i)).toList(),
            "texts", Collections.nCopies(40_000, "some text"),
            "text", "a".repeat(900_000),
            "half", "a".repeat(400_000) + "b");
    Template template =
        Template.parse(
            "{% for i in range(100) %}{% for j in range(100) %}"
                + expression
                + "{% endfor %}{% endfor %}");
    assertThat(catchThrowableOfType(TemplateException.class, () -> template.render(variables)))
        .hasMessage("the template exceeds 2,000,000 steps");
  }

  @Test
  void boundsTheSteps() {
    String empty = "{{ '' }}".repeat(2_000);
    String template = "{% for i in range(100) %}{% for j in range(100) %}" + empty;
    assertThat(failure(template + "{% endfor %}{% endfor %}"))
        .hasMessage("the template exceeds 2,000,000 steps");
  }

  @Test
  void boundsTheDepth() {
    List<Object> nested = List.of();
    for (int i = 0; i < 100_000; i++) {
      nested = List.of(nested);
    }
    Map<String, Object> variables = Map.of("deep", nested);
    Template template = Template.parse("{{ deep }}");
    assertThat(catchThrowableOfType(TemplateException.class, () -> template.render(variables)))
        .hasMessage("nested too deeply");
    assertThat(JinjavaInterpreter.getCurrentMaybe()).isEmpty();
  }

  @Test
  void asksASupplierOnlyWhenATemplateComesToIt() {
    AtomicInteger asked = new AtomicInteger();
    Supplier<Object> payload =
        () -> {
          asked.incrementAndGet();
          return Map.of("x", 1);
        };
    Map<String, Object> variables = Map.of("event", Map.of("id", "e", "payload", payload));
    assertThat(Template.parse("{{ event.id }}").render(variables).text()).isEqualTo("e");
    assertThat(asked).hasValue(0);
    assertThat(Template.parse("{{ event.payload.x }}").render(variables).text()).isEqualTo("1");
    assertThat(Template.parse("{{ event.payload }}").render(variables).text())
        .isEqualTo("{\"x\":1}");
  }

  @Test
  void readsOfAMapMoreThanItPrints() {
    Map<String, Object> resource =
        new AbstractMap<>() {
          @Override
          public Set<Entry<String, Object>> entrySet() {
            return Map.<String, Object>of("prefect.resource.id", "a").entrySet();
          }

          @Override
          public @Nullable Object get(@Nullable Object name) {
            return "id".equals(name) ? "a" : super.get(name);
          }
        };
    assertThat(
            Template.parse("{{ r.id }} {{ r['prefect.resource.id'] }} {{ r }}")
                .render(Map.of("r", resource))
                .text())
        .isEqualTo("a a {\"prefect.resource.id\":\"a\"}");
  }

  @Test
  void rendersFromManyThreads() throws InterruptedException, ExecutionException {
    Template template =
        Template.parse(
            "{% for i in range(20) %}{{ n }}{{ nope }}{% set x = n %}{{ x }},{% endfor %}");
    List<Future<Boolean>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int n = 0; n < 400; n++) {
        int number = n;
        results.add(
            threads.submit(
                () ->
                    template
                        .render(Map.of("n", number))
                        .equals(
                            new Template.Rendering(
                                (number + "" + number + ",").repeat(20), List.of("nope")))));
      }
    }
    for (Future<Boolean> result : results) {
      assertThat(result.get()).isTrue();
    }
  }

  @Test
  void isAsEqualAsItsSource() {
    assertThat(Template.parse("{{ a }}"))
        .isEqualTo(Template.parse("{{ a }}"))
        .hasSameHashCodeAs(Template.parse("{{ a }}"))
        .isNotEqualTo(Template.parse("{{ b }}"))
        .hasToString("{{ a }}");
  }

  @Test
  void rendersTheQuickstart() throws IOException {
    String yaml = Files.readString(Path.of("../examples/quickstart/automations.yaml"));
    List<JsonNode> bodies =
        Pattern.compile("body: \\|\\n((?: {10}.*\\n?)+)")
            .matcher(yaml)
            .results()
            .map((MatchResult body) -> render(body.group(1).stripIndent()))
            .peek(rendering -> assertThat(rendering.undefined()).isEmpty())
            .map(rendering -> JSON.readTree(rendering.text()))
            .toList();
    assertThat(bodies)
        .containsExactly(
            JSON.readTree(
                """
                {"text": "Flow etl failed three times within a minute",
                 "last_run": "happy \\"cat\\"", "why": "3 events"}
                """),
            JSON.readTree("{\"text\": \"Build prefect.flow-run.7a b broke main\"}"));
  }
}
