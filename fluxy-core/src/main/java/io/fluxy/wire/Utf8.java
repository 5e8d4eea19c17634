package io.fluxy.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Whether bytes are UTF-8, by the letter: no overlong forms, no surrogates. */
public final class Utf8 {
  private Utf8() {}

  public static boolean isValid(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return isValidBeyondAscii(bytes);
      }
    }
    return true;
  }

  private static boolean isValidBeyondAscii(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
