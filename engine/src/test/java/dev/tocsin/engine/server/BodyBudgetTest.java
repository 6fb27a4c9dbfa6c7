package dev.tocsin.engine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

class BodyBudgetTest {

  @Test
  void whatIsTakenIsGivenBackAndMoreIsRefused() {
    BodyBudget budget = new BodyBudget(100, "answers");
    try (BodyBudget.Share first = budget.open();
        BodyBudget.Share second = budget.open()) {
      first.take(60);
      second.take(40);
      RefusedException refused = catchThrowableOfType(RefusedException.class, () -> second.take(1));
      assertThat(refused.answer().status()).isEqualTo(429);
      assertThat(refused.answer().headers()).containsEntry("Retry-After", "1");
      assertThat(budget.taken()).isEqualTo(100);
    }
    assertThat(budget.taken()).isZero();
  }

  @Test
  void aShareThatIsClosedTakesNothingMore() {
    BodyBudget budget = new BodyBudget(100, "answers");
    BodyBudget.Share share = budget.open();
    share.close();
    share.take(60);
    assertThat(budget.taken()).isZero();
  }
}
