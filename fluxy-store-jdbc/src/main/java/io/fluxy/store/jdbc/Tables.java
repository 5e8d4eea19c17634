package io.fluxy.store.jdbc;

import static org.jooq.impl.DSL.unquotedName;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.INTEGER;
import static org.jooq.impl.SQLDataType.SMALLINT;
import static org.jooq.impl.SQLDataType.VARCHAR;

import org.jooq.DataType;
import org.jooq.Record;
import org.jooq.TableField;
import org.jooq.impl.TableImpl;

/** The schema as jOOQ sees it. What the columns mean is told in {@code V1__rooms_and_logs.sql}. */
final class Tables {
  static final Schema SCHEMA = new Schema();
  static final Project PROJECT = new Project();
  static final ApiKey API_KEY = new ApiKey();
  static final Room ROOM = new Room();
  static final Log LOG = new Log();
  static final Reaction REACTION = new Reaction();
  static final Member MEMBER = new Member();
  static final Read READ = new Read();
  static final Note NOTE = new Note();
  static final Expiry EXPIRY = new Expiry();
  static final Template TEMPLATE = new Template();
  static final Stream STREAM = new Stream();
  static final Agent AGENT = new Agent();
  static final Run RUN = new Run();
  static final Webhook WEBHOOK = new Webhook();
  static final Delivery DELIVERY = new Delivery();
  static final Pending PENDING = new Pending();
  static final Sanctioned SANCTION = new Sanctioned();
  static final Report REPORT = new Report();
  static final Audit AUDIT = new Audit();
  static final Usage USAGE = new Usage();
  static final ProjectState PROJECT_STATE = new ProjectState();
  static final KeyEnd KEY_END = new KeyEnd();
  static final Attachment ATTACHMENT = new Attachment();
  static final Reply REPLY = new Reply();
  static final Mention MENTION = new Mention();

  private Tables() {}

  /** A table whose fields are easy to declare. */
  private abstract static class Table extends TableImpl<Record> {
    Table(String table) {
      super(unquotedName(table));
    }

    final <T> TableField<Record, T> column(String column, DataType<T> type) {
      return createField(unquotedName(column), type, this);
    }
  }

  static final class Schema extends Table {
    final TableField<Record, Integer> version = column("version", INTEGER);
    final TableField<Record, Long> appliedAt = column("applied_at", BIGINT);

    private Schema() {
      super("fluxy_schema");
    }
  }

  static final class Project extends Table {
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> name = column("name", VARCHAR);
    final TableField<Record, Long> createdAt = column("created_at", BIGINT);
    final TableField<Record, String> jwtSecret = column("jwt_secret", VARCHAR);

    private Project() {
      super("fluxy_project");
    }
  }

  static final class ApiKey extends Table {
    final TableField<Record, String> hash = column("hash", VARCHAR);
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> prefix = column("prefix", VARCHAR);
    final TableField<Record, Long> createdAt = column("created_at", BIGINT);
    final TableField<Record, Short> place = column("place", SMALLINT);

    private ApiKey() {
      super("fluxy_api_key");
    }
  }

  static final class Room extends Table {
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> roomId = column("room_id", VARCHAR);
    final TableField<Record, Long> number = column("number", BIGINT);
    final TableField<Record, String> type = column("type", VARCHAR);
    final TableField<Record, String> name = column("name", VARCHAR);
    final TableField<Record, Long> createdAt = column("created_at", BIGINT);
    final TableField<Record, Long> deletedAt = column("deleted_at", BIGINT);
    final TableField<Record, Long> pinnedSeq = column("pinned_seq", BIGINT);
    final TableField<Record, Long> pinnedAt = column("pinned_at", BIGINT);
    final TableField<Record, String> pinnedBy = column("pinned_by", VARCHAR);

    private Room() {
      super("fluxy_room");
    }
  }

  static final class Log extends Table {
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, Long> seq = column("seq", BIGINT);
    final TableField<Record, Short> kind = column("kind", SMALLINT);
    final TableField<Record, Long> atMs = column("at_ms", BIGINT);
    final TableField<Record, String> userId = column("user_id", VARCHAR);
    final TableField<Record, Long> targetSeq = column("target_seq", BIGINT);
    final TableField<Record, String> clientId = column("client_id", VARCHAR);
    final TableField<Record, String> body = column("body", VARCHAR);
    final TableField<Record, String> extra = column("extra", VARCHAR);
    final TableField<Record, Integer> version = column("version", INTEGER);
    final TableField<Record, String> revised = column("revised", VARCHAR);
    final TableField<Record, Long> revisedAt = column("revised_at", BIGINT);
    final TableField<Record, Long> deletedAt = column("deleted_at", BIGINT);
    final TableField<Record, String> readers = column("readers", VARCHAR);

    private Log() {
      super("fluxy_log");
    }
  }

