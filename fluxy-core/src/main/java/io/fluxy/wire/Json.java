package io.fluxy.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.fluxy.chat.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON, strictly: UTF-8 only, no duplicate keys, nothing after the value, bounded depth, lengths
 * and counts, no infinite numbers, no NUL, no half surrogate pairs (reliability catalogue 3.9).
 */
public final class Json {
  private static final int DEPTH_MAX = 32;
  private static final int STRING_CHARS_MAX = 64 * 1024;
  private static final int NAME_CHARS_MAX = 128;
  private static final int NUMBER_CHARS_MAX = 32;
  private static final int TOKENS_MAX = 20_000;
  private static final int DOCUMENT_BYTES_MAX = 1024 * 1024;

  private static final JsonFactory STRICT =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxStringLength(STRING_CHARS_MAX)
                  .maxNameLength(NAME_CHARS_MAX)
                  .maxNumberLength(NUMBER_CHARS_MAX)
                  .maxTokenCount(TOKENS_MAX)
                  .maxDocumentLength(DOCUMENT_BYTES_MAX)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8) // an emoji in four bytes
          .build();

  private Json() {}

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  /** One JSON value as UTF-8. */
  public static byte[] bytes(Writing json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = generator(out)) {
      json.to(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
    return out.toByteArray();
  }

  /**
   * One JSON object as text.
   *
   * @param fields writes its fields
   */
  public static String objectText(Writing fields) {
    byte[] utf8 =
        bytes(
            json -> {
              json.writeStartObject();
              fields.to(json);
              json.writeEndObject();
            });
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /**
   * Writes what {@link #object(byte[])} has read.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static void value(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> object) {
      json.writeStartObject();
      for (Map.Entry<?, ?> field : object.entrySet()) {
        json.writeFieldName((String) field.getKey());
        value(json, field.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object each : list) {
        value(json, each);
      }
      json.writeEndArray();
    } else if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value == null) {
      json.writeNull();
    } else {
      throw new IllegalArgumentException("no JSON: " + value.getClass());
    }
  }

  /** What {@link #object(byte[])} has read, as text. */
  public static String text(@Nullable Object value) {
    return new String(bytes(json -> value(json, value)), StandardCharsets.UTF_8);
  }

  static JsonGenerator generator(OutputStream out) throws IOException {
    return STRICT.createGenerator(out);
  }

  /**
   * Reads one JSON object into maps, lists, strings, {@link Long}, {@link Double}, {@link Boolean}
   * and nulls.
   *
   * @throws BadJsonException if it is not one, or breaks a bound; the message is safe to show
   */
  public static Map<String, @Nullable Object> object(byte[] utf8) {
    boolean wide = utf8.length >= 2 && (utf8[0] == 0 || utf8[1] == 0);
    if (wide || !Utf8.isValid(utf8)) { // the parser would guess UTF-16 or UTF-32, and is lenient
      throw new BadJsonException("not UTF-8");
    }
    try (JsonParser parser = STRICT.createParser(utf8)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadJsonException("not an object");
      }
      Map<String, @Nullable Object> object = object(parser);
      if (parser.nextToken() != null) {
        throw new BadJsonException("something follows the object");
      }
      return object;
    } catch (IOException e) {
      throw new BadJsonException("not valid JSON, or beyond its bounds");
    }
  }

  /** Whether a text is one JSON value and nothing more. */
  public static boolean isValue(String text) {
    try (JsonParser parser = STRICT.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return false;
      }
      value(parser, first);
      return parser.nextToken() == null;
    } catch (IOException | BadJsonException e) {
      return false;
    }
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = sound(parser.currentName());
      int known = object.size();
      object.put(name, value(parser, parser.nextToken()));
      if (object.size() == known) {
        throw new BadJsonException("a key comes twice"); // cheaper than the parser's own check
      }
    }
    return object;
  }

  private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> list(parser);
      case VALUE_STRING -> sound(parser.getText());
      case VALUE_NUMBER_INT -> whole(parser);
      case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new BadJsonException("not valid JSON");
    };
  }

  private static List<@Nullable Object> list(JsonParser parser) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      list.add(value(parser, token));
    }
    return list;
  }

  private static Object whole(JsonParser parser) throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? finite(parser.getDoubleValue())
        : (Object) parser.getLongValue();
  }

  private static Double finite(double number) {
    if (Double.isInfinite(number) || Double.isNaN(number)) {
      throw new BadJsonException("a number is beyond bounds");
    }
    return number;
  }

  private static String sound(String text) {
    if (!Text.isSound(text)) {
      throw new BadJsonException("text with NUL or half a surrogate pair");
    }
    return text;
  }
}
