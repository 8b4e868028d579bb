# shellcheck shell=bash
# Completions of pgtool for bash. Made by `pgtool generate bash`: change nothing here.

# Sets `options`, the command's: names of one joined by "|", "+" before those that may be repeated.
# When the word is one that takes a value, sets `kind` and `choices` to what the value is.
_pgtool_option() { # COMMAND WORD
  case $1 in
    detect)
      options+=('--all' '--no-probe')
      ;;
  esac
  case $1 in
    detect|migrate|manage|endpoint|schema-move|check|preflight|lint|explain)
      options+=('--project' '--manage' '--python' '--settings' '--config' '--database' '--pooled-url' '--direct-url' '+--console-url' '+--pooler-config' '--connect-timeout' '--trust-origin' '--output' '--fail-level' '--color' '-v|--verbosity' '-q|--quiet')
      case $2 in
        --project) kind=folder ;;
        --manage) kind=program ;;
        --python) kind=program ;;
        --settings) kind=nothing ;;
        --config) kind=file ;;
        --database) kind=alias ;;
        --pooled-url) kind=nothing ;;
        --direct-url) kind=nothing ;;
        --console-url) kind=nothing ;;
        --pooler-config) kind=file ;;
        --connect-timeout) kind=nothing ;;
        --output) kind=file ;;
        --fail-level) kind=choices choices='error warning info' ;;
        --color) kind=choices choices='auto always never' ;;
        -v|--verbosity) kind=choices choices='0 1 2 3' ;;
      esac
      ;;
  esac
  case $1 in
    detect|migrate|manage|endpoint|check|preflight|lint|explain)
      options+=('+--accept')
      case $2 in
        --accept) kind=choices choices='session schema-differs' ;;
      esac
      ;;
  esac
  case $1 in
    detect|migrate|manage|schema-move|check|preflight|lint|explain)
      options+=('--format')
      case $2 in
        --format) kind=choices choices='text json sarif junit github gitlab' ;;
      esac
      ;;
  esac
  case $1 in
    detect|migrate|manage|endpoint|schema-move|check|preflight|lint|explain|generate)
      options+=('-h|--help' '--version')
      ;;
  esac
  case $1 in
    migrate)
      options+=('--lock-timeout' '--statement-timeout' '--retries' '--retry-delay' '--max-transaction-age' '--cancel-when-queued' '--terminate-idle-in-transaction' '--trace' '--reconnect-pooler' '--plan' '--check' '--fake' '--fake-initial' '--prune' '--run-syncdb' '--noinput|--no-input' '--skip-checks' '--traceback' '--no-color' '--force-color' '--pythonpath')
      case $2 in
        --lock-timeout) kind=nothing ;;
        --statement-timeout) kind=nothing ;;
        --retries) kind=nothing ;;
        --retry-delay) kind=nothing ;;
        --max-transaction-age) kind=nothing ;;
        --cancel-when-queued) kind=nothing ;;
        --terminate-idle-in-transaction) kind=nothing ;;
        --trace) kind=file ;;
        --pythonpath) kind=folder ;;
      esac
      ;;
  esac
  case $1 in
    migrate|manage)
      options+=('--direct' '--allow-pooled')
      ;;
  esac
  case $1 in
    migrate|manage|schema-move)
      options+=('--wait' '--no-wait')
      case $2 in
        --wait) kind=nothing ;;
      esac
      ;;
  esac
  case $1 in
    manage)
      options+=('--lock')
      ;;
  esac
  case $1 in
    endpoint)
      options+=('--prefer' '--fallback' '--names' '--show-password' '--exec' '--format')
      case $2 in
        --prefer) kind=choices choices='pooled direct' ;;
        --fallback) kind=choices choices='pooled direct none' ;;
        --names) kind=choices choices='libpq url django article' ;;
        --format) kind=choices choices='text json sarif junit github gitlab url shell dotenv' ;;
      esac
      ;;
  esac
  case $1 in
    schema-move)
      options+=('--to' '--from' '--plan' '--yes' '--verify' '--undo' '--finish' '+--only' '+--exclude' '--tables-of-django' '+--role' '--cluster-wide' '--strategy' '--protect-old' '--lock-timeout' '--move-timeout' '--drain-timeout' '--pause-timeout' '--terminate-stale' '+--accept')
      case $2 in
        --to) kind=nothing ;;
        --from) kind=nothing ;;
        --only) kind=nothing ;;
        --exclude) kind=nothing ;;
        --role) kind=nothing ;;
        --strategy) kind=choices choices='expand pause offline' ;;
        --lock-timeout) kind=nothing ;;
        --move-timeout) kind=nothing ;;
        --drain-timeout) kind=nothing ;;
        --pause-timeout) kind=nothing ;;
        --accept) kind=choices choices='session schema-differs name-clash name-shadowed event-trigger missing-privilege default-privileges too-many-locks replicated-table path-set-by-client path-set-by-pooler path-not-seen no-path-leads-there path-changed not-in-place cluster-wide-undo function-names-schema function-path job-names-schema setting-names-schema database-path role-not-changed role-in-use quoted-db-table no-recycling hidden-sessions standby-sessions alias-not-examined' ;;
      esac
      ;;
  esac
  case $1 in
    check)
      options+=('--fix' '-y|--yes')
      ;;
  esac
  case $1 in
    check|preflight|lint)
      options+=('+--select' '+--ignore' '--baseline' '--update-baseline')
      case $2 in
        --select) kind=choices choices='statement-mode server-side-cursors search-path-option search-path-conflict startup-options-refused startup-options-ignored assume-role session-settings-on-connect server-side-binding persistent-connections driver-pool atomic-requests time-zone-round-trip direct-endpoint-missing direct-endpoint-unreachable direct-endpoint-is-pooled package-needs-session admin-is-application auth-file-readable auth-md5 auth-plain auth-trust config-broken config-deprecated-key config-inline-comment config-not-loaded config-unknown-key connect-query-settings idle-transaction-timeout known-vulnerability listen-all-addresses max-client-conn pool-exceeds-server query-timeout query-wait-timeout reset-query-always search-path-tracking server-lifetime tls-off transaction-timeout variable-not-read forced-user pair-not-compared unknown-alias lock-not-had invalid-index constraint-not-valid phantom-table second-django-migrations no-create-privilege schema-missing advisory-lock-stranded conflicting-migrations unrecorded-migration sequence-behind cached-plans disk-short name-clash name-shadowed event-trigger missing-privilege default-privileges too-many-locks replicated-table path-set-by-client path-set-by-pooler path-not-seen no-path-leads-there path-changed not-in-place cluster-wide-undo function-names-schema function-path job-names-schema setting-names-schema database-path role-not-changed role-in-use quoted-db-table no-recycling hidden-sessions standby-sessions alias-not-examined stale-path django-misses-table unapplied-migrations add-check-constraint add-column-auto-increment add-column-constant-default add-column-constrained-domain add-column-generated-stored add-column-volatile-default add-exclusion-constraint add-foreign-key add-primary-key add-unique-constraint alter-column-type alter-domain-add-constraint attach-partition-scan create-trigger-brief-lock detach-partition-not-concurrent drop-index-not-concurrent explicit-lock-table index-not-concurrent multiple-tables-locked refresh-matview-not-concurrent reindex-not-concurrent set-access-method set-logged-unlogged set-not-null set-tablespace statement-after-access-exclusive vacuum-full-cluster validate-in-same-transaction add-column-not-null-no-default concurrently-if-not-exists-invalid concurrently-in-transaction concurrently-unsupported-form enum-add-value-in-transaction invalid-syntax-or-unsupported partitioned-fk-not-valid conflicting-leaf-nodes iterator-outside-transaction runpython-mixed-with-schema runpython-model-import runpython-not-reversible runsql-not-reversible rename-column rename-table rename-enum-value rename-schema move-table-schema drop-column drop-view drop-not-null add-required-column-default-dropped drop-table drop-schema drop-database truncate truncate-cascade delete-without-where update-without-where disable-trigger drop-constraint opaque-dynamic-sql transaction-nesting uncommitted-transaction set-local-outside-transaction session-set-under-pooler set-role-under-pooler session-advisory-lock-under-pooler temp-table-under-pooler sql-prepare-under-pooler with-hold-cursor-under-pooler listen-under-pooler load-under-pooler discard-under-pooler currval-under-pooler' ;;
        --ignore) kind=choices choices='statement-mode server-side-cursors search-path-option search-path-conflict startup-options-refused startup-options-ignored assume-role session-settings-on-connect server-side-binding persistent-connections driver-pool atomic-requests time-zone-round-trip direct-endpoint-missing direct-endpoint-unreachable direct-endpoint-is-pooled package-needs-session admin-is-application auth-file-readable auth-md5 auth-plain auth-trust config-broken config-deprecated-key config-inline-comment config-not-loaded config-unknown-key connect-query-settings idle-transaction-timeout known-vulnerability listen-all-addresses max-client-conn pool-exceeds-server query-timeout query-wait-timeout reset-query-always search-path-tracking server-lifetime tls-off transaction-timeout variable-not-read forced-user pair-not-compared unknown-alias lock-not-had invalid-index constraint-not-valid phantom-table second-django-migrations no-create-privilege schema-missing advisory-lock-stranded conflicting-migrations unrecorded-migration sequence-behind cached-plans disk-short name-clash name-shadowed event-trigger missing-privilege default-privileges too-many-locks replicated-table path-set-by-client path-set-by-pooler path-not-seen no-path-leads-there path-changed not-in-place cluster-wide-undo function-names-schema function-path job-names-schema setting-names-schema database-path role-not-changed role-in-use quoted-db-table no-recycling hidden-sessions standby-sessions alias-not-examined stale-path django-misses-table unapplied-migrations add-check-constraint add-column-auto-increment add-column-constant-default add-column-constrained-domain add-column-generated-stored add-column-volatile-default add-exclusion-constraint add-foreign-key add-primary-key add-unique-constraint alter-column-type alter-domain-add-constraint attach-partition-scan create-trigger-brief-lock detach-partition-not-concurrent drop-index-not-concurrent explicit-lock-table index-not-concurrent multiple-tables-locked refresh-matview-not-concurrent reindex-not-concurrent set-access-method set-logged-unlogged set-not-null set-tablespace statement-after-access-exclusive vacuum-full-cluster validate-in-same-transaction add-column-not-null-no-default concurrently-if-not-exists-invalid concurrently-in-transaction concurrently-unsupported-form enum-add-value-in-transaction invalid-syntax-or-unsupported partitioned-fk-not-valid conflicting-leaf-nodes iterator-outside-transaction runpython-mixed-with-schema runpython-model-import runpython-not-reversible runsql-not-reversible rename-column rename-table rename-enum-value rename-schema move-table-schema drop-column drop-view drop-not-null add-required-column-default-dropped drop-table drop-schema drop-database truncate truncate-cascade delete-without-where update-without-where disable-trigger drop-constraint opaque-dynamic-sql transaction-nesting uncommitted-transaction set-local-outside-transaction session-set-under-pooler set-role-under-pooler session-advisory-lock-under-pooler temp-table-under-pooler sql-prepare-under-pooler with-hold-cursor-under-pooler listen-under-pooler load-under-pooler discard-under-pooler currval-under-pooler' ;;
        --baseline) kind=file ;;
      esac
      ;;
  esac
  case $1 in
    check|preflight)
      options+=('--offline' '+--require')
      case $2 in
        --require) kind=choices choices='live files django console' ;;
      esac
      ;;
  esac
  case $1 in
    lint)
      options+=('--transaction' '--pool-mode' '--server-version' '+--history' '+--app' '--since' '--unapplied' '--all-apps' '--live' '--timeline' '--calibrate' '--migrations-only' '--no-cache')
      case $2 in
        --transaction) kind=choices choices='file none' ;;
        --pool-mode) kind=choices choices='transaction session statement none' ;;
        --server-version) kind=nothing ;;
        --history) kind=file ;;
        --app) kind=nothing ;;
        --since) kind=nothing ;;
      esac
      ;;
  esac
}

