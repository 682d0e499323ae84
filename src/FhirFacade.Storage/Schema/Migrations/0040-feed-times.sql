-- When the events happened that last spoke of each element of a resource, so that a message that comes late changes nothing that a
-- later event has said. Written with the resource, read with it; a resource without a row is older than any event.
create table feed_times (
  type text collate "C" not null,
  id text collate "C" not null,
  -- Milliseconds since 1970 in hexadecimal, ! where the message only presumed it, and the elements: 18f2a:status,period.end;18f2b!:class
  elements text collate "C" not null,
  primary key (type, id)
) with (fillfactor = 80);
