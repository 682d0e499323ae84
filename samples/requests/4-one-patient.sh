#!/usr/bin/env bash
# What a patient's own token opens: that patient's data and nothing else. Another patient is not forbidden, but not there.
set -euo pipefail
. "$(dirname "$0")/here.sh"
TOKEN=$(everybody)
mine=$(id_of BW100001)
other=$(id_of BW100002)

TOKEN=$(one_patient "$mine")
get "Patient/$mine?_elements=name"
get "Observation?_sort=-date&_count=2&_elements=code,valueQuantity"
get "Patient?_elements=id"
get "Patient/$other"
get "Observation?patient=$other"
