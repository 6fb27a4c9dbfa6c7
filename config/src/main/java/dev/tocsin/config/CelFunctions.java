package dev.tocsin.config;

import com.google.re2j.PatternSyntaxException;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.ConcatenatedListView;
import dev.tocsin.config.document.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The functions of CEL that could take long or grow without bound by themselves, as bounded ones.
 * Their cost is proportional to the size of their arguments and of their result, which {@link
 * CelCost} counts.
 */
final class CelFunctions {

  static final int MAX_TEXT = 2_000_000;
  static final int MAX_ITEMS = 1_000_000;
  private static final int MAX_REGEX_LENGTH = 500;
  private static final int MAX_REGEX_REPEATS = 1_000;
  private static final int MAX_REGEX_TEXT = 100_000;

  /** RE2/J follows instructions that consume no character by recursion. */
  private static final int MAX_REGEX_INSTRUCTIONS = 1_000;

  private static final String REGEX_BOUND =
      "a regular expression must have at most %,d characters and %,d instructions, and the product of its {n} must be at most %,d"
          .formatted(MAX_REGEX_LENGTH, MAX_REGEX_INSTRUCTIONS, MAX_REGEX_REPEATS);
  private static final Pattern REPEAT = Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?\\}");

  /** Up to this length a text is searched for fast, whatever it contains. */
  private static final int SHORT = 16;

  private static final Set<String> REPLACED =
      Set.of("MATCHES", "MATCHES_STRING", "CONTAINS_STRING", "ADD_STRING", "ADD_BYTES", "ADD_LIST");

  /** The standard functions but those that are replaced. */
  static final CelStandardFunctions STANDARD =
      CelStandardFunctions.newBuilder()
          .filterFunctions((function, overload) -> !REPLACED.contains(overload.toString()))
          .build();

  /** Those in their place. */
  static final List<CelFunctionBinding> BOUNDED =
      List.of(
          CelFunctionBinding.from("matches", String.class, String.class, CelFunctions::matches),
          CelFunctionBinding.from(
              "matches_string", String.class, String.class, CelFunctions::matches),
          CelFunctionBinding.from(
              "contains_string", String.class, String.class, CelFunctions::contains),
          CelFunctionBinding.from("add_string", String.class, String.class, CelFunctions::add),
          CelFunctionBinding.from(
              "add_bytes", CelByteString.class, CelByteString.class, CelFunctions::add),
          CelFunctionBinding.from("add_list", List.class, List.class, CelFunctions::add));

  private CelFunctions() {}

  private static Object add(String left, String right) throws CelEvaluationException {
    require(left.length() + (long) right.length(), MAX_TEXT, "a text", "characters");
    return left + right;
  }

  private static Object add(CelByteString left, CelByteString right) throws CelEvaluationException {
    require(left.size() + (long) right.size(), MAX_TEXT, "a byte string", "bytes");
    return left.concat(right);
  }

  /** The result of a loop is one view to which the loop adds; any other list is copied. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Object add(List left, List right) throws CelEvaluationException {
    require(left.size() + (long) right.size(), MAX_ITEMS, "a list", "items");
    List<Object> all = isView(left) ? left : new ArrayList<>(left);
    all.addAll(right);
    return all;
  }

  private static void require(long size, int max, String what, String unit)
      throws CelEvaluationException {
    if (size > max) {
      throw new CelEvaluationException("%s exceeds %,d %s".formatted(what, max, unit));
    }
  }

  /** Whether a list is what a loop has collected so far, to which adding copies nothing. */
  static boolean isView(List<?> list) {
    return list instanceof ConcatenatedListView;
  }

  /** Knuth, Morris and Pratt: the time is that of the lengths, also for texts that repeat. */
  private static Object contains(String text, String part) {
    if (part.length() <= SHORT || part.length() >= text.length()) {
      return part.length() <= text.length() && text.contains(part);
    }
    int[] border = borders(part);
    int found = 0;
    for (int i = 0; i < text.length(); i++) {
      while (found > 0 && text.charAt(i) != part.charAt(found)) {
        found = border[found - 1];
      }
      found += text.charAt(i) == part.charAt(found) ? 1 : 0;
      if (found == part.length()) {
        return true;
      }
    }
    return false;
  }

  /** For each beginning of a text the length of its longest proper beginning that it ends with. */
  private static int[] borders(String text) {
    int[] border = new int[text.length()];
    int length = 0;
    for (int i = 1; i < border.length; i++) {
      while (length > 0 && text.charAt(i) != text.charAt(length)) {
        length = border[length - 1];
      }
      length += text.charAt(i) == text.charAt(length) ? 1 : 0;
      border[i] = length;
    }
    return border;
  }

  private static Object matches(String value, String regex) throws CelEvaluationException {
    require(value.length(), MAX_REGEX_TEXT, "the text of matches()", "characters");
    try {
      com.google.re2j.Pattern pattern =
          isTooLong(regex) ? null : com.google.re2j.Pattern.compile(regex);
      if (pattern == null || pattern.programSize() > MAX_REGEX_INSTRUCTIONS) {
        throw new CelEvaluationException(REGEX_BOUND);
      }
      return pattern.matcher(value).find();
    } catch (PatternSyntaxException e) {
      throw new CelEvaluationException("invalid regular expression: " + e.getMessage());
    }
  }

  /** What is wrong with a regular expression; empty if it is valid. */
  static String faultOfRegex(String regex) {
    try {
      return isTooLong(regex) || sizeOfRegex(regex) > MAX_REGEX_INSTRUCTIONS ? REGEX_BOUND : "";
    } catch (PatternSyntaxException e) {
      return "invalid regular expression " + Quoted.of(regex) + ": " + e.getDescription();
    }
  }

  /** The number of instructions of a valid regular expression. */
  static int sizeOfRegex(String regex) {
    return com.google.re2j.Pattern.compile(regex).programSize();
  }

  /** An upper bound of the number of instructions; 0 for a text that {@code matches} refuses. */
  static int boundOfRegex(String regex) {
    return isTooLong(regex) ? 0 : Math.toIntExact(regex.length() * repeats(regex));
  }

  private static boolean isTooLong(String regex) {
    return regex.length() > MAX_REGEX_LENGTH || repeats(regex) > MAX_REGEX_REPEATS;
  }

  /** An upper bound of how often {@code {n}} may multiply a part of a regular expression. */
  private static long repeats(String regex) {
    long product = 1;
    Matcher repeat = REPEAT.matcher(regex);
    while (repeat.find() && product <= MAX_REGEX_REPEATS) {
      String upper = repeat.group(2);
      String count = upper == null || upper.isEmpty() ? repeat.group(1) : upper;
      product *= Math.max(1, Long.parseLong(count));
    }
    return product;
  }
}
