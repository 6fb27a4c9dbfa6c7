package dev.tocsin.engine.cli;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option that names a running daemon. */
final class DaemonOptions {

  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = Converter.class,
      description = "Address of the daemon. Default: ${DEFAULT-VALUE}.")
  URI url = URI.create("http://127.0.0.1:4280");

  /** Reads an absolute http or https URL. */
  static final class Converter implements ITypeConverter<URI> {

    @Override
    public URI convert(String text) {
      try {
        URI url = new URI(text);
        boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (isHttp && url.getHost() != null) {
          return url;
        }
      } catch (URISyntaxException invalid) {
        // Reported below, as any other text that is not such a URL.
      }
      throw new TypeConversionException(
          "must be an http or https URL such as http://127.0.0.1:4280, not '" + text + "'");
    }
  }
}
