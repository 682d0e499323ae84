#!/usr/bin/env bash
# Gets a token as the demo client and shows what a request without one is told.
set -euo pipefail
. "$(dirname "$0")/here.sh"

echo "the server says where its token endpoint is:"
curl -sSf -w '\n' "$BASE/fhir/.well-known/smart-configuration"

echo "a token:"
curl -sSf -w '\n' -u demo:demo-secret -d grant_type=client_credentials -d 'scope=system/*.rs' "$BASE/oauth/token"

echo "without a token (401):"
curl -sS -w '\n%{http_code}\n' "$BASE/fhir/Patient"
