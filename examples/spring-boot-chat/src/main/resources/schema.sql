create table if not exists orders (
  id varchar(36) primary key,
  customer varchar(100) not null,
  item varchar(100) not null,
  placed_at timestamp not null
);
