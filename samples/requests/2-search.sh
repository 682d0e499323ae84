#!/usr/bin/env bash
# Searches: by name, by identifier through a reference, by what refers to it, with what it refers to, and by count.
set -euo pipefail
. "$(dirname "$0")/here.sh"
TOKEN=$(everybody)

get 'Patient?family=hollow&_elements=name,birthDate'
get 'Patient?birthdate=ge1980&_sort=birthdate&_count=2&_elements=name,birthDate'
get 'Observation?patient.identifier=BW100001&_sort=-date&_count=2&_elements=code,valueQuantity,effectiveDateTime'
get 'Patient?_has:Observation:subject:code=718-7&_elements=name'
get 'Encounter?status=in-progress&_include=Encounter:patient&_count=1'
get 'Observation?category=laboratory&_summary=count'
