-- Each index costs every message something on its way in; the states that people look for share one.
drop index journal_failed;
drop index journal_duplicate;
create index journal_unstored on journal (state, id) where state in ('failed', 'duplicate');
