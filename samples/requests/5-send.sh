#!/usr/bin/env bash
# Sends a message in two ways, finds its patient, and looks at the journal. Sending it again changes nothing.
set -euo pipefail
. "$(dirname "$0")/here.sh"

message=$(mktemp)
trap 'rm -f "$message"' EXIT
printf '%s\r' \
  'MSH|^~\&|TOUR|NORTH|FHIRFACADE|NORTH|20260310081500+0000||ADT^A04^ADT_A01|TOUR-1|P|2.5.1' \
  'EVN|A04|20260310081500+0000' \
  'PID|1||TOUR-77^^^NORTH^MR||Wayfarer^Iris^^^^^L||19910702|F|||3 Mill Row^^Easton^^12345^USA^H' \
  'PV1|1|O|CLINIC^2^^NORTH' >"$message"

echo "by HTTP, which the demo allows from this machine; the answer is the ACK:"
curl -sSf -H 'Content-Type: application/hl7-v2' --data-binary "@$message" "$BASE/hl7v2" | tr '\r' '\n'

echo "by MLLP, the same once more:"
"$home/run" send "${data[@]}" "$message"

# A message that was acknowledged is on disk; its resources follow in a moment.
TOKEN=$(everybody)
for _ in 1 2 3 4 5 6 7 8 9 10; do
  curl -sSf -H "Authorization: Bearer $TOKEN" "$BASE/fhir/Patient?identifier=TOUR-77&_summary=count" | grep -q '"total":1' && break
  sleep 0.2
done
get 'Patient?identifier=TOUR-77'

printf '\nthe top of the journal, newest first:\n'
"$home/run" journal list "${data[@]}" | head -n 3
