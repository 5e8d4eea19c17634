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
}
