-- Texts with holes that a project has named, to send them again and again.
create table if not exists fluxy_template (
  project_id text collate "C" not null,
  template_id text collate "C" not null,
  name text collate "C" not null,
  body varchar not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (project_id, template_id),
  unique (project_id, name)
);
