package dev.tocsin.engine.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command run in this process, and what it printed. */
record CommandRun(int exit, String out, String err) {

  static CommandRun of(Object command, String... arguments) {
    return of(new CommandLine(command), arguments);
  }

  static CommandRun of(CommandLine command, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit = command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    return new CommandRun(exit, out.toString(), err.toString());
  }
}
