namespace DisruptorStream.Cli.Output;

/// <summary>The columns of each result beside those of the key and the aggregates.</summary>
internal static class ResultColumns
{
    public const string Pane = "pane";

    public static readonly string[] Window = ["window_start", "window_end", Pane];
}
