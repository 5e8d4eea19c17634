package io.fluxy.protocol.fluxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxy.attachment.UploadPolicy;
import io.fluxy.chat.Role;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files: contract 1.7, and who may have them. */
class UploadsTest {
  private static final String NOT_FOUND = "404 {'traceId':'t-1','error':'file not found'}";

  private final MemoryDepot depot = new MemoryDepot();
  private final ChatServer server = server(UploadPolicy.defaults());
  private final String ann = server.token("ann");
  private final String bob = server.token("bob");

  private ChatServer server(UploadPolicy policy) {
    ChatServer made =
        ChatServer.setup().with(builder -> builder.attachments(depot, policy)).start();
    made.room("lobby", "group", "ann", "bob");
    return made;
  }

  @AfterEach
  void nothingLeaks() {
    Leaks.checkLog();
  }

  private ChatServer.Call uploading(ChatServer to, String token, String name, String content) {
    return to.call("POST", "/upload")
        .token(token)
        .header("X-Room-Id", "lobby")
        .header("X-File-Name", name)
        .header("Content-Type", "text/plain; charset=utf-8")
        .body(content.getBytes(StandardCharsets.UTF_8));
  }

  private String upload(String token, String content) {
    Reply reply = uploading(server, token, "a.txt", content).now();
    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    return String.valueOf(((Map<?, ?>) reply.get("file")).get("key"));
  }

  private static String attached(String file, String more) {
    return "{'roomId':'lobby','content':'look'%s,'attachments':[{'kind':'file','url':'http://chat.example/files/%s','name':'a.txt','sizeBytes':5,'contentType':'text/plain'}]}"
        .formatted(more, file);
  }

  private Reply file(@Nullable String token, String id) {
    return server.get(token, "/files/" + id);
  }

  private String bytes(String token, String id) {
    return server.call("GET", "/files/" + id).token(token).stream().raw();
  }

  @Test
  void aFileIsUploadedPostedAndDownloaded() {
    Reply uploaded = uploading(server, ann, "k%C3%A4tzchen.txt", "meow!").now();
    String id = String.valueOf(((Map<?, ?>) uploaded.get("file")).get("key"));
    assertThat(id).hasSize(32);
    assertThat(uploaded)
        .hasToString(
            "200 {'success':true,'file':{'key':'%s','url':'http://chat.example/files/%s',"
                    .formatted(id, id)
                + "'name':'kätzchen.txt','contentType':'text/plain','size':5}}");
    Client bobs = server.joins("bob", "lobby");

    Reply posted = server.post(ann, "/messages", attached(id, ""));

    String attachments =
        "'attachments':[{'id':'%s','kind':'file','url':'http://chat.example/files/%s',"
                .formatted(id, id)
            + "'name':'a.txt','sizeBytes':5,'contentType':'text/plain'}]";
    assertThat(posted.toString()).contains(attachments);
    assertThat(bobs.hears()).singleElement().asString().contains(attachments);
    assertThat(server.get(bob, "/api/messages?roomId=lobby").toString()).contains(attachments);
    assertThat(bytes(bob, id)).isEqualTo("meow!");
    Reply head = file(bob, id);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Type")).contains("text/plain");
    assertThat(head.header("Content-Disposition"))
        .contains("attachment; filename=\"k_tzchen.txt\"; filename*=UTF-8''k%C3%A4tzchen.txt");
    assertThat(head.header("X-Content-Type-Options")).contains("nosniff");
    assertThat(head.header("Content-Security-Policy"))
        .contains("default-src 'none'; frame-ancestors 'none'; sandbox");
    assertThat(head.header("Cache-Control")).contains("no-store");
    assertThat(head.header("Referrer-Policy")).contains("no-referrer");
  }

  @Test
  void beforeItIsPostedAFileIsItsUploadersOwn() {
    String id = upload(ann, "draft");

    assertThat(bytes(ann, id)).isEqualTo("draft");
    assertThat(file(bob, id)).hasToString(NOT_FOUND);
    assertThat(file(server.token("boss", Role.OWNER), id)).hasToString(NOT_FOUND);
    assertThat(file(server.token("globex", "ann", 3_600), id)).hasToString(NOT_FOUND);
    assertThat(file(null, id)).hasToString("401 Unauthorized");
    assertThat(file(ann, "nope")).hasToString(NOT_FOUND);
  }

