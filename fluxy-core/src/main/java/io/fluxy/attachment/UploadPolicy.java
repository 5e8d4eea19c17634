package io.fluxy.attachment;

import java.util.Set;

/**
 * Which files are taken, and how many.
 *
 * @param bytesMax bytes of one file; a file also has to fit into a request, see {@link
 *     io.fluxy.chat.Limits#bodyBytesMax()}
 * @param contentTypes what files may say they are, such as {@code image/png}, in lower case; empty
 *     for anything. Whatever it says, a file is never shown inside a page of ours
 * @param bytesPerProjectMax bytes of all files of a project
 * @param filesPerProjectMax how many files a project may have
 * @param perMinute how many files a user of a project may upload; fixed one-minute windows
 * @param unpostedHours how long a file is kept that no message shows
 */
public record UploadPolicy(
    int bytesMax,
    Set<String> contentTypes,
    long bytesPerProjectMax,
    int filesPerProjectMax,
    int perMinute,
    int unpostedHours) {
  private static final UploadPolicy DEFAULTS =
      new UploadPolicy(
          10 << 20,
          Set.of(
              "application/json",
              "application/msword",
              "application/octet-stream",
              "application/pdf",
              "application/vnd.ms-excel",
              "application/vnd.ms-powerpoint",
              "application/vnd.openxmlformats-officedocument.presentationml.presentation",
              "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
              "application/zip",
              "audio/mp4",
              "audio/mpeg",
              "audio/ogg",
              "audio/wav",
              "audio/webm",
              "image/gif",
              "image/jpeg",
              "image/png",
              "image/webp",
              "text/csv",
              "text/plain",
              "video/mp4",
              "video/webm"),
          1L << 30,
          100_000,
          20,
          24);

  public UploadPolicy {
    contentTypes = Set.copyOf(contentTypes);
  }

  /**
   * Up to 10 MiB a file, 1 GiB and 100,000 files a project, 20 files a minute and user, a day to
   * post one; the usual pictures, sounds, films and documents, but nothing that a browser would
   * run.
   */
  public static UploadPolicy defaults() {
    return DEFAULTS;
  }

  /** The same with another size of one file. */
  public UploadPolicy withBytesMax(int bytes) {
    return new UploadPolicy(
        bytes, contentTypes, bytesPerProjectMax, filesPerProjectMax, perMinute, unpostedHours);
  }

  /** The same with other types; none for anything. */
  public UploadPolicy withContentTypes(Set<String> types) {
    return new UploadPolicy(
        bytesMax, types, bytesPerProjectMax, filesPerProjectMax, perMinute, unpostedHours);
  }

  /** The same with other bounds for a project. */
  public UploadPolicy withPerProject(long bytes, int files) {
    return new UploadPolicy(bytesMax, contentTypes, bytes, files, perMinute, unpostedHours);
  }

  /** The same with another bound for a user's minute. */
  public UploadPolicy withPerMinute(int files) {
    return new UploadPolicy(
        bytesMax, contentTypes, bytesPerProjectMax, filesPerProjectMax, files, unpostedHours);
  }

  /** Whether files may say they are this. */
  public boolean takes(String contentType) {
    return contentTypes.isEmpty() || contentTypes.contains(contentType);
  }
}