# Sets `kind` and `choices` to what the words of a command are.
_pgtool_word() { # COMMAND
  case $1 in
    help) kind=choices choices='detect migrate manage endpoint schema-move check preflight lint explain generate' ;;
    lint) kind=file ;;
    explain) kind=choices choices='statement-mode server-side-cursors search-path-option search-path-conflict startup-options-refused startup-options-ignored assume-role session-settings-on-connect server-side-binding persistent-connections driver-pool atomic-requests time-zone-round-trip direct-endpoint-missing direct-endpoint-unreachable direct-endpoint-is-pooled package-needs-session admin-is-application auth-file-readable auth-md5 auth-plain auth-trust config-broken config-deprecated-key config-inline-comment config-not-loaded config-unknown-key connect-query-settings idle-transaction-timeout known-vulnerability listen-all-addresses max-client-conn pool-exceeds-server query-timeout query-wait-timeout reset-query-always search-path-tracking server-lifetime tls-off transaction-timeout variable-not-read forced-user pair-not-compared unknown-alias lock-not-had invalid-index constraint-not-valid phantom-table second-django-migrations no-create-privilege schema-missing advisory-lock-stranded conflicting-migrations unrecorded-migration sequence-behind cached-plans disk-short name-clash name-shadowed event-trigger missing-privilege default-privileges too-many-locks replicated-table path-set-by-client path-set-by-pooler path-not-seen no-path-leads-there path-changed not-in-place cluster-wide-undo function-names-schema function-path job-names-schema setting-names-schema database-path role-not-changed role-in-use quoted-db-table no-recycling hidden-sessions standby-sessions alias-not-examined stale-path django-misses-table unapplied-migrations add-check-constraint add-column-auto-increment add-column-constant-default add-column-constrained-domain add-column-generated-stored add-column-volatile-default add-exclusion-constraint add-foreign-key add-primary-key add-unique-constraint alter-column-type alter-domain-add-constraint attach-partition-scan create-trigger-brief-lock detach-partition-not-concurrent drop-index-not-concurrent explicit-lock-table index-not-concurrent multiple-tables-locked refresh-matview-not-concurrent reindex-not-concurrent set-access-method set-logged-unlogged set-not-null set-tablespace statement-after-access-exclusive vacuum-full-cluster validate-in-same-transaction add-column-not-null-no-default concurrently-if-not-exists-invalid concurrently-in-transaction concurrently-unsupported-form enum-add-value-in-transaction invalid-syntax-or-unsupported partitioned-fk-not-valid conflicting-leaf-nodes iterator-outside-transaction runpython-mixed-with-schema runpython-model-import runpython-not-reversible runsql-not-reversible rename-column rename-table rename-enum-value rename-schema move-table-schema drop-column drop-view drop-not-null add-required-column-default-dropped drop-table drop-schema drop-database truncate truncate-cascade delete-without-where update-without-where disable-trigger drop-constraint opaque-dynamic-sql transaction-nesting uncommitted-transaction set-local-outside-transaction session-set-under-pooler set-role-under-pooler session-advisory-lock-under-pooler temp-table-under-pooler sql-prepare-under-pooler with-hold-cursor-under-pooler listen-under-pooler load-under-pooler discard-under-pooler currval-under-pooler' ;;
    generate) kind=choices choices='all bash zsh fish pgtool.1 pgtool.yaml.5 pgtool-rules.7 pgtool-report.schema.json pgtool-detect.1 pgtool-migrate.1 pgtool-manage.1 pgtool-endpoint.1 pgtool-schema-move.1 pgtool-check.1 pgtool-preflight.1 pgtool-lint.1 pgtool-explain.1 pgtool-generate.1' ;;
  esac
}