  @Test
  void nobodyGetsAtAFileByPostingItsAddress() {
    String id = upload(ann, "secret");

    server.post(bob, "/messages", attached(id, ""));

    assertThat(file(bob, id)).hasToString(NOT_FOUND);
    server.room("den", "group", "ann", "carol");
    server.post(ann, "/messages", attached(id, "").replace("'lobby'", "'den'"));
    assertThat(file(server.token("carol"), id)).as("in another room").hasToString(NOT_FOUND);
    String whisper = ",'visibility':'whisper','visibleTo':['ann']";
    server.post(ann, "/messages", attached(id, whisper));
    server.post(ann, "/messages", attached(id, ""));
    assertThat(file(bob, id)).as("shown by the whisper first").hasToString(NOT_FOUND);
    assertThat(bytes(ann, id)).isEqualTo("secret");
  }

  @Test
  void aWhispersFileIsForItsReadersOnly() {
    server.post(ann, "/rooms/lobby/members", "{'userId':'carol'}");
    String id = upload(ann, "psst");
    server.post(ann, "/messages", attached(id, ",'visibility':'whisper','visibleTo':['bob']"));

    assertThat(bytes(bob, id)).isEqualTo("psst");
    assertThat(bytes(ann, id)).isEqualTo("psst");
    assertThat(file(server.token("carol"), id)).hasToString(NOT_FOUND);
    assertThat(file(server.token("boss", Role.OWNER), id)).hasToString(NOT_FOUND);
    server.delete(ann, "/rooms/lobby/members/bob");
    assertThat(file(bob, id)).as("no longer a member").hasToString(NOT_FOUND);
  }

  @Test
  void aTokenThatSomebodyLeftInTheAddressIsNotPassedOn() {
    String id = upload(ann, "hello");
    String url = "https://anywhere.example/files/" + id;

    Reply posted =
        server.post(
            ann,
            "/messages",
            "{'roomId':'lobby','content':'look','attachments':[{'url':'%s?token=abc'}]}"
                .formatted(url));

    assertThat(posted.toString()).contains("'url':'" + url + "'").doesNotContain("token=");
    assertThat(bytes(bob, id)).isEqualTo("hello");
  }

  @Test
  void aFileByASocketIsTheSame() {
    String id = upload(ann, "hello");
    Client anns = server.joins("ann", "lobby");

    anns.says(attached(id, ",'type':'message'"));

    assertThat(anns.hears().toString()).contains("'id':'" + id + "'");
    assertThat(bytes(bob, id)).isEqualTo("hello");
  }

  @Test
  void aFileGoesWithItsMessage() {
    String id = upload(ann, "hello");
    String kept = upload(ann, "kept");
    long message = server.post(ann, "/messages", attached(id, "")).messageId();
    server.post(ann, "/messages", attached(kept, ""));

    server.delete(ann, "/messages/" + message);

    assertThat(file(bob, id)).hasToString(NOT_FOUND);
    assertThat(file(ann, id)).hasToString(NOT_FOUND);
    server.time.pass(60_000);
    assertThat(depot.files).containsOnlyKeys("acme/" + kept);
    assertThat(bytes(bob, kept)).isEqualTo("kept");
  }

  @Test
  void filesGoWithTheirRoomAndWithTheirUser() {
    String posted = upload(ann, "posted");
    server.post(ann, "/messages", attached(posted, ""));
    upload(ann, "not posted");
    String bobs = upload(bob, "bobs");
    server.post(bob, "/messages", attached(bobs, ""));

    server.delete(server.token("ann", Role.OWNER), "/gdpr/delete");
    assertThat(file(bob, posted)).hasToString(NOT_FOUND);
    server.time.pass(60_000);
    assertThat(depot.files).containsOnlyKeys("acme/" + bobs);
    server.delete(server.token("boss", Role.OWNER), "/rooms/lobby");
    server.time.pass(60_000);
    assertThat(depot.files).isEmpty();
  }

