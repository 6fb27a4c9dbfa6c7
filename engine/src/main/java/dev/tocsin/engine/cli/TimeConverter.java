package dev.tocsin.engine.cli;

import dev.tocsin.wire.Rfc3339;
import java.time.DateTimeException;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an instant as events have it, in RFC 3339. */
final class TimeConverter implements ITypeConverter<Instant> {

  @Override
  public Instant convert(String text) {
    try {
      return Rfc3339.parse(text);
    } catch (DateTimeException invalid) {
      throw new TypeConversionException(
          "must be a time with an offset such as 2026-01-01T00:00:00Z, not '" + text + "'");
    }
  }
}
