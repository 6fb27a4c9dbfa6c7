package dev.tocsin.config.document;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers of bytes as people write them: {@code 500MB}, {@code 1.5GB}; units are of a thousand. */
public final class SizeText {

  /** For messages. */
  public static final String EXAMPLES = "500MB, 20GB or 1.5TB";

  private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB", "PB");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?) ?([KMGTP]B)");

  private SizeText() {}

  /** Reads a size, null if the text is invalid; fractions of a byte are cut. */
  static @Nullable public Long parse(String text) {
    Matcher size = SIZE.matcher(text.strip());
    if (!size.matches()) {
      return null;
    }
    BigDecimal bytes =
        new BigDecimal(size.group(1)).movePointRight(3 * UNITS.indexOf(size.group(2)));
    return bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0 ? null : bytes.longValue();
  }

  /** Writes a size in its largest unit, so that {@link #parse} reads the same one. */
  public static String write(long bytes) {
    int unit = 1;
    while (unit < UNITS.size() - 1 && bytes >= Math.powExact(1_000L, unit + 1)) {
      unit++;
    }
    BigDecimal number = BigDecimal.valueOf(bytes).movePointLeft(3 * unit);
    return number.stripTrailingZeros().toPlainString() + UNITS.get(unit);
  }
}
