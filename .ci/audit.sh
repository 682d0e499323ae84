# Whether a package that is used has a known weakness: those of the server and its tests (NuGet), and those of the clients in tests/clients (npm).
# Sourced by `test`. Each check prints one line and adds to passed, failed or skipped; where its source cannot be asked it is skipped, never passed.

# check NAME KNOWN MISSING OUTPUT: KNOWN are lines that name a weakness, MISSING those that say that nobody could be asked.
audit_verdict() {
  local name=$1 known=$2 missing=$3
  if [ -n "$known" ]; then
    echo "audit of $name: packages with known weaknesses"
    echo "$known" | sort -u | head -n 30
    failed=$((failed + 1))
  elif [ -n "$missing" ]; then
    echo "audit of $name: skipped, no source of known weaknesses can be asked"
    skipped=$((skipped + 1))
  else
    echo "audit of $name: no known weakness"
    passed=$((passed + 1))
  fi
}

# NU1901 to NU1904 name a weakness; NU1900 and NU1905 say that the source does not answer or knows of none.
audit_nuget() {
  local folder output code
  folder=$(mktemp -d)
  cat >"$folder/nuget.config" <<'CONFIG'
<configuration>
  <auditSources>
    <clear />
    <add key="audit" value="https://api.nuget.org/v3/index.json" />
  </auditSources>
</configuration>
CONFIG
  output=$(timeout 90 dotnet restore FhirFacade.sln --force --configfile "$folder/nuget.config" -v q --nologo \
    -p:NuGetAudit=true -p:NuGetAuditMode=all -p:NuGetAuditLevel=low -p:TreatWarningsAsErrors=false 2>&1)
  code=$?
  rm -rf "$folder"
  [ "$code" -eq 0 ] || output+=$'\nNU1900'
  audit_verdict "NuGet packages" "$(grep -oE 'NU190[1-4]: .*' <<<"$output" | sed 's/ \[.*//')" "$(grep -oE 'NU190[05]' <<<"$output")"
}

audit_npm() {
  local folder output known="" missing=""
  for folder in tests/clients tests/clients/issuer; do
    output=$(command -v npm >/dev/null && cd "$folder" && timeout 60 npm audit --package-lock-only --json 2>/dev/null)
    if grep -q '"auditReportVersion"' <<<"$output"; then
      known+=$(grep -oE '"severity": *"(low|moderate|high|critical)"' <<<"$output" | sed "s|^|$folder |")
    else
      missing=unknown
    fi
  done
  audit_verdict "npm packages" "$known" "$missing"
}
