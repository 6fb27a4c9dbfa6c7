package dev.tocsin.actions.template;

/** Text in the making that refuses to grow past {@value #MAX_LENGTH} characters. */
final class BoundedText {

  /** Most characters of a rendering, and of any text on the way to it. */
  static final int MAX_LENGTH = 1_000_000;

  private final StringBuilder text = new StringBuilder();
  private final Rendition rendition;

  BoundedText(Rendition rendition) {
    this.rendition = rendition;
  }

  BoundedText append(CharSequence more) {
    require(more.length());
    text.append(more);
    return this;
  }

  BoundedText append(char more) {
    require(1);
    text.append(more);
    return this;
  }

  BoundedText repeat(String more, long times) {
    if (times > 0 && !more.isEmpty()) {
      require(Math.min(times, MAX_LENGTH + 1L) * more.length());
      text.repeat(more, Math.toIntExact(times));
    }
    return this;
  }

  private void require(long more) {
    rendition.spend(more);
    if (text.length() + more > MAX_LENGTH) {
      throw rendition.fault("the text grows beyond 1,000,000 characters");
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
