package dev.tocsin.engine.store;

import dev.tocsin.triggers.Pattern;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.Function;

/**
 * A pattern as a function of one text in SQL. It belongs to one connection and receives its pattern
 * before each query.
 */
final class PatternFunction extends Function {

  private Pattern pattern = Pattern.of("*");

  /** Makes a function known to a connection by a name. */
  static PatternFunction create(Connection connection, String name) throws SQLException {
    PatternFunction function = new PatternFunction();
    Function.create(connection, name, function);
    return function;
  }

  void use(Pattern next) {
    pattern = next;
  }

  @Override
  protected void xFunc() throws SQLException {
    result(pattern.matches(value_text(0)) ? 1 : 0);
  }
}
