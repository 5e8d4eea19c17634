package io.fluxy.chat;

/**
 * Names one room of one project. Everything in Fluxy is keyed by both, so two projects may each
 * have a "lobby" and never meet.
 *
 * @param project the tenant's id: 1 to 128 of letters, digits, {@code _ -}
 * @param name the room's id inside the project: 1 to 200 of letters, digits, {@code _ - = @ , . ;
 *     :}
 */
public record RoomId(String project, String name) {
  /**
   * Checks both parts.
   *
   * @throws IllegalArgumentException if either part is not as above; the message names the part
   */
  public RoomId {
    if (!Names.isId(project)) {
      throw new IllegalArgumentException(
          "project id must be 1-128 letters, digits, _ or -: " + Names.shown(project));
    }
    if (!Names.isRoomName(name)) {
      throw new IllegalArgumentException(
          "room id must be 1-200 letters, digits, _ - = @ , . ; or ':' : " + Names.shown(name));
    }
  }

  @Override
  public String toString() {
    return project + "/" + name;
  }
}