  @Test
  void whatNobodyPostsWithinADayGoes() {
    String id = upload(ann, "forgotten");

    server.time.pass(24 * 3_600_000L - 60_000);
    assertThat(bytes(server.token("ann"), id)).isEqualTo("forgotten");
    server.time.pass(180_000);
    assertThat(file(server.token("ann"), id)).hasToString(NOT_FOUND);
    assertThat(depot.files).isEmpty();
  }

  @Test
  void whatCouldNotBeRemovedIsTriedAgainAndIsNotFoundMeanwhile() {
    String id = upload(ann, "hello");
    long message = server.post(ann, "/messages", attached(id, "")).messageId();
    depot.broken = true;
    server.delete(ann, "/messages/" + message);
    server.time.pass(120_000);
    assertThat(file(ann, id)).hasToString(NOT_FOUND);
    assertThat(depot.files).hasSize(1);

    depot.broken = false;
    server.time.pass(60_000);

    assertThat(depot.files).isEmpty();
  }

  @Test
  void aFileThatCouldNotBeKeptIsRefusedAndLeavesNothing() {
    depot.broken = true;
    Reply refused = new Reply(uploading(server, ann, "a.txt", "x").broken().response());
    assertThat(refused).hasToString("503 {'traceId':'t-1','error':'storage_unavailable'}");
    depot.broken = false;
    server.time.pass(25 * 3_600_000L);

    assertThat(server.store.attachments().of("acme", "ann", 9).toCompletableFuture().join())
        .isEmpty();
  }

  @Test
  void onesOwnFilesAreInOnesOwnExport() {
    String id = upload(ann, "hello");
    server.post(ann, "/messages", attached(id, ""));

    assertThat(server.call("GET", "/gdpr/export").token(ann).stream().raw().replace('"', '\''))
        .endsWith(
            "'attachments':[{'id':'%s','room_id':'lobby','name':'a.txt',".formatted(id)
                + "'content_type':'text/plain','size_bytes':5,'posted':true,"
                + "'created_at':'2026-01-31T12:00:01.000Z'}]}}");
  }

  @Test
  void withoutADepotThereAreNoUploads() {
    ChatServer none = ChatServer.withLobby();

    assertThat(uploading(none, none.token("ann"), "a", "x").now())
        .hasToString("404 {'traceId':'t-1','error':'uploads_disabled'}");
    assertThat(none.get(none.token("ann"), "/files/x"))
        .hasToString("404 {'traceId':'t-1','error':'uploads_disabled'}");
  }

  @Test
  void sizeAndTypeAreChecked() {
    ChatServer strict =
        server(UploadPolicy.defaults().withBytesMax(4).withContentTypes(Set.of("text/plain")));
    String token = strict.token("ann");

    assertThat(uploading(strict, token, "a", "12345").now())
        .hasToString("413 {'traceId':'t-1','error':'payload_too_large'}");
    assertThat(uploading(strict, token, "a", "1234").now().status()).isEqualTo(200);
    assertThat(uploading(strict, token, "a", "").now())
        .hasToString("400 {'traceId':'t-1','error':'the file is empty'}");
    assertThat(uploading(strict, token, "a", "x").header("Content-Type", "TEXT/Html;x=y").now())
        .hasToString("415 {'traceId':'t-1','error':'content type not allowed: text/html'}");
    assertThat(uploading(strict, token, "a", "x").without("Content-Type").now().toString())
        .startsWith("415 {'traceId':'t-1','error':'content type not allowed: application/octet");
    assertThat(strict.call("POST", "/upload").token(token).tooLarge().status()).isEqualTo(413);
  }

  @Test
  void aProjectHasItsQuotaAndAUserItsRate() {
    ChatServer small = server(UploadPolicy.defaults().withPerProject(10, 2).withPerMinute(3));
    String token = small.token("ann");
    assertThat(uploading(small, token, "a", "12345").now().status()).isEqualTo(200);
    assertThat(uploading(small, token, "a", "123456").now())
        .hasToString(
            "409 {'traceId':'t-1','error':"
                + "'limit_reached: the project's files may have 10 bytes and be 2'}");
    assertThat(uploading(small, token, "a", "x").now().status()).isEqualTo(200);
    assertThat(uploading(small, token, "a", "x").now())
        .hasToString("429 {'traceId':'t-1','error':'rate_limit_exceeded','retryAfterSeconds':59}");
  }