  static final class Reaction extends Table {
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, Long> targetSeq = column("target_seq", BIGINT);
    final TableField<Record, String> emoji = column("emoji", VARCHAR);
    final TableField<Record, String> userId = column("user_id", VARCHAR);
    final TableField<Record, Long> seq = column("seq", BIGINT);

    private Reaction() {
      super("fluxy_reaction");
    }
  }

  static final class Member extends Table {
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, String> userId = column("user_id", VARCHAR);
    final TableField<Record, String> role = column("role", VARCHAR);
    final TableField<Record, Long> joinedAt = column("joined_at", BIGINT);

    private Member() {
      super("fluxy_member");
    }
  }

  static final class Note extends Table {
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, Short> kind = column("kind", SMALLINT);
    final TableField<Record, Long> seq = column("seq", BIGINT);
    final TableField<Record, String> userId = column("user_id", VARCHAR);
    final TableField<Record, String> body = column("body", VARCHAR);
    final TableField<Record, Long> atMs = column("at_ms", BIGINT);

    private Note() {
      super("fluxy_note");
    }
  }

  static final class Expiry extends Table {
    final TableField<Record, Long> expiresAt = column("expires_at", BIGINT);
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, Long> seq = column("seq", BIGINT);

    private Expiry() {
      super("fluxy_expiry");
    }
  }

  static final class Read extends Table {
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, String> userId = column("user_id", VARCHAR);
    final TableField<Record, Long> seq = column("seq", BIGINT);

    private Read() {
      super("fluxy_read");
    }
  }

  static final class Template extends Table {
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> templateId = column("template_id", VARCHAR);
    final TableField<Record, String> name = column("name", VARCHAR);
    final TableField<Record, String> body = column("body", VARCHAR);
    final TableField<Record, Long> createdAt = column("created_at", BIGINT);
    final TableField<Record, Long> updatedAt = column("updated_at", BIGINT);

    private Template() {
      super("fluxy_template");
    }
  }

  static final class Stream extends Table {
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, Long> seq = column("seq", BIGINT);
    final TableField<Record, String> runId = column("run_id", VARCHAR);
    final TableField<Record, Long> beat = column("beat", BIGINT);

    private Stream() {
      super("fluxy_stream");
    }
  }

  static final class Agent extends Table {
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> agentId = column("agent_id", VARCHAR);
    final TableField<Record, String> handle = column("handle", VARCHAR);
    final TableField<Record, String> name = column("name", VARCHAR);
    final TableField<Record, String> body = column("body", VARCHAR);
    final TableField<Record, Long> createdAt = column("created_at", BIGINT);

    private Agent() {
      super("fluxy_agent");
    }
  }

  static final class Run extends Table {
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, String> runId = column("run_id", VARCHAR);
    final TableField<Record, String> agentId = column("agent_id", VARCHAR);
    final TableField<Record, String> status = column("status", VARCHAR);
    final TableField<Record, Long> atMs = column("at_ms", BIGINT);
    final TableField<Record, String> body = column("body", VARCHAR);

    private Run() {
      super("fluxy_run");
    }
  }

  static final class Webhook extends Table {
    final TableField<Record, String> webhookId = column("webhook_id", VARCHAR);
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> url = column("url", VARCHAR);
    final TableField<Record, String> secret = column("secret", VARCHAR);
    final TableField<Record, String> eventTypes = column("event_types", VARCHAR);
    final TableField<Record, Long> createdAt = column("created_at", BIGINT);
    final TableField<Record, String> leasedBy = column("leased_by", VARCHAR);
    final TableField<Record, Long> leasedUntil = column("leased_until", BIGINT);

    private Webhook() {
      super("fluxy_webhook");
    }
  }

  static final class Delivery extends Table {
    final TableField<Record, String> deliveryId = column("delivery_id", VARCHAR);
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> webhookId = column("webhook_id", VARCHAR);
    final TableField<Record, String> eventType = column("event_type", VARCHAR);
    final TableField<Record, String> lane = column("lane", VARCHAR);
    final TableField<Record, Long> seq = column("seq", BIGINT);
    final TableField<Record, String> payload = column("payload", VARCHAR);
    final TableField<Record, Integer> status = column("status", INTEGER);
    final TableField<Record, Integer> attempts = column("attempts", INTEGER);
    final TableField<Record, Long> nextAttemptAt = column("next_attempt_at", BIGINT);
    final TableField<Record, Integer> lastHttpStatus = column("last_http_status", INTEGER);
    final TableField<Record, String> lastError = column("last_error", VARCHAR);
    final TableField<Record, Long> deliveredAt = column("delivered_at", BIGINT);
    final TableField<Record, Long> createdAt = column("created_at", BIGINT);
    final TableField<Record, Long> updatedAt = column("updated_at", BIGINT);

    private Delivery() {
      super("fluxy_delivery");
    }
  }

