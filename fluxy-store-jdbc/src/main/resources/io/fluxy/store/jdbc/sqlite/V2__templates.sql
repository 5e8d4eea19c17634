-- Texts with holes that a project has named, to send them again and again.
create table if not exists fluxy_template (
  project_id text not null,
  template_id text not null,
  name text not null,
  body text not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (project_id, template_id),
  unique (project_id, name)
) strict, without rowid;