# Offers the options that were not given yet.
_pgtool_options() {
  local option name
  for option in "${options[@]}"; do
    if [[ $option != +* ]]; then
      for name in ${option//|/ }; do
        [[ " ${words[*]:1:count-1} " != *" $name"[\ =]* ]] || continue 2
      done
    fi
    name=${option##*|}
    offered+=("${name#+}")
  done
}

# Offers those of the project that the line so far names.
_pgtool_aliases() { # PROGRAM
  mapfile -t offered < <(printf '%s\n' "${words[@]:1:count-1}" | "$1" complete aliases 2>/dev/null)
}

# True behind the name of another command, whose options and words are its own.
_pgtool_handed_on() { # COMMAND
  local kind choices at
  local -a options
  [[ $1 == @(manage|endpoint) ]] || return
  for ((at = 2; at < count; at++)); do
    [[ ${words[at]} == -?* ]] || return 0
    kind=''
    _pgtool_option "$1" "${words[at]}"
    [[ ! $kind ]] || ((++at))
  done
  return 1
}

_pgtool_offer() {
  local -a offered=()
  case $kind in
    options) _pgtool_options ;;
    choices) read -ra offered <<<"$choices" ;;
    alias) _pgtool_aliases "${1/#\~\//$HOME/}" ;;
    program) [[ ! $current || $current == */* ]] || mapfile -t offered < <(compgen -c -- "$current") ;;
    file) ;;
    folder) compopt -o dirnames ;;
    *) return ;;
  esac
  [[ $kind != @(file|program) ]] || compopt -o default
  local word
  for word in "${offered[@]}"; do
    [[ $word != "$current"* ]] || COMPREPLY+=("$before$word")
  done
}

_pgtool() {
  local line=${COMP_LINE:0:COMP_POINT} kind='' choices='' before='' current count
  local -a words=() options=()
  COMPREPLY=()
  # Not COMP_WORDS: bash has cut those at = and : already.
  read -d '' -ra words <<<"$line"
  [[ $line != *[[:space:]] ]] || words+=('')
  count=$((${#words[@]} - 1))
  current=${words[count]}
  if ((count < 2)); then
    kind=choices
    choices='detect migrate manage endpoint schema-move check preflight lint explain generate help'
    [[ $current != -* ]] || choices='--help --version'
  elif _pgtool_handed_on "${words[1]}"; then
    kind=file
  elif [[ " ${words[*]:2:count-2} " == *' -- '* ]]; then
    kind=nothing
  elif [[ $current == --*=* ]]; then
    _pgtool_option "${words[1]}" "${current%%=*}"
    [[ $COMP_WORDBREAKS == *=* ]] || before=${current%%=*}=
    current=${current#*=}
  else
    _pgtool_option "${words[1]}" "${words[count - 1]}"
    [[ $kind ]] || _pgtool_word "${words[1]}"
    [[ $kind && $current != -* ]] || kind=options
  fi
  _pgtool_offer "$1"
}

complete -F _pgtool pgtool
