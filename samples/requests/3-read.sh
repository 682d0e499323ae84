#!/usr/bin/env bash
# Reads one patient: now, laid out for people, as it was first, with its history, and only if it has changed.
set -euo pipefail
. "$(dirname "$0")/here.sh"
TOKEN=$(everybody)
id=$(id_of BW100001)

get "Patient/$id?_pretty=true"
get "Patient/$id/_history/1?_elements=name,meta"
get "Patient/$id/_history?_count=1"

printf '\nwith the version in hand (304):\n'
etag=$(curl -sSf -D - -o /dev/null -H "Authorization: Bearer $TOKEN" "$BASE/fhir/Patient/$id" | sed -n 's/^ETag: *\(.*\)\r$/\1/Ip')
curl -sS -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer $TOKEN" -H "If-None-Match: $etag" "$BASE/fhir/Patient/$id"