  static final class Pending extends Table {
    final TableField<Record, String> pendingId = column("pending_id", VARCHAR);
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, String> userId = column("user_id", VARCHAR);
    final TableField<Record, String> clientId = column("client_id", VARCHAR);
    final TableField<Record, String> draft = column("draft", VARCHAR);
    final TableField<Record, Long> createdAt = column("created_at", BIGINT);
    final TableField<Record, Long> place = column("place", BIGINT);
    final TableField<Record, Long> refusedAt = column("refused_at", BIGINT);
    final TableField<Record, String> reason = column("reason", VARCHAR);

    private Pending() {
      super("fluxy_pending");
    }
  }

  static final class Sanctioned extends Table {
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, String> userId = column("user_id", VARCHAR);
    final TableField<Record, Long> mutedUntil = column("muted_until", BIGINT);
    final TableField<Record, Long> bannedUntil = column("banned_until", BIGINT);
    final TableField<Record, Long> blocked = column("blocked", BIGINT);

    private Sanctioned() {
      super("fluxy_sanction");
    }
  }

  static final class Report extends Table {
    final TableField<Record, String> reportId = column("report_id", VARCHAR);
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> roomId = column("room_id", VARCHAR);
    final TableField<Record, String> userId = column("user_id", VARCHAR);
    final TableField<Record, Long> messageId = column("message_id", BIGINT);
    final TableField<Record, String> reason = column("reason", VARCHAR);
    final TableField<Record, Long> createdAt = column("created_at", BIGINT);

    private Report() {
      super("fluxy_report");
    }
  }

  static final class Audit extends Table {
    final TableField<Record, String> auditId = column("audit_id", VARCHAR);
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> actor = column("actor", VARCHAR);
    final TableField<Record, String> actorRoles = column("actor_roles", VARCHAR);
    final TableField<Record, String> action = column("action", VARCHAR);
    final TableField<Record, String> targetType = column("target_type", VARCHAR);
    final TableField<Record, String> targetId = column("target_id", VARCHAR);
    final TableField<Record, String> traceId = column("trace_id", VARCHAR);
    final TableField<Record, String> metadata = column("metadata", VARCHAR);
    final TableField<Record, Long> createdAt = column("created_at", BIGINT);

    private Audit() {
      super("fluxy_audit");
    }
  }

  static final class Usage extends Table {
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> month = column("month_key", VARCHAR);
    final TableField<Record, String> metric = column("metric", VARCHAR);
    final TableField<Record, Long> used = column("used", BIGINT);

    private Usage() {
      super("fluxy_usage");
    }
  }

  static final class ProjectState extends Table {
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> plan = column("plan", VARCHAR);
    final TableField<Record, String> previousSecret = column("previous_secret", VARCHAR);
    final TableField<Record, Long> previousUntil = column("previous_until", BIGINT);

    private ProjectState() {
      super("fluxy_project_state");
    }
  }

  static final class KeyEnd extends Table {
    final TableField<Record, String> hash = column("hash", VARCHAR);
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, Long> validUntil = column("valid_until", BIGINT);

    private KeyEnd() {
      super("fluxy_api_key_end");
    }
  }

  static final class Attachment extends Table {
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> attachmentId = column("attachment_id", VARCHAR);
    final TableField<Record, String> roomId = column("room_id", VARCHAR);
    final TableField<Record, String> userId = column("user_id", VARCHAR);
    final TableField<Record, String> name = column("name", VARCHAR);
    final TableField<Record, String> contentType = column("content_type", VARCHAR);
    final TableField<Record, Long> sizeBytes = column("size_bytes", BIGINT);
    final TableField<Record, Long> createdAt = column("created_at", BIGINT);
    final TableField<Record, Long> seq = column("seq", BIGINT);
    final TableField<Record, Integer> doomed = column("doomed", INTEGER);

    private Attachment() {
      super("fluxy_attachment");
    }
  }

  static final class Reply extends Table {
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, Long> parentSeq = column("parent_seq", BIGINT);
    final TableField<Record, Long> seq = column("seq", BIGINT);
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, String> userId = column("user_id", VARCHAR);
    final TableField<Record, String> parentUserId = column("parent_user_id", VARCHAR);
    final TableField<Record, Long> atMs = column("at_ms", BIGINT);
    final TableField<Record, String> readers = column("readers", VARCHAR);

    private Reply() {
      super("fluxy_reply");
    }
  }

  static final class Mention extends Table {
    final TableField<Record, Long> roomKey = column("room_key", BIGINT);
    final TableField<Record, Long> seq = column("seq", BIGINT);
    final TableField<Record, String> userId = column("user_id", VARCHAR);
    final TableField<Record, String> projectId = column("project_id", VARCHAR);
    final TableField<Record, Long> atMs = column("at_ms", BIGINT);

    private Mention() {
      super("fluxy_mention");
    }
  }
}
