package dev.tocsin.engine.cli;

import dev.tocsin.wire.Suggestion;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reports wrong arguments: what is wrong, the name that was probably meant, and the command that
 * prints help. Without any command it prints the help itself.
 */
public final class WrongUsage implements IParameterExceptionHandler {

  private static final Pattern MISSING =
      Pattern.compile(
          "(?:Error: )?Missing required (?:options?|parameters?|argument\\(s\\)|argument)"
              + "(?: \\(specify one of these\\))?: (.*)");

  /** A part of a synopsis that may be left out. */
  private static final Pattern OPTIONAL = Pattern.compile(" \\[--[^\\[\\]]*\\](?:\\.\\.\\.)?");

  private static final Pattern INVALID =
      Pattern.compile("Invalid value for option '(--[a-z-]+)'[^:]*: (.*)", Pattern.DOTALL);
  private static final Pattern WORDS =
      Pattern.compile("expected one of \\[(.*)\\] \\(case-sensitive\\) but was '(.*)'");
  private static final Pattern NUMBER =
      Pattern.compile("'(.*)' is not an? (?:int|long|double)", Pattern.DOTALL);
  private static final Pattern UNKNOWN_COMMAND = Pattern.compile("Unknown subcommand '(.*)'\\.");

  @Override
  public int handleParseException(ParameterException problem, String[] arguments) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(message(problem, arguments));
    if (arguments.length == 0) {
      command.usage(err);
    } else {
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String message(ParameterException problem, String[] arguments) {
    Map<String, OptionSpec> options = problem.getCommandLine().getCommandSpec().optionsMap();
    if (problem instanceof UnmatchedArgumentException unmatched) {
      String first = name(unmatched.getUnmatched().getFirst());
      return first.startsWith("-")
          ? unknownOption(first, options.keySet())
          : unexpected(first, problem.getCommandLine().getSubcommands().keySet());
    }
    if (problem instanceof MissingParameterException) { // Perhaps since its name is misspelled.
      for (String argument : arguments) {
        if (argument.startsWith("--") && !options.containsKey(name(argument))) {
          return unknownOption(name(argument), options.keySet());
        }
      }
    }
    return plain(
        String.valueOf(problem.getMessage()), problem.getCommandLine().getSubcommands().keySet());
  }

  /** The messages of the parser of options, in the form of all other messages. */
  private static String plain(String message, Collection<String> commands) {
    Matcher missing = MISSING.matcher(message.replaceAll("\\s+", " ").strip());
    if (missing.matches()) {
      String needed = OPTIONAL.matcher(missing.group(1)).replaceAll("");
      return "Missing " + needed.replaceAll("[()\\[\\]']", "").replace(" | ", ", or ");
    }
    Matcher command = UNKNOWN_COMMAND.matcher(message);
    if (command.matches()) {
      return unexpected(command.group(1), commands);
    }
    Matcher value = INVALID.matcher(message);
    if (!value.matches()) {
      return message.replaceFirst("^Error: ", "");
    }
    String option = value.group(1) + " ";
    String problem = value.group(2);
    Matcher words = WORDS.matcher(problem);
    Matcher number = NUMBER.matcher(problem);
    if (words.matches()) {
      String choice = words.group(1).replace(", ", " or ");
      return option + "must be " + choice + ", not '" + words.group(2) + "'";
    }
    return number.matches()
        ? option + "must be a number, not '" + number.group(1) + "'"
        : option + problem;
  }

  private static String name(String argument) {
    return argument.startsWith("-") ? argument.replaceFirst("=.*", "") : argument;
  }

  private static String unknownOption(String name, Collection<String> options) {
    return "Unknown option " + name + Suggestion.of(name, options);
  }

  private static String unexpected(String argument, Collection<String> commands) {
    return commands.isEmpty()
        ? "Unexpected argument '" + argument + "'"
        : "Unknown command '" + argument + "'" + Suggestion.of(argument, commands);
  }
}
