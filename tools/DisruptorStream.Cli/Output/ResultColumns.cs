namespace DisruptorStream.Cli.Output;

/// <summary>The columns of each result beside those of the key and the aggregates.</summary>
internal static class ResultColumns
{
    /// <summary>The name of the query, where rows of several stand in one output.</summary>
    public const string Query = "query";

    public const string Pane = "pane";

    public const string Start = "window_start";

    public const string End = "window_end";

    public static readonly string[] Window = [Start, End, Pane];
}
