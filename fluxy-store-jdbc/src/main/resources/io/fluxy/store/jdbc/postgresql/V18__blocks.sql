-- Whether the other one of a dm has blocked the user: 1, or 0 if not.
--
-- kind        user_id   body   extra (JSON)
-- 20 sanction by whom   who    sanction: block or unblock, beside those of V11
alter table fluxy_sanction add column if not exists blocked bigint default 0 not null;
