package io.fluxy.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What to look for, and where.
 *
 * @param words runs of letters and digits in lower case, at least one; all of them have to be there
 * @param room only in this room; null for more than one
 * @param memberId only in rooms that are public or that this user is a member of; null for all
 * @param max at most so many hits
 */
public record SearchQuery(
    String projectId,
    List<String> words,
    @Nullable String room,
    @Nullable String memberId,
    int max) {
  private static final int WORDS_MAX = 16;

  /**
   * Checks the words.
   *
   * @throws IllegalArgumentException if there is none, or one that is no run of letters and digits
   */
  public SearchQuery {
    words = List.copyOf(words);
    if (words.isEmpty() || !words.equals(words(String.join(" ", words)))) {
      throw new IllegalArgumentException("search needs 1-" + WORDS_MAX + " words");
    }
  }

  /**
   * The words in what somebody typed, at most 16; signs separate them, so nothing is left that a
   * database could take for more than text.
   */
  public static List<String> words(String typed) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int[] points = (typed + " ").toLowerCase(Locale.ROOT).codePoints().toArray();
    for (int point : points) {
      if (Character.isLetterOrDigit(point)) {
        word.appendCodePoint(point);
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    return List.copyOf(words.subList(0, Math.min(WORDS_MAX, words.size())));
  }
}
