package io.fluxy.store.jdbc;

import org.jooq.DSLContext;

/** All statements of a store, rendered for its database. */
final class Statements {
  final LogSql log;
  final PeopleSql people;
  final DirectorySql directory;
  final TemplateSql templates;
  final StreamSql streams;
  final RoomEnd roomEnd;
  final NoteSql notes;
  final FullText text;
  final ExpirySql expiries;
  final AgentSql agents;
  final WebhookSql webhooks;
  final OperatorSql operators;
  final AttachmentSql attachments;
  final FigureSql figures;
  final PendingSql pending;
  final ThreadSql threads;

  Statements(Database database) {
    DSLContext jooq = Sql.rendering(database.dialect());
    log = new LogSql(jooq);
    people = new PeopleSql(jooq);
    directory = new DirectorySql(jooq);
    templates = new TemplateSql(jooq);
    streams = new StreamSql(jooq);
    notes = new NoteSql(jooq);
    expiries = new ExpirySql(jooq);
    roomEnd = new RoomEnd(jooq, database.fullText());
    text = database.fullText();
    agents = new AgentSql(jooq);
    webhooks = new WebhookSql(jooq);
    operators = new OperatorSql(jooq);
    attachments = new AttachmentSql(jooq);
    figures = new FigureSql(jooq);
    pending = new PendingSql(jooq);
    threads = new ThreadSql(jooq);
  }
}
