# Completions of pgtool for fish. Made by `pgtool generate fish`: change nothing here.

function __pgtool_in
    set -l words (commandline -opc)
    set -q words[2]; and contains -- $words[2] $argv; and not contains -- -- $words; and not __pgtool_handed_on
end

# True behind the name of another command, whose options and words are its own.
function __pgtool_handed_on
    set -l words (commandline -opc)
    set -q words[2]; and contains -- $words[2] manage endpoint; or return
    set -l is_value no
    for word in $words[3..]
        if test $is_value = yes
            set is_value no
        else if contains -- $word --wait --project --manage --python --settings --config --database --pooled-url --direct-url --console-url --pooler-config --connect-timeout --accept --format --output --fail-level --color -v --verbosity --prefer --fallback --names
            set is_value yes
        else if not string match -qr '^-.' -- $word
            return 0
        end
    end
    return 1
end

# True when none of the options was given; the last word counts only with `flag` as the first
# argument: after anything else its value is typed just now.
function __pgtool_lacks
    set -l words (commandline -opc)
    if test $argv[1] != flag
        set -e words[-1]
    end
    for name in $argv[2..]
        if string match -q -- $name $words; or string match -q -- "$name=*" $words
            return 1
        end
    end
end

function __pgtool_aliases
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    printf '%s\n' $words[2..] | $program complete aliases 2>/dev/null
end

