namespace DisruptorStream.Cli.Commands;

/// <summary>The examples of help: what somebody may want, and the line that does it.</summary>
internal static class Examples
{
    private static readonly (string Purpose, string Line)[] Run =
    [
        (
            "How many calls there were in each minute, as a table to read:",
            "dstream run calls.csv --time time --window tumbling:1m --aggregate count --output-format table"),
        (
            "Latencies of each model over five minutes, every ten seconds, with late events taken for 30 s:",
            """
            dstream run calls.csv --time time --key model --window sliding:5m/10s --out-of-orderness 2s \
              --lateness 30s --aggregate "count, avg(latency_ms) as mean, p95(latency_ms), max(latency_ms)"
            """),
        (
            "How fast tokens come, and how many calls of GPT models fail:",
            """
            dstream run calls.csv --time time --let 'speed = tokens / latency_ms * 1000' \
              --let 'failed = case when status >= 500 then 1 else 0 end' --where "model like 'gpt-%'" \
              --window tumbling:1m --aggregate "count, avg(speed), sum(failed) as errors, errors / count as error_rate"
            """),
        (
            "Visits: what each user did until he paused for half an hour, from lines of JSON:",
            """
            zcat visits.json.gz | dstream run - --format ndjson --time at --time-format unix-ms --key user \
              --window session:30m --aggregate "count, distinct(page), top(3, page)" --output-format ndjson
            """),
        (
            "Two questions, and the input is read once:",
            """
            dstream run calls.csv --time time --query "models: key=model; window=tumbling:1m; aggregate=count" \
              --query "errors: where=status >= 500; window=tumbling:5m; aggregate=count; output=errors.csv"
            """),
        (
            "One group for each of many files, replayed side by side:",
            """
            dstream run 'machines/*.csv' --time timestamp --key @file --window tumbling:6h \
              --aggregate "avg(value), stddev(value)" --output out.csv
            """),
    ];

    /// <summary>Those of a command, by its name; none for a command that needs none.</summary>
    public static IReadOnlyList<(string Purpose, string Line)> Of(string command) => command switch
    {
        "run" => Run,
        "explain" =>
        [
            (
                "What a sliding window of an hour with a percentile will keep:",
                "dstream explain calls.csv --time time --window sliding:1h/1m --aggregate \"p99(latency_ms)\""),
        ],
        "why" =>
        [
            (
                "Why most rows of a log are in no result:",
                "dstream why calls.csv --time time --window tumbling:10s --aggregate count"),
        ],
        "state" or "show" =>
        [
            ("What the directory of a durable processor holds:", "dstream state show state/calls"),
            ("The same for a program:", "dstream state show state/calls --json"),
        ],
        "plan" =>
        [
            (
                "What the new version of a program would do with the state of the old one:",
                "dstream state plan state/calls --plan calls.plan"),
            ("What plan the directory holds:", "dstream state plan state/calls"),
        ],
        "demo" =>
        [
            ("Half an hour of calls, at once:", "dstream demo"),
            ("A gateway to watch for a minute:", "dstream demo --live --seconds 60"),
        ],
        "completion" => [.. CompletionLines],
        _ =>
        [
            ("See it at work:", "dstream demo --live"),
            Run[0],
            ("All options of a command:", "dstream run --help"),
        ],
    };

    private static IEnumerable<(string Purpose, string Line)> CompletionLines =>
    [
        ("In this bash, or for all in ~/.bashrc:", "source <(dstream completion bash)"),
        ("In zsh, after compinit, in ~/.zshrc:", "source <(dstream completion zsh)"),
        ("In fish:", "dstream completion fish > ~/.config/fish/completions/dstream.fish"),
        ("In PowerShell, in $PROFILE:", "dstream completion pwsh | Out-String | Invoke-Expression"),
    ];
}