  @Test
  void guestsAndStrangersUploadNothing() {
    server.room("plaza", "public", "ann");

    assertThat(
            uploading(server, server.token("anon_1", Role.GUEST), "a", "x")
                .header("X-Room-Id", "plaza")
                .now())
        .hasToString("403 {'traceId':'t-1','error':'guest_read_only','code':'guest_read_only'}");
    assertThat(uploading(server, server.token("carol"), "a", "x").now())
        .hasToString("403 {'traceId':'t-1','error':'forbidden'}");
    assertThat(uploading(server, ann, "a", "x").without("X-Room-Id").now())
        .hasToString(
            "400 {'traceId':'t-1','error':"
                + "'X-Room-Id required: must be 1-128 chars, alphanumeric with _ -'}");
    assertThat(depot.files).isEmpty();
  }

  /** Catalogue 3.14: whatever a file says it is, no browser runs it as ours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/javascript",
        "text/xml",
        "application/x-shockwave-flash",
        "message/rfc822",
        "multipart/x-mixed-replace",
        "x",
        "text/plain\r\nX-Evil: 1"
      })
  void whatABrowserCouldRunIsServedAsNothingInParticular(String type) {
    ChatServer open = server(UploadPolicy.defaults().withContentTypes(Set.of()));
    Reply reply =
        uploading(open, open.token("ann"), "x.html", "<script>alert(1)</script>")
            .header("Content-Type", type)
            .now();
    String id = String.valueOf(((Map<?, ?>) reply.get("file")).get("key"));

    Reply head = open.get(open.token("ann"), "/files/" + id);

    assertThat(head.header("Content-Type")).contains("application/octet-stream");
    assertThat(head.header("Content-Disposition").orElse("")).startsWith("attachment; ");
    assertThat(head.response().headers().toString()).doesNotContain("\r", "\n", "Evil");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "a\"; filename=\"evil.exe",
        "a\r\nSet-Cookie: x=1",
        "%0d%0aX-Evil: 1",
        "%00",
        "%zz",
        "a;b=c",
        "\u202egnp.exe"
      })
  void aNameNeverLeavesItsPlace(String name) {
    Reply uploaded = uploading(server, ann, name, "x").now();
    Map<?, ?> file = (Map<?, ?>) uploaded.get("file");
    assertThat(String.valueOf(file.get("name")))
        .doesNotContain("/", "\\", "\r", "\n", "\"", ";", "\u202e", "\u0000");

    Reply head = file(ann, String.valueOf(file.get("key")));

    assertThat(head.header("Content-Disposition").orElse(""))
        .matches("attachment; filename=\"[^\"\\r\\n;]*\"; filename\\*=UTF-8''[A-Za-z0-9._%-]+");
    assertThat(head.header("Set-Cookie")).isEmpty();
    assertThat(depot.files.keySet()).allMatch(key -> key.matches("acme/[0-9a-f]{32}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example/x", "a b", "\"><script>", "x\r\ny", "user@evil.example", ""})
  void aHostThatIsNoneIsNotInAnAddress(String host) {
    Reply reply = uploading(server, ann, "a", "x").header("Host", host).now();

    assertThat(reply.toString()).contains("'url':'http://localhost/files/");
  }

  @Test
  void theHostMaySayWhereItIsReached() {
    ChatServer known =
        ChatServer.setup()
            .with(builder -> builder.attachments(depot).publicUrl("https://chat.example.org/"))
            .start();
    known.room("lobby", "group", "ann");

    assertThat(uploading(known, known.token("ann"), "a", "x").now().toString())
        .contains("'url':'https://chat.example.org/files/");
    assertThat(
            uploading(server, ann, "a", "x").header("X-Forwarded-Proto", "https").now().toString())
        .contains("'url':'https://chat.example/files/");
  }

  @Test
  void aLongFileComesInPieces() {
    String content = "0123456789".repeat(20_000);
    String id = upload(ann, content);

    assertThat(bytes(ann, id)).isEqualTo(content);
  }
}