complete -c pgtool -f
complete -c pgtool -n __pgtool_handed_on -F
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -s h -l help -d 'Print help'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -l version -d 'Print the versions'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -a detect -d 'Name the pooler and prove where the real PostgreSQL is'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -a migrate -d 'Run Django\'s migrate past the pooler'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -a manage -d 'Run another management command past the pooler'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -a endpoint -d 'Print the endpoint to use: pooled, or direct when it is down'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -a schema-move -d 'Move a live database\'s objects to a schema of their own'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -a check -d 'Judge pooler, Django and database settings against each other'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -a preflight -d 'Everything a deploy should know, for CI; changes nothing'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -a lint -d 'Judge migrations\' SQL and the project\'s source'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -a explain -d 'What a rule means, why, and how to mend what it finds'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -a generate -d 'Print a man page or the completions for a shell'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -a help -d 'Explain a command'
complete -c pgtool -n '__pgtool_in help' -f -a 'detect migrate manage endpoint schema-move check preflight lint explain generate'
complete -c pgtool -n '__pgtool_in lint' -F
complete -c pgtool -n '__pgtool_in explain' -f -a 'statement-mode server-side-cursors search-path-option search-path-conflict startup-options-refused startup-options-ignored assume-role session-settings-on-connect server-side-binding persistent-connections driver-pool atomic-requests time-zone-round-trip direct-endpoint-missing direct-endpoint-unreachable direct-endpoint-is-pooled package-needs-session admin-is-application auth-file-readable auth-md5 auth-plain auth-trust config-broken config-deprecated-key config-inline-comment config-not-loaded config-unknown-key connect-query-settings idle-transaction-timeout known-vulnerability listen-all-addresses max-client-conn pool-exceeds-server query-timeout query-wait-timeout reset-query-always search-path-tracking server-lifetime tls-off transaction-timeout variable-not-read forced-user pair-not-compared unknown-alias lock-not-had invalid-index constraint-not-valid phantom-table second-django-migrations no-create-privilege schema-missing advisory-lock-stranded conflicting-migrations unrecorded-migration sequence-behind cached-plans disk-short name-clash name-shadowed event-trigger missing-privilege default-privileges too-many-locks replicated-table path-set-by-client path-set-by-pooler path-not-seen no-path-leads-there path-changed not-in-place cluster-wide-undo function-names-schema function-path job-names-schema setting-names-schema database-path role-not-changed role-in-use quoted-db-table no-recycling hidden-sessions standby-sessions alias-not-examined stale-path django-misses-table unapplied-migrations add-check-constraint add-column-auto-increment add-column-constant-default add-column-constrained-domain add-column-generated-stored add-column-volatile-default add-exclusion-constraint add-foreign-key add-primary-key add-unique-constraint alter-column-type alter-domain-add-constraint attach-partition-scan create-trigger-brief-lock detach-partition-not-concurrent drop-index-not-concurrent explicit-lock-table index-not-concurrent multiple-tables-locked refresh-matview-not-concurrent reindex-not-concurrent set-access-method set-logged-unlogged set-not-null set-tablespace statement-after-access-exclusive vacuum-full-cluster validate-in-same-transaction add-column-not-null-no-default concurrently-if-not-exists-invalid concurrently-in-transaction concurrently-unsupported-form enum-add-value-in-transaction invalid-syntax-or-unsupported partitioned-fk-not-valid conflicting-leaf-nodes iterator-outside-transaction runpython-mixed-with-schema runpython-model-import runpython-not-reversible runsql-not-reversible rename-column rename-table rename-enum-value rename-schema move-table-schema drop-column drop-view drop-not-null add-required-column-default-dropped drop-table drop-schema drop-database truncate truncate-cascade delete-without-where update-without-where disable-trigger drop-constraint opaque-dynamic-sql transaction-nesting uncommitted-transaction set-local-outside-transaction session-set-under-pooler set-role-under-pooler session-advisory-lock-under-pooler temp-table-under-pooler sql-prepare-under-pooler with-hold-cursor-under-pooler listen-under-pooler load-under-pooler discard-under-pooler currval-under-pooler'
complete -c pgtool -n '__pgtool_in generate' -f -a 'all bash zsh fish pgtool.1 pgtool.yaml.5 pgtool-rules.7 pgtool-report.schema.json pgtool-detect.1 pgtool-migrate.1 pgtool-manage.1 pgtool-endpoint.1 pgtool-schema-move.1 pgtool-check.1 pgtool-preflight.1 pgtool-lint.1 pgtool-explain.1 pgtool-generate.1'
complete -c pgtool -n '__pgtool_in detect; and __pgtool_lacks flag --all' -l all -d 'Look at every alias and every configuration found'
complete -c pgtool -n '__pgtool_in detect; and __pgtool_lacks flag --no-probe' -l no-probe -d 'Do not try out the pool mode where nobody tells it'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --project' -l project -r -f -a '(__fish_complete_directories (commandline -ct) "")' -d 'Folder of the Django project'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --manage' -l manage -r -a '(__fish_complete_command)' -F -d 'Command that starts the project, if not manage.py'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --python' -l python -r -a '(__fish_complete_command)' -F -d 'Python that runs the project'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --settings' -l settings -r -f -d 'Settings module, as for manage.py'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --config' -l config -r -F -d 'Use this file, not the pgtool.yaml that is found'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --database' -l database -r -f -a '(__pgtool_aliases)' -d 'Alias in settings.DATABASES (default: default)'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --pooled-url' -l pooled-url -r -f -d 'The database through the pooler'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --direct-url' -l direct-url -r -f -d 'The database past the pooler'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain' -l console-url -r -f -d 'The pooler\'s admin console; once per process'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain' -l pooler-config -r -F -d 'The pooler\'s pgbouncer.ini, compose file or manifest'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --connect-timeout' -l connect-timeout -r -f -d 'Seconds for one connect (default: 2)'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks flag --trust-origin' -l trust-origin -d 'Send the password also to hosts that were only found'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --output' -l output -r -F -d 'Write the result to a file'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --fail-level' -l fail-level -r -f -a 'error warning info' -d 'Least severity that fails: error, warning, info'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value --color' -l color -r -f -a 'auto always never' -d 'Colours: auto, always, never'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks value -v --verbosity' -s v -l verbosity -r -f -a '0 1 2 3' -d 'How much is said, as for manage.py: 0, 1, 2, 3'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain; and __pgtool_lacks flag -q --quiet' -s q -l quiet -d 'Say only the verdict and what objects to it'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint check preflight lint explain' -l accept -r -f -a 'session schema-differs' -d 'Go on with less proof: session, schema-differs'
complete -c pgtool -n '__pgtool_in detect migrate manage schema-move check preflight lint explain; and __pgtool_lacks value --format' -l format -r -f -a 'text json sarif junit github gitlab' -d 'Form of the result: text, json, sarif, junit, github, gitlab'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain generate; and __pgtool_lacks flag -h --help' -s h -l help -d 'Print this help'
complete -c pgtool -n '__pgtool_in detect migrate manage endpoint schema-move check preflight lint explain generate; and __pgtool_lacks flag --version' -l version -d 'Print the versions of pgtool and its libraries'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks value --lock-timeout' -l lock-timeout -r -f -d 'How long a lock may be waited for; 0: any time (default: 2s)'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks value --statement-timeout' -l statement-timeout -r -f -d 'How long a statement may take; 0: any time'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks value --retries' -l retries -r -f -d 'Further tries when a lock is not had (default: 9)'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks value --retry-delay' -l retry-delay -r -f -d 'Pause before the next try, doubled each time (default: 3s)'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks value --max-transaction-age' -l max-transaction-age -r -f -d 'Wait first for older ones; 0: for none (default: 2s)'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks value --cancel-when-queued' -l cancel-when-queued -r -f -d 'Give up a lock that N sessions wait behind (default: 0)'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks value --terminate-idle-in-transaction' -l terminate-idle-in-transaction -r -f -d 'End idle sessions in the way that are older'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks value --trace' -l trace -r -F -d 'Append what happens to a file, as JSON lines'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --reconnect-pooler' -l reconnect-pooler -d 'Renew the pooler\'s sessions after tables have changed'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --plan' -l plan -d 'List what would run'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --check' -l check -d 'Exit non-zero when migrations are not applied'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --fake' -l fake -d 'Record migrations as applied without running them'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --fake-initial' -l fake-initial -d 'Fake initial migrations whose tables exist'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --prune' -l prune -d 'Forget applied migrations that have no file'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --run-syncdb' -l run-syncdb -d 'Create the tables of apps without migrations'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --noinput --no-input' -l noinput -l no-input -d 'Ask no questions'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --skip-checks' -l skip-checks -d 'Skip the system checks'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --traceback' -l traceback -d 'Show tracebacks of command errors'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --no-color' -l no-color -d 'No colours'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks flag --force-color' -l force-color -d 'Colours in every case'
complete -c pgtool -n '__pgtool_in migrate; and __pgtool_lacks value --pythonpath' -l pythonpath -r -f -a '(__fish_complete_directories (commandline -ct) "")' -d 'Folder to add to Python\'s path'
complete -c pgtool -n '__pgtool_in migrate manage; and __pgtool_lacks flag --direct' -l direct -d 'Demand the proof of a direct endpoint in every case'
complete -c pgtool -n '__pgtool_in migrate manage; and __pgtool_lacks flag --allow-pooled' -l allow-pooled -d 'Go through the pooler when nothing is proved'
complete -c pgtool -n '__pgtool_in migrate manage schema-move; and __pgtool_lacks value --wait' -l wait -r -f -d 'How long to wait for another deploy (default: 10m)'
complete -c pgtool -n '__pgtool_in migrate manage schema-move; and __pgtool_lacks flag --no-wait' -l no-wait -d 'Give up at once when another deploy runs'
complete -c pgtool -n '__pgtool_in manage; and __pgtool_lacks flag --lock' -l lock -d 'Take the deploy lock, as commands named migrate… do'
complete -c pgtool -n '__pgtool_in endpoint; and __pgtool_lacks value --prefer' -l prefer -r -f -a 'pooled direct' -d 'The endpoint that is tried first: pooled, direct'
complete -c pgtool -n '__pgtool_in endpoint; and __pgtool_lacks value --fallback' -l fallback -r -f -a 'pooled direct none' -d 'The one that is used when that does not answer: pooled, direct, none'
complete -c pgtool -n '__pgtool_in endpoint; and __pgtool_lacks value --names' -l names -r -f -a 'libpq url django article' -d 'Whose names the variables get: libpq, url, django, article'
complete -c pgtool -n '__pgtool_in endpoint; and __pgtool_lacks flag --show-password' -l show-password -d 'Print the password, too'
complete -c pgtool -n '__pgtool_in endpoint; and __pgtool_lacks flag --exec' -l exec -d 'Run the command that follows, with the variables set'
complete -c pgtool -n '__pgtool_in endpoint; and __pgtool_lacks value --format' -l format -r -f -a 'text json sarif junit github gitlab url shell dotenv' -d 'Form of the result: text, json, sarif, junit, github, gitlab, url, shell, dotenv'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks value --to' -l to -r -f -d 'Schema to move to; it is made when missing'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks value --from' -l from -r -f -d 'Schema to move from (default: public)'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks flag --plan' -l plan -d 'Print the plan and what objects to it; change nothing'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks flag --yes' -l yes -d 'Carry the plan out without asking'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks flag --verify' -l verify -d 'Check that everything is where it belongs'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks flag --undo' -l undo -d 'Go back: objects, paths, grants'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks flag --finish' -l finish -d 'Forget what --undo needs'
complete -c pgtool -n '__pgtool_in schema-move' -l only -r -f -d 'Move only names like this'
complete -c pgtool -n '__pgtool_in schema-move' -l exclude -r -f -d 'Leave names like this where they are'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks flag --tables-of-django' -l tables-of-django -d 'Move only the tables of the project\'s models'
complete -c pgtool -n '__pgtool_in schema-move' -l role -r -f -d 'Change the path of this role, too'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks flag --cluster-wide' -l cluster-wide -d 'Change paths for all databases, not for this one only'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks value --strategy' -l strategy -r -f -a 'expand pause offline' -d 'How requests are kept alive (default: expand): expand, pause, offline'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks flag --protect-old' -l protect-old -d 'Revoke CREATE on the old schema at the end'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks value --lock-timeout' -l lock-timeout -r -f -d 'Longest try at a lock (default: a bit over deadlock_timeout)'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks value --move-timeout' -l move-timeout -r -f -d 'How long one object is tried (default: 10m)'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks value --drain-timeout' -l drain-timeout -r -f -d 'How long old sessions are waited for (default: 10m)'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks value --pause-timeout' -l pause-timeout -r -f -d 'Longest pause of the pooler (default: 10s)'
complete -c pgtool -n '__pgtool_in schema-move; and __pgtool_lacks flag --terminate-stale' -l terminate-stale -d 'End idle old sessions; a request may fail by that'
complete -c pgtool -n '__pgtool_in schema-move' -l accept -r -f -a 'session schema-differs name-clash name-shadowed event-trigger missing-privilege default-privileges too-many-locks replicated-table path-set-by-client path-set-by-pooler path-not-seen no-path-leads-there path-changed not-in-place cluster-wide-undo function-names-schema function-path job-names-schema setting-names-schema database-path role-not-changed role-in-use quoted-db-table no-recycling hidden-sessions standby-sessions alias-not-examined' -d 'Go on with less proof: session, schema-differs, name-clash, name-shadowed, event-trigger, missing-privilege, default-privileges, too-many-locks, replicated-table, path-set-by-client, path-set-by-pooler, path-not-seen, no-path-leads-there, path-changed, not-in-place, cluster-wide-undo, function-names-schema, function-path, job-names-schema, setting-names-schema, database-path, role-not-changed, role-in-use, quoted-db-table, no-recycling, hidden-sessions, standby-sessions, alias-not-examined'
complete -c pgtool -n '__pgtool_in check; and __pgtool_lacks flag --fix' -l fix -d 'Write what is mechanical into pgbouncer.ini and .env'
complete -c pgtool -n '__pgtool_in check; and __pgtool_lacks flag -y --yes' -s y -l yes -d 'Do not ask before --fix writes'
complete -c pgtool -n '__pgtool_in check preflight lint' -l select -r -f -a 'statement-mode server-side-cursors search-path-option search-path-conflict startup-options-refused startup-options-ignored assume-role session-settings-on-connect server-side-binding persistent-connections driver-pool atomic-requests time-zone-round-trip direct-endpoint-missing direct-endpoint-unreachable direct-endpoint-is-pooled package-needs-session admin-is-application auth-file-readable auth-md5 auth-plain auth-trust config-broken config-deprecated-key config-inline-comment config-not-loaded config-unknown-key connect-query-settings idle-transaction-timeout known-vulnerability listen-all-addresses max-client-conn pool-exceeds-server query-timeout query-wait-timeout reset-query-always search-path-tracking server-lifetime tls-off transaction-timeout variable-not-read forced-user pair-not-compared unknown-alias lock-not-had invalid-index constraint-not-valid phantom-table second-django-migrations no-create-privilege schema-missing advisory-lock-stranded conflicting-migrations unrecorded-migration sequence-behind cached-plans disk-short name-clash name-shadowed event-trigger missing-privilege default-privileges too-many-locks replicated-table path-set-by-client path-set-by-pooler path-not-seen no-path-leads-there path-changed not-in-place cluster-wide-undo function-names-schema function-path job-names-schema setting-names-schema database-path role-not-changed role-in-use quoted-db-table no-recycling hidden-sessions standby-sessions alias-not-examined stale-path django-misses-table unapplied-migrations add-check-constraint add-column-auto-increment add-column-constant-default add-column-constrained-domain add-column-generated-stored add-column-volatile-default add-exclusion-constraint add-foreign-key add-primary-key add-unique-constraint alter-column-type alter-domain-add-constraint attach-partition-scan create-trigger-brief-lock detach-partition-not-concurrent drop-index-not-concurrent explicit-lock-table index-not-concurrent multiple-tables-locked refresh-matview-not-concurrent reindex-not-concurrent set-access-method set-logged-unlogged set-not-null set-tablespace statement-after-access-exclusive vacuum-full-cluster validate-in-same-transaction add-column-not-null-no-default concurrently-if-not-exists-invalid concurrently-in-transaction concurrently-unsupported-form enum-add-value-in-transaction invalid-syntax-or-unsupported partitioned-fk-not-valid conflicting-leaf-nodes iterator-outside-transaction runpython-mixed-with-schema runpython-model-import runpython-not-reversible runsql-not-reversible rename-column rename-table rename-enum-value rename-schema move-table-schema drop-column drop-view drop-not-null add-required-column-default-dropped drop-table drop-schema drop-database truncate truncate-cascade delete-without-where update-without-where disable-trigger drop-constraint opaque-dynamic-sql transaction-nesting uncommitted-transaction set-local-outside-transaction session-set-under-pooler set-role-under-pooler session-advisory-lock-under-pooler temp-table-under-pooler sql-prepare-under-pooler with-hold-cursor-under-pooler listen-under-pooler load-under-pooler discard-under-pooler currval-under-pooler' -d 'Judge by these rules only'
complete -c pgtool -n '__pgtool_in check preflight lint' -l ignore -r -f -a 'statement-mode server-side-cursors search-path-option search-path-conflict startup-options-refused startup-options-ignored assume-role session-settings-on-connect server-side-binding persistent-connections driver-pool atomic-requests time-zone-round-trip direct-endpoint-missing direct-endpoint-unreachable direct-endpoint-is-pooled package-needs-session admin-is-application auth-file-readable auth-md5 auth-plain auth-trust config-broken config-deprecated-key config-inline-comment config-not-loaded config-unknown-key connect-query-settings idle-transaction-timeout known-vulnerability listen-all-addresses max-client-conn pool-exceeds-server query-timeout query-wait-timeout reset-query-always search-path-tracking server-lifetime tls-off transaction-timeout variable-not-read forced-user pair-not-compared unknown-alias lock-not-had invalid-index constraint-not-valid phantom-table second-django-migrations no-create-privilege schema-missing advisory-lock-stranded conflicting-migrations unrecorded-migration sequence-behind cached-plans disk-short name-clash name-shadowed event-trigger missing-privilege default-privileges too-many-locks replicated-table path-set-by-client path-set-by-pooler path-not-seen no-path-leads-there path-changed not-in-place cluster-wide-undo function-names-schema function-path job-names-schema setting-names-schema database-path role-not-changed role-in-use quoted-db-table no-recycling hidden-sessions standby-sessions alias-not-examined stale-path django-misses-table unapplied-migrations add-check-constraint add-column-auto-increment add-column-constant-default add-column-constrained-domain add-column-generated-stored add-column-volatile-default add-exclusion-constraint add-foreign-key add-primary-key add-unique-constraint alter-column-type alter-domain-add-constraint attach-partition-scan create-trigger-brief-lock detach-partition-not-concurrent drop-index-not-concurrent explicit-lock-table index-not-concurrent multiple-tables-locked refresh-matview-not-concurrent reindex-not-concurrent set-access-method set-logged-unlogged set-not-null set-tablespace statement-after-access-exclusive vacuum-full-cluster validate-in-same-transaction add-column-not-null-no-default concurrently-if-not-exists-invalid concurrently-in-transaction concurrently-unsupported-form enum-add-value-in-transaction invalid-syntax-or-unsupported partitioned-fk-not-valid conflicting-leaf-nodes iterator-outside-transaction runpython-mixed-with-schema runpython-model-import runpython-not-reversible runsql-not-reversible rename-column rename-table rename-enum-value rename-schema move-table-schema drop-column drop-view drop-not-null add-required-column-default-dropped drop-table drop-schema drop-database truncate truncate-cascade delete-without-where update-without-where disable-trigger drop-constraint opaque-dynamic-sql transaction-nesting uncommitted-transaction set-local-outside-transaction session-set-under-pooler set-role-under-pooler session-advisory-lock-under-pooler temp-table-under-pooler sql-prepare-under-pooler with-hold-cursor-under-pooler listen-under-pooler load-under-pooler discard-under-pooler currval-under-pooler' -d 'Do not judge by these rules'
complete -c pgtool -n '__pgtool_in check preflight lint; and __pgtool_lacks value --baseline' -l baseline -r -F -d 'Object only to what this file does not list'
complete -c pgtool -n '__pgtool_in check preflight lint; and __pgtool_lacks flag --update-baseline' -l update-baseline -d 'Write what is found now into that file'
complete -c pgtool -n '__pgtool_in check preflight; and __pgtool_lacks flag --offline' -l offline -d 'Open no database: settings and files only'
complete -c pgtool -n '__pgtool_in check preflight' -l require -r -f -a 'live files django console' -d 'Fail when this could not be looked at: live, files, django, console'
complete -c pgtool -n '__pgtool_in lint; and __pgtool_lacks value --transaction' -l transaction -r -f -a 'file none' -d 'How files of SQL are run: as one transaction, or not: file, none'
complete -c pgtool -n '__pgtool_in lint; and __pgtool_lacks value --pool-mode' -l pool-mode -r -f -a 'transaction session statement none' -d 'The mode of the pooler that statements go through: transaction, session, statement, none'
complete -c pgtool -n '__pgtool_in lint; and __pgtool_lacks value --server-version' -l server-version -r -f -d 'The version of PostgreSQL that they run on'
complete -c pgtool -n '__pgtool_in lint' -l history -r -F -d 'SQL that ran before: types, checks, partitions'
complete -c pgtool -n '__pgtool_in lint' -l app -r -f -d 'Only migrations of this app, or this one'
complete -c pgtool -n '__pgtool_in lint; and __pgtool_lacks value --since' -l since -r -f -d 'Only files that changed after this git revision'
complete -c pgtool -n '__pgtool_in lint; and __pgtool_lacks flag --unapplied' -l unapplied -d 'Only migrations that the database has not got'
complete -c pgtool -n '__pgtool_in lint; and __pgtool_lacks flag --all-apps' -l all-apps -d 'Migrations of installed packages, too'
complete -c pgtool -n '__pgtool_in lint; and __pgtool_lacks flag --live' -l live -d 'Ask the database: sizes, types, constraints, pool mode'
complete -c pgtool -n '__pgtool_in lint; and __pgtool_lacks flag --timeline' -l timeline -d 'Tell which table stays locked how long'
complete -c pgtool -n '__pgtool_in lint; and __pgtool_lacks flag --calibrate' -l calibrate -d 'Measure how fast the server works, for --timeline'
complete -c pgtool -n '__pgtool_in lint; and __pgtool_lacks flag --migrations-only' -l migrations-only -d 'Leave the project\'s other source alone'
complete -c pgtool -n '__pgtool_in lint; and __pgtool_lacks flag --no-cache' -l no-cache -d 'Read everything anew, and keep nothing for later'
