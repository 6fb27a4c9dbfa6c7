package dev.tocsin.engine.cli;

import dev.tocsin.wire.Suggestion;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Map;
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
    return String.valueOf(problem.getMessage());
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
