package io.fluxy.store.jdbc;

import static io.fluxy.store.jdbc.Sql.bind;
import static io.fluxy.store.jdbc.Sql.is;
import static io.fluxy.store.jdbc.Sql.max;
import static io.fluxy.store.jdbc.Tables.TEMPLATE;

import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.SelectConditionStep;

/** Every statement on templates. Its binds are in the order in which they are told here. */
final class TemplateSql {
  /** By name: project, max. */
  final String list;

  /** Project, template. */
  final String find;

  /** Id of the template with a name: project, name. */
  final String named;

  /** How many: project. */
  final String count;

  /** Name, body, time, project, template. */
  final String change;

  /** Project, template, name, body, made, changed. */
  final String add;

  /** Project, template. */
  final String remove;

  private final DSLContext jooq;

  TemplateSql(DSLContext jooq) {
    this.jooq = jooq;
    list = jooq.render(templates(is(TEMPLATE.projectId)).orderBy(TEMPLATE.name).limit(max()));
    find = jooq.render(templates(is(TEMPLATE.projectId), is(TEMPLATE.templateId)));
    named =
        jooq.render(
            jooq.select(TEMPLATE.templateId)
                .from(TEMPLATE)
                .where(is(TEMPLATE.projectId), is(TEMPLATE.name)));
    count = jooq.render(jooq.selectCount().from(TEMPLATE).where(is(TEMPLATE.projectId)));
    change =
        jooq.render(
            jooq.update(TEMPLATE)
                .set(TEMPLATE.name, bind(TEMPLATE.name))
                .set(TEMPLATE.body, bind(TEMPLATE.body))
                .set(TEMPLATE.updatedAt, bind(TEMPLATE.updatedAt))
                .where(is(TEMPLATE.projectId), is(TEMPLATE.templateId)));
    add =
        jooq.render(
            Sql.insert(
                jooq,
                TEMPLATE,
                TEMPLATE.projectId,
                TEMPLATE.templateId,
                TEMPLATE.name,
                TEMPLATE.body,
                TEMPLATE.createdAt,
                TEMPLATE.updatedAt));
    remove =
        jooq.render(
            jooq.deleteFrom(TEMPLATE).where(is(TEMPLATE.projectId), is(TEMPLATE.templateId)));
  }

  private SelectConditionStep<?> templates(Condition... where) {
    return jooq.select(
            TEMPLATE.templateId,
            TEMPLATE.name,
            TEMPLATE.body,
            TEMPLATE.createdAt,
            TEMPLATE.updatedAt)
        .from(TEMPLATE)
        .where(where);
  }
}
