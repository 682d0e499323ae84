# Read by the scripts beside it: where the server is and how it is asked.
#   BASE   its address, http://127.0.0.1:8080 unless set
#   DATA   its data directory, if it was started with --data
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../.." && pwd)
BASE=${BASE:-http://127.0.0.1:8080}
data=(${DATA:+--data "$DATA"})

# The token in a token endpoint's answer.
only_token() { sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/'; }

# A token of the demo client, which may read everything.
everybody() { curl -sSf -u demo:demo-secret -d grant_type=client_credentials -d 'scope=system/*.rs' "$BASE/oauth/token" | only_token; }

# A token for one patient's data, as a patient's app has it; the demo signs it.
one_patient() { "$home/run" token "${data[@]}" --scope 'patient/*.rs' --patient "$1"; }

# Says what comes, then asks with the token in $TOKEN.
get() {
  printf '\nGET %s\n' "$1"
  curl -sS -H "Authorization: Bearer $TOKEN" -w '\n' "$BASE/fhir/$1"
}

# The id of the patient with this medical record number.
id_of() {
  curl -sSf -H "Authorization: Bearer $TOKEN" "$BASE/fhir/Patient?identifier=$1&_elements=id" \
    | sed 's/.*"fullUrl":"[^"]*\/Patient\/\([^"]*\)".*/\1/'
}
